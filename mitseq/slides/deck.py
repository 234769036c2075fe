"""The lecture in order, slide by slide: the one list that says what is where.

`mitseq slides` reads it, and `make slides` writes the tables of docs/slides.md
from it. References are text, `"module:name"`, so that reading the list imports
nothing; tests/test_docs.py checks that each of them exists. The sections of
the notes are in notes.py.
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Slide:
    """One titled slide, or one section of the notes.

    Args:
        title: As it stands on the slide.
        idea: What it says, in one sentence.
        code: The classes and functions that are the idea, `"module:name"`.
        labs: Where it is used, `"lab:function"` or `"lab"`.
        figure: The function that draws it, `"module:name"`.
        tests: What shows that it holds, `"file:test"` below tests/.
        example: A function that runs the idea in seconds, prints what it
            finds and returns the figure, `"module:name"`.
        missing: What of it is not built yet, by name.
        anchor: Name to link to in docs/slides.md.
        like: For a section of the notes: the title of the slide that it
            tells. What is empty here is as there.
    """

    title: str
    idea: str
    code: tuple[str, ...] = ()
    labs: tuple[str, ...] = ()
    figure: str = ""
    tests: tuple[str, ...] = ()
    example: str = ""
    missing: tuple[str, ...] = ()
    anchor: str = ""
    like: str = ""


@dataclasses.dataclass(frozen=True)
class Chapter:
    """Slides that stand together.

    Args:
        title: Heading of the table.
        slides: Its rows, in order.
    """

    title: str
    slides: tuple[Slide, ...]


# Number and name of each lab, in the order of the lecture.
LABS = {
    "01_trace_by_hand": "where will the ball go next; a hidden state traced "
    "by hand",
    "02_recurrence_from_scratch": "the recurrence from scratch: the slide's "
    "loop, the notes' loop and `fit`",
    "03_design_criteria": "any length, long memory, order, shared parameters: "
    "each as an experiment",
    "04_slides_code_as_printed": "what each printed line does today, and the "
    "line that works",
    "05_backpropagation_through_time": "every derivative by hand, checked "
    "against the tape; the way back cut",
    "06_vanishing_and_exploding_gradients": "the product of the factors "
    "measured; how far each cure remembers",
    "07_inside_a_cell": "gates and states over a sequence; which unit follows "
    "the bar line",
    "08_music_generation": "a network that writes folk tunes",
    "09_sentiment": "what does the writer think of it? Counting words against "
    "reading them, and the reasons",
    "10_self_attention": "attention is a search; the table of a sentence",
    "11_recurrence_or_attention": "the design table of the lecture, measured",
    "12_attention_beyond_text": "patches of images and letters of DNA",
}

DECK = (
    Chapter(
        "Neurons with recurrence",
        (
            Slide(
                "Given an image of a ball, can you predict where it will go "
                "next?",
                "From one picture it is a guess; from several, a prediction.",
                code=(
                    "mitseq.by_hand.ball:ball_paths",
                    "mitseq.by_hand.ball:from_two_positions",
                ),
                labs=("01_trace_by_hand:build_model",),
                figure="mitseq.plots.ball:plot_ball",
                tests=(
                    "by_hand/test_ball.py:"
                    "test_two_positions_are_enough_away_from_walls",
                ),
                example="mitseq.slides.recurrence:ball",
                anchor="ball",
            ),
            Slide(
                "Sequences in the Wild",
                "Sound, text, prices, proteins: order matters nearly "
                "everywhere.",
                code=(
                    "mitseq.by_hand.wild:sequences_in_the_wild",
                    "mitseq.by_hand.wild:neighbors",
                ),
                labs=("01_trace_by_hand:order_in_the_wild",),
                figure="mitseq.plots.sequences:plot_sequences",
                tests=(
                    "by_hand/test_wild.py:"
                    "test_shuffled_they_are_no_longer_what_they_were",
                ),
                example="mitseq.slides.recurrence:wild",
                anchor="wild",
            ),
            Slide(
                "Sequence Modeling Applications",
                "One or many in, one or many out: music and sentiment are "
                "here.",
                code=("mitseq.tasks.music.model:build_music_model",),
                labs=("08_music_generation",),
                figure="mitseq.plots.patterns:plot_patterns",
                tests=(
                    "tasks/music/test_model.py:"
                    "test_the_past_decides_and_the_future_does_not",
                ),
                example="mitseq.slides.recurrence:patterns",
                missing=(
                    "image captioning",
                    "machine translation",
                    "tagging",
                    "forecasting",
                    "next word prediction as a command",
                ),
                anchor="applications",
            ),
            Slide(
                "Neurons with Recurrence",
                "The output depends on the input of this step and on a memory "
                "of the steps before.",
                code=("mitseq.layers.my_rnn_cell:MyRNNCell",),
                labs=(
                    "02_recurrence_from_scratch:slide_loop",
                    "01_trace_by_hand:build_model",
                ),
                figure="mitseq.plots.states:plot_states",
                tests=(
                    "layers/test_my_rnn_cell.py:"
                    "test_state_is_kept_between_calls_until_reset",
                ),
                example="mitseq.slides.recurrence:same_function_at_every_step",
                anchor="recurrence",
            ),
            Slide(
                "The Perceptron Revisited",
                "One neuron: a weighted sum through a non-linearity.",
                code=("mitseq.layers.perceptron:perceptron",),
                labs=("01_trace_by_hand:perceptrons_in_a_layer",),
                figure="mitseq.plots.perceptron:plot_perceptron",
                tests=(
                    "layers/test_perceptron.py:"
                    "test_perceptron_equals_the_slides_sum",
                ),
                example="mitseq.slides.recurrence:perceptron_learns",
                anchor="perceptron",
            ),
            Slide(
                "Feed-Forward Networks Revisited",
                "Many of them: one input in, one output out.",
                code=("mitseq.layers.perceptron:feed_forward",),
                labs=("01_trace_by_hand:perceptrons_in_a_layer",),
                figure="mitseq.plots.states:plot_states",
                tests=(
                    "layers/test_perceptron.py:"
                    "test_feed_forward_equals_two_dense_layers_of_keras",
                ),
                example="mitseq.slides.recurrence:feed_forward_forgets",
            ),
            Slide(
                "Handling Individual Time Steps",
                "The same network on each step alone has no memory.",
                code=("mitseq.layers.perceptron:feed_forward",),
                labs=("01_trace_by_hand:build_model",),
                figure="mitseq.plots.states:plot_states",
                tests=(
                    "layers/test_perceptron.py:"
                    "test_individual_steps_have_no_memory_and_a_recurrence_has",
                ),
                example="mitseq.slides.recurrence:feed_forward_forgets",
            ),
            Slide(
                "Recurrent Neural Networks (RNNs)",
                "One function with one set of weights is applied at every "
                "step.",
                code=("mitseq.layers.rnn:rnn_step",),
                labs=(
                    "02_recurrence_from_scratch:slide_loop",
                    "01_trace_by_hand:traces_of",
                ),
                figure="mitseq.plots.states:plot_states",
                tests=(
                    "layers/test_my_rnn_cell.py:"
                    "test_my_rnn_cell_equals_simple_rnn_cell_and_rnn_step",
                ),
                example="mitseq.slides.recurrence:same_function_at_every_step",
            ),
            Slide(
                "RNN Intuition",
                "A loop over the words hands the hidden state on, and the "
                "last prediction is the next word.",
                code=("mitseq.layers.my_rnn_cell:MyRNNCell",),
                labs=(
                    "02_recurrence_from_scratch:notes_loop",
                    "02_recurrence_from_scratch:predict_next_word",
                ),
                figure="mitseq.plots.next_word:plot_next_words",
                tests=(
                    "layers/test_my_rnn_cell.py:"
                    "test_the_notes_list_of_zeros_is_a_hidden_state",
                ),
                example="mitseq.slides.recurrence:next_word",
            ),
            Slide(
                "RNN State Update and Output",
                "The new state is the tanh of input and old state, each times "
                "its matrix.",
                code=(
                    "mitseq.layers.rnn:rnn_step",
                    "mitseq.layers.rnn:SimpleRNNCell",
                ),
                labs=(
                    "02_recurrence_from_scratch:largest_differences",
                    "01_trace_by_hand:traces_of",
                ),
                figure="mitseq.plots.step:plot_step",
                tests=(
                    "layers/test_rnn.py:"
                    "test_rnn_step_equals_the_slides_equation",
                ),
                example="mitseq.slides.recurrence:state_update",
                anchor="rnn",
            ),
            Slide(
                "RNNs: Computational Graph Across Time",
                "Unrolled, the same matrices stand at every step, and the "
                "losses of the steps are summed.",
                code=(
                    "mitseq.layers.rnn:SimpleRNN",
                    "mitseq.layers.recurrent:RecurrentLayer",
                ),
                labs=(
                    "02_recurrence_from_scratch:train",
                    "03_design_criteria:total_loss",
                ),
                figure="mitseq.plots.losses:plot_step_losses",
                tests=(
                    "layers/test_recurrent.py:"
                    "test_layer_equals_its_cell_step_by_step",
                ),
                example="mitseq.slides.recurrence:total_loss",
            ),
            Slide(
                "RNNs from Scratch in TensorFlow",
                "A layer of three weight matrices and a hidden state.",
                code=("mitseq.layers.my_rnn_cell:MyRNNCell",),
                labs=(
                    "04_slides_code_as_printed:run_all",
                    "02_recurrence_from_scratch:slide_loop",
                ),
                figure="mitseq.plots.states:plot_states",
                tests=("layers/test_my_rnn_cell.py:test_three_callers_agree",),
                example="mitseq.slides.recurrence:three_forms",
            ),
            Slide(
                "RNN Implementation: TensorFlow & PyTorch",
                "In practice it is one line.",
                code=("mitseq.layers.rnn:SimpleRNN",),
                labs=(
                    "02_recurrence_from_scratch:largest_differences",
                    "04_slides_code_as_printed:run_all",
                ),
                figure="mitseq.plots.states:plot_states",
                tests=(
                    "layers/test_recurrent.py:"
                    "test_outputs_states_and_gradients_equal_keras",
                ),
                example="mitseq.slides.recurrence:three_forms",
            ),
            Slide(
                "RNNs for Sequence Modeling",
                "Many to one keeps the last output, many to many all of them.",
                code=("mitseq.layers.recurrent:RecurrentLayer",),
                labs=("08_music_generation",),
                figure="mitseq.plots.patterns:plot_patterns",
                tests=(
                    "layers/test_recurrent.py:"
                    "test_last_output_equals_keras_without_sequences",
                ),
                example="mitseq.slides.recurrence:patterns",
                missing=("image captioning", "translation", "forecasting"),
            ),
        ),
    ),
    Chapter(
        "Design criteria",
        (
            Slide(
                "Sequence Modeling: Design Criteria",
                "Any length, long memory, order, shared weights: one "
                "recurrence has all four.",
                code=("mitseq.layers.recurrent:RecurrentLayer",),
                labs=("03_design_criteria:main",),
                figure="mitseq.plots.criteria:plot_by_length",
                tests=(
                    "layers/test_recurrent.py:"
                    "test_unknown_batch_and_steps_in_one_graph",
                ),
                example="mitseq.slides.criteria:shared_parameters",
            ),
            Slide(
                "A Sequence Modeling Problem: Predict the Next Word",
                '"This morning I took my cat for a ..."',
                code=("mitseq.layers.my_rnn_cell:MyRNNCell",),
                labs=("02_recurrence_from_scratch:predict_next_word",),
                figure="mitseq.plots.next_word:plot_next_words",
                tests=(
                    "labs/test_02_recurrence_from_scratch.py:"
                    "test_last_words_and_the_notes_sentence_come_out_right",
                ),
                example="mitseq.slides.criteria:cat_for_a_walk",
            ),
            Slide(
                "Representing Language to a Neural Network",
                "A network takes numbers, so text becomes numbers and comes "
                "back unchanged.",
                code=("mitseq.text.vocabulary:Vocabulary",),
                labs=(
                    "02_recurrence_from_scratch:word_index",
                    "08_music_generation:most_frequent",
                ),
                figure="mitseq.plots.states:plot_states",
                tests=(
                    "text/test_vocabulary.py:"
                    "test_from_texts_tokens_decodes_to_the_same_text",
                ),
                example="mitseq.slides.criteria:words_to_vectors",
            ),
            Slide(
                "Encoding Language for a Neural Network",
                "A vocabulary gives each token an index, an embedding gives "
                "each index a vector.",
                code=(
                    "mitseq.text.vocabulary:Vocabulary",
                    "mitseq.layers.embedding:VocabularyEmbedding",
                ),
                labs=(
                    "02_recurrence_from_scratch:encode",
                    "08_music_generation:build_model",
                ),
                figure="mitseq.plots.states:plot_states",
                tests=(
                    "layers/test_embedding.py:test_output_is_the_row_of_the_id",
                ),
                example="mitseq.slides.criteria:words_to_vectors",
                anchor="encoding",
            ),
            Slide(
                "Handle Variable Sequence Lengths",
                "Short sequences are filled up, and what fills them counts "
                "for nothing.",
                code=(
                    "mitseq.layers.recurrent:RecurrentLayer",
                    "mitseq.tasks.music.rows:pack_rows",
                ),
                labs=("03_design_criteria:variable_length",),
                figure="mitseq.plots.states:plot_states",
                tests=(
                    "layers/test_recurrent.py:"
                    "test_what_stands_at_masked_steps_does_not_matter",
                ),
                example="mitseq.slides.criteria:variable_length",
            ),
            Slide(
                "Model Long-Term Dependencies",
                "What was read first may decide what comes last.",
                code=("mitseq.layers.lstm:LSTM",),
                labs=("03_design_criteria:long_term",),
                figure="mitseq.plots.criteria:plot_by_length",
                tests=(
                    "layers/test_recurrent.py:"
                    "test_first_input_reaches_the_last_state",
                ),
                example="mitseq.slides.criteria:long_term",
            ),
            Slide(
                "Capture Differences in Sequence Order",
                "The same words in another order are another sentence.",
                code=("mitseq.layers.rnn:SimpleRNN",),
                labs=("03_design_criteria:order",),
                figure="mitseq.plots.states:plot_states",
                tests=(
                    "slides/test_criteria.py:"
                    "test_a_bag_of_words_cannot_tell_the_two_reviews_apart",
                ),
                example="mitseq.slides.criteria:order",
                anchor="order",
            ),
        ),
    ),
    Chapter(
        "Backpropagation through time",
        (
            Slide(
                "Backpropagation Through Time (BPTT)",
                "A recurrent layer is trained by a backward pass over all of "
                "its steps.",
                code=("mitseq.layers.recurrent:RecurrentLayer",),
                labs=("02_recurrence_from_scratch",),
                figure="mitseq.plots.gradients:plot_scalar_bptt",
                tests=(
                    "layers/test_my_rnn_cell.py:"
                    "test_gradient_of_the_last_state_reaches_the_first_input",
                ),
                example="mitseq.slides.gradients:backpropagation",
            ),
            Slide(
                "Recall: Backpropagation in Feed Forward Models",
                "Differentiate the loss by each parameter, then step downhill.",
                code=("mitseq.by_hand.descent:descend",),
                labs=("01_trace_by_hand:train",),
                figure="mitseq.plots.perceptron:plot_perceptron",
                tests=(
                    "by_hand/test_descent.py:"
                    "test_the_gradient_is_the_derivative_of_the_loss",
                ),
                example="mitseq.slides.recurrence:perceptron_learns",
                anchor="descent",
            ),
            Slide(
                "RNNs: Backpropagation Through Time",
                "Errors run back from step to step; the weights' gradients "
                "are then one product over all steps.",
                code=(
                    "mitseq.layers.bptt:recurrence",
                    "mitseq.by_hand.backpropagation:scalar_bptt",
                ),
                labs=("05_backpropagation_through_time:layer_by_hand",),
                figure="mitseq.plots.gradients:plot_scalar_bptt",
                tests=(
                    "layers/test_bptt.py:"
                    "test_recurrence_equals_the_tape_on_a_plain_loop",
                    "by_hand/test_backpropagation.py:"
                    "test_every_derivative_equals_the_tape",
                ),
                example="mitseq.slides.gradients:backpropagation",
                anchor="bptt",
            ),
            Slide(
                "Standard RNN Gradient Flow",
                "The gradient of the first state is a product with one factor "
                "for each step.",
                code=(
                    "mitseq.inside.gradients:gradient_flow",
                    "mitseq.layers.equations:RNNEquations",
                ),
                labs=("06_vanishing_and_exploding_gradients:linear_decay",),
                figure="mitseq.plots.gradients:plot_gradient_flow",
                tests=(
                    "layers/test_bptt.py:"
                    "test_scalar_rnn_gradient_is_the_product_on_the_slide",
                    "inside/test_spectrum.py:"
                    "test_linear_decay_equals_the_spectral_radius_to_one_"
                    "percent",
                ),
                example="mitseq.slides.gradients:linear_flow",
                anchor="gradient-flow",
            ),
            Slide(
                "Standard RNN Gradient Flow: Exploding Gradients",
                "Factors above 1 blow the product up; clipping scales it down.",
                code=(
                    "mitseq.inside.gradient_norms:GradientNorms",
                    "mitseq.tasks.music.train:compile_music_model",
                ),
                labs=(
                    "06_vanishing_and_exploding_gradients:explode",
                    "08_music_generation",
                ),
                figure="mitseq.plots.gradients:plot_gradient_norms",
                tests=(
                    "labs/test_08_music_generation.py:"
                    "test_exploding_gradients_are_clipped",
                    "labs/test_06_vanishing_and_exploding_gradients.py:"
                    "test_one_step_explodes_without_clipping",
                ),
                example="mitseq.slides.gradients:exploding",
            ),
            Slide(
                "Standard RNN Gradient Flow: Vanishing Gradients",
                "Factors below 1 shrink it to nothing; another activation or "
                "initialization is a cure.",
                code=(
                    "mitseq.layers.rnn:SimpleRNNCell",
                    "mitseq.inside.gradients:gradients_through_time",
                ),
                labs=("06_vanishing_and_exploding_gradients:first_step",),
                figure="mitseq.plots.gradients:plot_gradient_flow",
                tests=(
                    "layers/test_recurrent.py:"
                    "test_identity_initializer_reaches_every_recurrent_matrix",
                    "labs/test_06_vanishing_and_exploding_gradients.py:"
                    "test_identity_relu_keeps_what_tanh_and_relu_lose",
                ),
                example="mitseq.slides.gradients:vanishing",
            ),
            Slide(
                "The Problem of Long-Term Dependencies",
                "With a vanishing gradient only the nearest words are learned "
                "from.",
                code=("mitseq.by_hand.memory:remember_first",),
                labs=("06_vanishing_and_exploding_gradients:climb",),
                figure="mitseq.plots.gradients:plot_learned_distances",
                tests=(
                    "labs/test_06_vanishing_and_exploding_gradients.py:"
                    "test_short_distances_are_learned_and_the_dial_stops_at_"
                    "a_failure",
                ),
                example="mitseq.slides.gradients:long_term",
            ),
            Slide(
                "Gating Mechanisms in Neurons",
                "Gates decide, unit by unit, what to add to the state and "
                "what to remove.",
                code=("mitseq.layers.gru:GRUCell", "mitseq.layers.gru:GRU"),
                labs=("06_vanishing_and_exploding_gradients:climb",),
                figure="mitseq.plots.cells:plot_gates",
                tests=(
                    "layers/test_gru.py:test_open_update_gate_copies_the_state",
                ),
                example="mitseq.slides.gradients:gates",
                anchor="gru",
            ),
            Slide(
                "Long Short Term Memory (LSTM) Networks",
                "A cell state runs through all steps and is forgotten, stored "
                "to, updated and shown by gates.",
                code=("mitseq.layers.lstm:LSTMCell", "mitseq.layers.lstm:LSTM"),
                labs=(
                    "07_inside_a_cell:gates_at_symbol_and_noise",
                    "08_music_generation",
                ),
                figure="mitseq.plots.cells:plot_gates",
                tests=(
                    "layers/test_lstm.py:test_cell_equals_the_slides_equations",
                    "inside/test_cell.py:"
                    "test_lstm_gates_and_states_obey_the_slides_equations",
                ),
                example="mitseq.slides.gradients:gates",
                anchor="lstm",
            ),
        ),
    ),
    Chapter(
        "Applications and limits",
        (
            Slide(
                "RNN Applications & Limitations",
                "What recurrence is good for, and where it ends.",
                code=("mitseq.tasks.music.model:build_music_model",),
                labs=("08_music_generation",),
                figure="mitseq.tasks.music.figures:plot_piano_roll",
                tests=(
                    "tasks/music/test_model.py:"
                    "test_model_learns_by_fit_and_saves_with_its_vocabulary",
                ),
                example="mitseq.slides.applications:music",
            ),
            Slide(
                "Example Task: Music Generation",
                "Predict the next token of written music; draw from the "
                "prediction, and it writes.",
                code=(
                    "mitseq.tasks.music.train:train_music_model",
                    "mitseq.generation.generate:generate",
                    "mitseq.tasks.music.generate:generate_tunes",
                ),
                labs=("08_music_generation",),
                figure="mitseq.tasks.music.figures:plot_piano_roll",
                tests=(
                    "tasks/music/test_generate.py:"
                    "test_every_tune_is_accepted_and_complete",
                ),
                example="mitseq.slides.applications:music",
                anchor="music",
            ),
            Slide(
                "Example Task: Sentiment Classification",
                "A sequence of words in, the probability of a positive mood "
                "out.",
                code=(
                    "mitseq.tasks.sentiment.model:build_sentiment_model",
                    "mitseq.tasks.sentiment.loss:softmax_cross_entropy_with_logits",
                    "mitseq.tasks.sentiment.classifier:SentimentClassifier",
                ),
                labs=("09_sentiment:two_losses", "09_sentiment"),
                figure="mitseq.tasks.sentiment.figures:plot_explanation",
                tests=(
                    "tasks/sentiment/test_model.py:"
                    "test_slides_model_is_embedding_recurrence_and_last_output",
                    "tasks/sentiment/test_loss.py:"
                    "test_slides_loss_equals_tensorflows",
                ),
                example="mitseq.slides.applications:sentiment",
                anchor="sentiment",
            ),
            Slide(
                "Limitations of Recurrent Models",
                "An encoding bottleneck, no parallelism, no long memory.",
                code=("mitseq.layers.lstm:LSTM",),
                labs=(
                    "11_recurrence_or_attention:pairs_task",
                    "11_recurrence_or_attention:time_against_length",
                ),
                figure="mitseq.plots.criteria:plot_by_length",
                tests=(
                    "labs/test_11_recurrence_or_attention.py:"
                    "test_pairs_ask_for_the_value_of_a_key_that_was_there",
                    "labs/test_11_recurrence_or_attention.py:"
                    "test_every_reader_is_timed_at_every_length",
                ),
                example="mitseq.slides.applications:limits",
                anchor="limits",
            ),
        ),
    ),
    Chapter(
        "Without recurrence",
        (
            Slide(
                "Goal of Sequence Modeling",
                "A continuous stream, in parallel, with a long memory.",
                code=(
                    "mitseq.layers.lstm:LSTM",
                    "mitseq.layers.multi_head:MultiHeadAttention",
                ),
                labs=(
                    "11_recurrence_or_attention:table",
                    "11_recurrence_or_attention:time_of_a_stream",
                ),
                figure="mitseq.plots.criteria:plot_by_length",
                tests=(
                    "generation/test_loop.py:"
                    "test_attention_writes_what_the_whole_prefix_would",
                    "labs/test_11_recurrence_or_attention.py:"
                    "test_weights_of_the_dense_network_grow_with_the_length",
                ),
                example="mitseq.slides.applications:limits",
            ),
            Slide(
                "Attention Is All You Need",
                "Drop the recurrence and attend to what matters.",
                code=(
                    "mitseq.layers.transformer:TransformerBlock",
                    "mitseq.tasks.music.model:build_music_model",
                ),
                labs=("11_recurrence_or_attention:build_model",),
                figure="mitseq.plots.criteria:plot_by_length",
                tests=(
                    "tasks/music/test_model.py:"
                    "test_a_transformer_writes_as_its_logits_say_past_any_trained_length",
                ),
                example="mitseq.slides.applications:limits",
                anchor="attention",
            ),
            Slide(
                "Intuition Behind Self-Attention",
                "Find which parts to attend to, then take their features.",
                code=("mitseq.layers.attention:scaled_dot_product_attention",),
                labs=("10_self_attention",),
                figure="mitseq.plots.search:plot_search",
                tests=(
                    "layers/test_attention.py:"
                    "test_weights_are_those_that_one_computes_by_hand",
                ),
                example="mitseq.slides.attention:search",
            ),
            Slide(
                "A Simple Example: Search",
                "A query is compared with keys, and the best key's value is "
                "the answer.",
                code=("mitseq.by_hand.search:search",),
                labs=("10_self_attention:main",),
                figure="mitseq.plots.search:plot_search",
                tests=(
                    "by_hand/test_search.py:"
                    "test_vectors_are_mixed_and_of_names_the_best_is_taken",
                ),
                example="mitseq.slides.attention:search",
            ),
            Slide(
                "Understanding Attention with Search",
                "Similarity of query and key decides how much of each value "
                "comes out.",
                code=(
                    "mitseq.by_hand.search:search",
                    "mitseq.layers.attention:scaled_dot_product_attention",
                ),
                labs=("10_self_attention:same_by_the_layer",),
                figure="mitseq.plots.search:plot_search",
                tests=(
                    "by_hand/test_search.py:"
                    "test_weights_are_the_softmax_of_the_cosines",
                ),
                example="mitseq.slides.attention:search",
                anchor="search",
            ),
            Slide(
                "Learning Self-Attention with Neural Networks",
                "Positions, then query, key and value, then weights, then "
                "features.",
                code=(
                    "mitseq.layers.attention:SelfAttentionHead",
                    "mitseq.layers.position:SinusoidalPosition",
                    "mitseq.inside.attention:attention_maps",
                ),
                labs=(
                    "10_self_attention:build_model",
                    "10_self_attention:order_matters",
                ),
                figure="mitseq.plots.attention:attention_table",
                tests=(
                    "layers/test_attention.py:"
                    "test_head_equals_the_slides_equations",
                    "inside/test_attention.py:"
                    "test_weights_are_those_of_the_equations",
                ),
                example="mitseq.slides.attention:weighting",
                anchor="attention-weighting",
            ),
            Slide(
                "Applying Multiple Self-Attention Heads",
                "Several heads attend to several things at once.",
                code=("mitseq.layers.multi_head:MultiHeadAttention",),
                labs=("10_self_attention:overlap_of_heads",),
                figure="mitseq.plots.attention:attention_heads",
                tests=(
                    "plots/test_attention.py:"
                    "test_heads_of_several_layers_one_picture_each",
                ),
                example="mitseq.slides.applications:heads",
                anchor="multi-head",
            ),
            Slide(
                "Self-Attention Applied",
                "Language, proteins, images: the same block reads patches of "
                "digits and letters of DNA.",
                code=("mitseq.layers.transformer:TransformerBlock",),
                labs=(
                    "12_attention_beyond_text:image_model",
                    "12_attention_beyond_text:dna_model",
                ),
                figure="mitseq.plots.attention_text:attention_text",
                tests=(
                    "labs/test_12_attention_beyond_text.py:"
                    "test_attention_finds_the_motif_more_than_by_chance",
                ),
                example="mitseq.slides.attention:beyond_text",
                anchor="beyond-text",
            ),
            Slide(
                "Deep Learning for Sequence Modeling: Summary",
                "Recurrence, its training, its models, and attention.",
                code=(
                    "mitseq.layers.lstm:LSTM",
                    "mitseq.layers.multi_head:MultiHeadAttention",
                ),
                labs=("11_recurrence_or_attention:table",),
                figure="mitseq.plots.criteria:plot_by_length",
                tests=(
                    "labs/test_11_recurrence_or_attention.py:"
                    "test_the_figure_is_whole_and_the_table_has_every_row",
                ),
                example="mitseq.slides.applications:limits",
            ),
            Slide(
                "Lab 1: Deep Learning in Python and Music Generation with RNNs",
                "The lecture's own lab: characters of ABC, an LSTM, a song.",
                code=("mitseq.tasks.music.train:train_music_model",),
                labs=("08_music_generation",),
                figure="mitseq.tasks.music.figures:plot_piano_roll",
                tests=(
                    "tasks/music/test_train.py:"
                    "test_training_learns_and_leaves_model_and_history",
                ),
                example="mitseq.slides.applications:music",
            ),
        ),
    ),
)
