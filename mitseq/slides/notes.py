"""The sections of the lecture's notes, in order; the slides are in deck.py.

Three authors wrote notes. Most sections tell a slide; the rest says what the
notes add. A passage without a heading in the notes is a row, too, under a name
of ours: `OURS`. What the notes say otherwise than it is stands in remarks.py.
"""

from mitseq.slides.deck import chapter, slide

# Names of passages that have no heading in the notes.
OURS = (
    "Where will the ball go next?",
    "The total loss",
    "Exploding and vanishing gradients",
    "Gates",
    "Attention",
    "A tag for each word",
    "Vanishing and exploding gradients",
)
NOTES = (
    chapter(
        "Notes: sequence models in two pages",
        slide(
            "Where will the ball go next?",
            "A network that sees one moment cannot know; a hidden state holds "
            "what came before.",
            like="Given an image of a ball, can you predict where it will go "
            "next?",
        ),
        slide(
            "The total loss",
            "The loss of each slice of time is computed, and the losses are "
            "summed.",
            figure="plots.next_word:plot_step_losses",
            tests="plots/next_word:the_stack_is_as_high_as_the_total",
            example="recurrence:total_loss",
            like="RNNs: Computational Graph Across Time",
        ),
        slide(
            "Design criteria of sequence models",
            "Any length, long-term dependencies, order, shared parameters.",
            like="Sequence Modeling: Design Criteria",
        ),
        slide(
            "Predict the next word",
            "The example from real life.",
            like="A Sequence Modeling Problem: Predict the Next Word",
        ),
        slide(
            "Encoding language for a Neural Network",
            "A vocabulary, an index for each word, a vector for each index; "
            "similar words lie together.",
            like="Encoding Language for a Neural Network",
        ),
        slide(
            "Exploding and vanishing gradients",
            "Many factors above 1, or many below 1.",
            like="Standard RNN Gradient Flow",
        ),
        slide(
            "Gates",
            "They add and remove information within each unit.",
            like="Gating Mechanisms in Neurons",
        ),
        slide(
            "Limitations of RNN",
            "Slow, not parallel, no long memory.",
            like="Limitations of Recurrent Models",
        ),
    ),
    chapter(
        "Notes: following along",
        slide(
            "Deep Sequence Modeling",
            "From one position a guess, from the positions before a "
            "prediction.",
            like="Given an image of a ball, can you predict where it will go "
            "next?",
        ),
        slide(
            "Sequence Modeling",
            "Instead of one input and one class, sequences.",
            like="Sequence Modeling Applications",
        ),
        slide(
            "Many to One",
            "Words in, one mood out.",
            like="Example Task: Sentiment Classification",
        ),
        slide(
            "One to Many",
            "An image in, words out.",
            like="RNNs for Sequence Modeling",
        ),
        slide(
            "Many to Many",
            "A sequence in, a sequence out.",
            like="RNNs for Sequence Modeling",
        ),
        slide(
            "Neurons with recurrence",
            "`prediction, hidden_state = my_rnn(word, hidden_state)`: the "
            "caller keeps the state.",
            tests="layers/my_rnn_cell:a_passed_state_leaves_the_kept_one_alone",
            like="Neurons with Recurrence",
        ),
        slide(
            "Recurrent Neural Networks (RNNs)",
            "The state is updated at each step, and the losses of the steps "
            "are summed.",
            like="RNN State Update and Output",
        ),
        slide(
            "RNNs from Scratch",
            "The printed code, line by line: what happens, and what works.",
            labs="04:run_all",
            tests="labs/04:every_printed_line_does_what_the_lab_says",
            like="RNNs from Scratch in TensorFlow",
        ),
        slide(
            "Design Criteria",
            "A recurrent network meets all four.",
            like="Sequence Modeling: Design Criteria",
        ),
        slide(
            "A Sequence modeling problem",
            "Given the words before, the next word; as one-hot vectors or as "
            "a learned embedding.",
            like="A Sequence Modeling Problem: Predict the Next Word",
        ),
        slide(
            "Backpropagation Through Time",
            "Back through the total loss, and from each step to all before it.",
            like="RNNs: Backpropagation Through Time",
        ),
        slide(
            "What are vanishing gradients?",
            "A product of many numbers between 0 and 1 is next to nothing.",
            like="The Problem of Long-Term Dependencies",
        ),
        slide(
            "Activation Functions",
            "A ReLU does not shrink the gradient of what is positive; what is "
            "negative it cuts.",
            code="layers.rnn:SimpleRNN",
            tests="layers/drop_in:a_program_does_the_same_with_our_layers",
            like="Standard RNN Gradient Flow: Vanishing Gradients",
        ),
        slide(
            "Parameter Initialization",
            "Started as the identity, the recurrent matrix passes the state "
            "on unchanged.",
            code="layers.rnn:SimpleRNNCell",
            tests="layers/recurrent:"
            "identity_initializer_reaches_every_recurrent_matrix",
            like="Standard RNN Gradient Flow: Vanishing Gradients",
        ),
        slide(
            "Gated Cells",
            "Forget, store, update, output: an open forget gate keeps the "
            "cell state.",
            code="layers.lstm:LSTMCell",
            tests="layers/lstm:open_forget_gate_keeps_the_cell_state",
            like="Gating Mechanisms in Neurons",
        ),
        slide(
            "Long Short Term Memory (LSTM) Networks",
            "Next to the hidden state runs a cell state, and the gradient "
            "flows along it.",
            like="Long Short Term Memory (LSTM) Networks",
        ),
        slide(
            "RNN Applications",
            "Music, moods, translation.",
            like="RNN Applications & Limitations",
        ),
        slide(
            "Music Generation",
            "The next character of a tune.",
            code="tasks.music.generate:generate_tunes",
            tests="tasks/music/generate:character_level",
            like="Example Task: Music Generation",
        ),
        slide(
            "Sentiment Classification",
            "A tweet in, its mood out.",
            like="Example Task: Sentiment Classification",
        ),
        slide(
            "Machine Translation",
            "An encoder's last state is all that the decoder gets.",
            code="tasks.translate.model:build_translation_model "
            "tasks.translate.model:load_translation_model "
            "tasks.translate.train:train_translation_model "
            "tasks.translate.translate:translate generation.beam:beam_search",
            labs="14:model_of 14:main",
            figure="tasks.translate.figures:plot_by_length",
            tests="tasks/translate/model:"
            "without_attention_the_context_vector_is_all_there_is "
            "tasks/translate/translate:"
            "most_words_of_unseen_sentences_are_right "
            "generation/beam:a_wide_beam_finds_the_best_of_all_sequences",
            example="attention:translation",
            anchor="translation",
        ),
        slide(
            "Attention",
            "Every state of the encoder is within the decoder's reach.",
            code="layers.cross_attention:AdditiveAttention "
            "layers.cross_attention:DotProductAttention "
            "layers.transformer_decoder:TransformerDecoderBlock",
            labs="14:main",
            figure="plots.attention:attention_heat_map",
            tests="layers/cross_attention:additive_equals_the_equations "
            "layers/transformer_decoder:whole_block_equals_token_by_token "
            "tasks/translate/evaluation:the_alignment_is_learned_and_judged",
            example="attention:alignment",
            anchor="cross-attention",
        ),
    ),
    chapter(
        "Notes: the lesson",
        slide(
            "Sequence Models",
            "The same words in another order mean something else.",
            like="Capture Differences in Sequence Order",
        ),
        slide(
            "Recurrent Neural Networks",
            "The hidden state is a memory of fixed size of all that was read.",
            like="Recurrent Neural Networks (RNNs)",
        ),
        slide(
            "A tag for each word",
            "An output y_t at every step: the part of speech of each word.",
            code="tasks.tag.model:build_tag_model "
            "tasks.tag.model:load_tag_model tasks.tag.train:train_tag_model "
            "tasks.tag.predict:tag_words",
            labs="15:main",
            figure="tasks.tag.figures:plot_tags",
            tests="pretrained/tag:everyday_sentences_are_tagged_rightly "
            "tasks/tag/model:"
            "two_directions_see_what_comes_later_and_one_does_not",
            example="applications:tags",
            anchor="tagging",
        ),
        slide(
            "Vanishing and exploding gradients",
            "An eigenvalue below 1 or above 1, to the power of the length; "
            "clipping cures one of the two.",
            like="Standard RNN Gradient Flow",
        ),
        slide(
            "Limits That Motivated What Came Next",
            "A container of fixed size, and one step after the other; yet for "
            "a stream recurrence stays practical.",
            like="Limitations of Recurrent Models",
        ),
        slide(
            "Trace the Hidden State by Hand",
            "One unit, weights of a half: the first word counts less at each "
            "step.",
            code="by_hand.trace:trace_by_hand",
            labs="01:traces_of",
            figure="plots.trace:plot_trace",
            tests="by_hand/trace:the_notes_example_in_exact_fractions",
            example="recurrence:trace",
            anchor="trace",
        ),
    ),
)
