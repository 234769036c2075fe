"""What to see in the figure of each example, in one sentence.

It belongs to the figure: whoever draws another one says here what it shows.
"""

SEEN = {
    "recurrence:ball": "The model's path lies on the true one, bounces "
    "included, and the error grows with each step ahead.",
    "recurrence:wild": "On the left each sequence in its order, on the right "
    "the same values shuffled: what it was is gone.",
    "recurrence:patterns": "Where blue boxes enter and orange ones leave is "
    "all that tells the tasks apart; an orange line leads an output back in.",
    "recurrence:same_function_at_every_step": "The input is there in the first "
    "column only, and the state goes on changing without it.",
    "recurrence:perceptron_learns": "The white band where the output is one "
    "half has moved between the two clouds while the loss fell.",
    "recurrence:feed_forward_forgets": "From step 5 on both inputs are the "
    "same: on the left nothing is left of the difference, on the right the "
    "state still tells the two pasts apart.",
    "recurrence:next_word": "The state still knows “love” and says "
    "“networks!”, though no training had the sentence; after “neural” alone "
    "any of four words may come.",
    "recurrence:state_update": "Two products are added, the tanh of the sum "
    "is the new state, and that times its matrix is the output.",
    "recurrence:total_loss": "Each bar on the left is one step's loss; stacked "
    "on the right they are the total, and training makes all of them small.",
    "recurrence:three_forms": "One map for all: the layers and the loop agree "
    "in every bit, and 64 bits move it by the rounding of a float32.",
    "recurrence:captions": "Below each picture is what the network says of "
    "it; a frame marks a wrong sentence, with the right one below.",
    "criteria:shared_parameters": "The recurrence needs the same number of "
    "weights for any length; a dense network needs more for each step.",
    "criteria:lecture_completed": "The model's bar is at one word of each "
    "sentence, the bigram's are spread; no training text had the sentence.",
    "criteria:words_to_vectors": "Rows of one kind look alike, and on the "
    "right they make dark blocks: animals, activities, places.",
    "criteria:similar_words": "Words of one kind lie together, and nobody told "
    "the network the kinds.",
    "criteria:variable_length": "Three sentences of different lengths, one "
    "layer: a column for each word, and always six units.",
    "criteria:long_term": "The first of 40 inputs counts next to nothing in "
    "the SimpleRNN, over a hundred times more in the LSTM.",
    "criteria:order": "The columns are gray until the first word that differs, "
    "and stay colored to the last: the state knows the order.",
    "gradients:backpropagation": "What reaches an early state comes mostly "
    "from later steps, each of them through one more factor; a way back that "
    "is cut gives another derivative.",
    "gradients:linear_flow": "On a logarithmic axis three straight lines: one "
    "up, one level, one down, as the size of W_hh is above, at or below 1.",
    "gradients:exploding": "The lowest line falls though its radius is above "
    "1; on the right no step that is used is larger than the bound.",
    "gradients:vanishing": "On the left only ReLU with the identity stays "
    "near 1; on the right the GRU does so once it has learned to remember.",
    "gradients:long_term": "The SimpleRNN's line falls after a step or two, "
    "the GRU's only far beyond what the training had.",
    "gradients:gates": "The store gate is open widest at the symbol; later the "
    "forget gate stays open and the rows of the cell state keep their color.",
    "applications:music": "Each block is a note, its height the pitch and its "
    "width the duration, and phrases come back.",
    "applications:sentiment": "The longer a bar to the right, the more the "
    "word speaks for the answer, here the bad review's words in their order.",
    "applications:tags": "In each column one tag has the probability: a "
    "decision for each word.",
    "applications:limits": "On the left the recurrence's line is level, one "
    "state for any length; on the right reading takes the longer, the longer "
    "the sequence is.",
    "attention:search": "The key most like the query gets nearly all of the "
    "attention, so its value, on the right, is what comes out.",
    "attention:weighting": "On the left rows sum to 1, 1.5 or 2, so they are "
    "no softmax; on the right each sums to 1, and words that tell each other "
    "find each other.",
    "attention:beyond_text": "The dark words are the motif itself and its "
    "mutated copy far away.",
    "attention:translation": "For each word it writes, the decoder looks at "
    "the word it translates, and the order may change.",
    "attention:alignment": "The bright cells lead from each French word to its "
    "English one, across the change of order.",
    "recurrence:computational_graph": "The three colored matrices are the "
    "same at every step; each step has its loss, and above is their sum.",
    "applications:goal": "Each column has an orange cell: nobody is parallel, "
    "small, far-sighted and good for a stream at once.",
    "applications:reach": "The Transformer's line is level, the recurrences' "
    "fall with each step back.",
    "applications:summary": "On the left the numbers fade from right to left; "
    "on the right the dark cells stand wherever a word chose.",
    "attention:heads": "In the row of “tennis” the bright cell lies elsewhere "
    "in each map; in others both heads agree, about half of their attention is "
    "common.",
    "recurrence:trace": "With 0.9 a third of the first word is left in the "
    "last state, with 0.5 next to nothing.",
}


def seen_in(example: str) -> str:
    """Returns what to see in the figure of an example, `"module:name"`.

    Example:

    >>> seen_in("mitseq.slides.attention:search")[:40]
    'The key most like the query gets nearly '
    """
    return SEEN[example.removeprefix("mitseq.slides.")] if example else ""
