"""The sections of the lecture's notes, in order; the slides are in deck.py.

Three authors wrote notes. Most sections tell a slide; the rest says what the
notes add.
"""

from mitseq.slides.deck import Chapter, Slide

NOTES = (
    Chapter(
        "Notes: sequence models in two pages",
        (
            Slide(
                "Where will the ball go next?",
                "A network that sees one moment cannot know; a hidden state "
                "holds what came before.",
                like="Given an image of a ball, can you predict where it will "
                "go next?",
            ),
            Slide(
                "The total loss",
                "The loss of each slice of time is computed, and the losses "
                "are summed.",
                like="RNNs: Computational Graph Across Time",
            ),
            Slide(
                "Design criteria of sequence models",
                "Any length, long-term dependencies, order, shared parameters.",
                like="Sequence Modeling: Design Criteria",
            ),
            Slide(
                "Predict the next word",
                "The example from real life.",
                like="A Sequence Modeling Problem: Predict the Next Word",
            ),
            Slide(
                "Encoding language for a Neural Network",
                "A vocabulary, an index for each word, a vector for each "
                "index; similar words lie together.",
                like="Encoding Language for a Neural Network",
            ),
            Slide(
                "Exploding and vanishing gradients",
                "Many factors above 1, or many below 1.",
                like="Standard RNN Gradient Flow",
            ),
            Slide(
                "Gates",
                "They add and remove information within each unit.",
                like="Gating Mechanisms in Neurons",
            ),
            Slide(
                "Limitations of RNN",
                "Slow, not parallel, no long memory.",
                like="Limitations of Recurrent Models",
            ),
        ),
    ),
    Chapter(
        "Notes: following along",
        (
            Slide(
                "Deep Sequence Modeling",
                "From one position a guess, from the positions before a "
                "prediction.",
                like="Given an image of a ball, can you predict where it will "
                "go next?",
            ),
            Slide(
                "Sequence Modeling",
                "Instead of one input and one class, sequences.",
                like="Sequence Modeling Applications",
            ),
            Slide(
                "Many to One",
                "Words in, one mood out.",
                like="Example Task: Sentiment Classification",
            ),
            Slide(
                "One to Many",
                "An image in, words out.",
                like="RNNs for Sequence Modeling",
                missing=("image captioning",),
            ),
            Slide(
                "Many to Many",
                "A sequence in, a sequence out.",
                like="RNNs for Sequence Modeling",
            ),
            Slide(
                "Neurons with recurrence",
                "`prediction, hidden_state = my_rnn(word, hidden_state)`: the "
                "caller keeps the state.",
                tests=(
                    "layers/test_my_rnn_cell.py:"
                    "test_a_passed_state_leaves_the_kept_one_alone",
                ),
                like="Neurons with Recurrence",
            ),
            Slide(
                "Recurrent Neural Networks (RNNs)",
                "The state is updated at each step, and the losses of the "
                "steps are summed.",
                like="RNN State Update and Output",
            ),
            Slide(
                "RNNs from Scratch",
                "The printed code, line by line: what happens, and what works.",
                labs=("04_slides_code_as_printed:run_all",),
                tests=(
                    "labs/test_04_slides_code_as_printed.py:"
                    "test_every_printed_line_does_what_the_lab_says",
                ),
                like="RNNs from Scratch in TensorFlow",
            ),
            Slide(
                "Design Criteria",
                "A recurrent network meets all four.",
                like="Sequence Modeling: Design Criteria",
            ),
            Slide(
                "A Sequence modeling problem",
                "Given the words before, the next word; as one-hot vectors or "
                "as a learned embedding.",
                like="A Sequence Modeling Problem: Predict the Next Word",
            ),
            Slide(
                "Backpropagation Through Time",
                "Back through the total loss, and from each step to all "
                "before it.",
                like="RNNs: Backpropagation Through Time",
            ),
            Slide(
                "What are vanishing gradients?",
                "A product of many numbers between 0 and 1 is next to nothing.",
                like="The Problem of Long-Term Dependencies",
            ),
            Slide(
                "Activation Functions",
                "A ReLU does not shrink the gradient of what is positive.",
                code=("mitseq.layers.rnn:SimpleRNN",),
                tests=(
                    "layers/test_rnn.py:test_other_activations_equal_keras",
                ),
                like="Standard RNN Gradient Flow: Vanishing Gradients",
            ),
            Slide(
                "Parameter Initialization",
                "Started as the identity, the recurrent matrix passes the "
                "state on unchanged.",
                code=("mitseq.layers.rnn:SimpleRNNCell",),
                tests=(
                    "layers/test_recurrent.py:"
                    "test_identity_initializer_reaches_every_recurrent_matrix",
                ),
                like="Standard RNN Gradient Flow: Vanishing Gradients",
            ),
            Slide(
                "Gated Cells",
                "Forget, store, update, output: an open forget gate keeps the "
                "cell state.",
                code=("mitseq.layers.lstm:LSTMCell",),
                tests=(
                    "layers/test_lstm.py:"
                    "test_open_forget_gate_keeps_the_cell_state",
                ),
                like="Gating Mechanisms in Neurons",
            ),
            Slide(
                "Long Short Term Memory (LSTM) Networks",
                "Next to the hidden state runs a cell state, and the gradient "
                "flows along it.",
                like="Long Short Term Memory (LSTM) Networks",
            ),
            Slide(
                "RNN Applications",
                "Music, moods, translation.",
                missing=("machine translation",),
                like="RNN Applications & Limitations",
            ),
            Slide(
                "Music Generation",
                "The next character of a tune.",
                code=("mitseq.tasks.music.generate:generate_tunes",),
                tests=("tasks/music/test_generate.py:test_character_level",),
                like="Example Task: Music Generation",
            ),
            Slide(
                "Sentiment Classification",
                "A tweet in, its mood out.",
                like="Example Task: Sentiment Classification",
            ),
            Slide(
                "Machine Translation",
                "An encoder's last state is all that the decoder gets.",
                missing=("machine translation",),
            ),
            Slide(
                "Attention",
                "Every state of the encoder is within the decoder's reach.",
                code=(
                    "mitseq.layers.cross_attention:AdditiveAttention",
                    "mitseq.layers.cross_attention:DotProductAttention",
                ),
                figure="mitseq.plots.attention:attention_heat_map",
                tests=(
                    "layers/test_cross_attention.py:"
                    "test_additive_equals_the_equations",
                ),
                example="mitseq.slides.attention:alignment",
                anchor="cross-attention",
            ),
        ),
    ),
    Chapter(
        "Notes: the lesson",
        (
            Slide(
                "Sequence Models",
                "The same words in another order mean something else.",
                like="Capture Differences in Sequence Order",
            ),
            Slide(
                "Recurrent Neural Networks",
                "The hidden state is a memory of fixed size of all that was "
                "read.",
                like="Recurrent Neural Networks (RNNs)",
            ),
            Slide(
                "Vanishing and exploding gradients",
                "An eigenvalue below 1 or above 1, to the power of the "
                "length; clipping cures one of the two.",
                like="Standard RNN Gradient Flow",
            ),
            Slide(
                "Limits That Motivated What Came Next",
                "A container of fixed size, and one step after the other; yet "
                "for a stream recurrence stays practical.",
                like="Limitations of Recurrent Models",
            ),
            Slide(
                "Trace the Hidden State by Hand",
                "One unit, weights of a half: the first word counts less at "
                "each step.",
                code=("mitseq.by_hand.trace:trace_by_hand",),
                labs=("01_trace_by_hand:traces_of",),
                figure="mitseq.plots.trace:plot_trace",
                tests=(
                    "by_hand/test_trace.py:"
                    "test_the_notes_example_in_exact_fractions",
                ),
                example="mitseq.slides.recurrence:trace",
                anchor="trace",
            ),
        ),
    ),
)
