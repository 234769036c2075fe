"""What to see in the figure of each example, in one sentence.

It belongs to the figure: whoever draws another one says here what it shows.
"""

SEEN = {
    "recurrence:ball": "The model's path lies on the true one, bounces "
    "included, and the error grows with each step ahead.",
    "recurrence:wild": "On the left each sequence in its order, on the right "
    "the same values shuffled: what it was is gone.",
    "recurrence:patterns": "Where blue boxes enter and orange ones leave is "
    "all that tells the tasks apart; a dashed box is an output read again.",
    "recurrence:same_function_at_every_step": "The input is there in the first "
    "column only, and the state goes on changing without it.",
    "recurrence:perceptron_learns": "The white band where the output is one "
    "half has moved between the two clouds while the loss fell.",
    "recurrence:feed_forward_forgets": "From step 5 on both inputs are the "
    "same: on the left nothing is left of the difference, on the right the "
    "state still tells the two pasts apart.",
    "recurrence:next_word": "In each column one word has all the probability: "
    "the next word of the sentence that was learned.",
    "recurrence:state_update": "Follow the numbers from left to right: input "
    "and old state, each through its matrix, make the new state, and that "
    "makes the output.",
    "recurrence:total_loss": "Each bar on the left is one step's loss; stacked "
    "on the right they are the total, and training makes all of them small.",
    "recurrence:three_forms": "The three maps are the same map: a loop by "
    "hand, our layer and Keras's, with the same weights.",
    "recurrence:captions": "Below each picture is what the network says of "
    "it; a frame marks a wrong sentence, with the right one below.",
    "criteria:shared_parameters": "The recurrence needs the same number of "
    "weights for any length; a dense network needs more for each step.",
    "criteria:lecture_completed": "The longest bar below each sentence is its "
    "next word, though no training text had the sentence.",
    "criteria:words_to_vectors": "On the left a word is a column with a single "
    "one, on the right a short vector of numbers.",
    "criteria:similar_words": "Words of one kind lie together, and nobody told "
    "the network the kinds.",
    "criteria:variable_length": "Three sentences of different lengths, one "
    "layer: a column for each word, and always six units.",
    "criteria:long_term": "Over more and more steps the SimpleRNN's line falls "
    "below the LSTM's: the last state owes less and less to the first input.",
    "criteria:order": "The columns are gray until the first word that differs, "
    "and stay colored to the last: the state knows the order.",
    "gradients:backpropagation": "What reaches an early state comes mostly "
    "from later steps, each of them through one more factor; a way back that "
    "is cut gives another derivative.",
    "gradients:linear_flow": "On a logarithmic axis three straight lines: one "
    "up, one level, one down, as the size of W_hh is above, at or below 1.",
    "gradients:exploding": "With larger recurrent weights the gradient grows "
    "by orders of magnitude on its way back; with the smallest it shrinks.",
    "gradients:vanishing": "Before training, ReLU with identity loses least on "
    "the way back; tanh, ReLU alone and the GRU fall to almost nothing.",
    "gradients:long_term": "Near by both networks answer rightly; far away "
    "only the GRU still does.",
    "gradients:gates": "The store gate is open widest at the symbol; later the "
    "forget gate stays open and the rows of the cell state keep their color.",
    "applications:music": "Each block is a note, its height the pitch and its "
    "width the duration, and phrases come back.",
    "applications:sentiment": "The longer a bar to the right, the more the "
    "word speaks for the answer, here the bad review's words in their order.",
    "applications:tags": "In each column one tag has the probability: a "
    "decision for each word.",
    "applications:limits": "The time of both grows with the length: the "
    "recurrence makes one step after the other, attention fills a table of "
    "T times T.",
    "applications:heads": "The bright cells lie elsewhere in each map: every "
    "head looks for something else.",
    "attention:search": "A key that is more similar to the query gets nearly "
    "all of the attention.",
    "attention:weighting": "The diagonal is bright, and next to it the words "
    "that belong together: tennis and serve, tossed and ball.",
    "attention:beyond_text": "The dark words are the motif itself and its "
    "mutated copy far away.",
    "attention:translation": "For each word it writes, the decoder looks at "
    "the word it translates, and the order may change.",
    "attention:alignment": "The bright cells lead from each French word to its "
    "English one, across the change of order.",
    "recurrence:trace": "With 0.9 a third of the first word is left in the "
    "last state, with 0.5 next to nothing.",
}


def seen_in(example: str) -> str:
    """Returns what to see in the figure of an example, `"module:name"`.

    Example:

    >>> seen_in("mitseq.slides.attention:search")[:40]
    'A key that is more similar to the query '
    """
    return SEEN[example.removeprefix("mitseq.slides.")] if example else ""
