"""The lecture in order, slide by slide: the one list that says what is where.

`mitseq slides` reads it, and `make slides` writes the tables of docs/slides.md
from it. References are text, so that reading the list imports nothing;
tests/test_docs.py checks that each of them exists. The sections of the notes
are in notes.py, equations and lines of code in board.py, and what to see in
each figure in seen.py.
"""

import dataclasses
import re


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
    "13_next_word": "the lecture's sentences completed, never seen; who lies "
    "near whom",
    "14_translation": "a sentence through one vector, and the way out: "
    "attention, and what it looks at",
    "15_tagging": "a part of speech for each word; what comes later decides",
    "16_captioning": "one picture in, a sentence out: a pair never seen, and "
    "where the network looks",
    "17_forecasting": "how a series goes on, where nothing helps, and faults "
    "of a sensor value by value",
    "18_will_i_pass": "one student in, one answer out; three ways to one "
    "optimum",
    "19_one_dense_network": "everything into one dense network: what fails, "
    "and what does not",
}
_NAMES = {name[:2]: name for name in LABS}


def slide(
    title: str,
    idea: str,
    *,
    code: str = "",
    labs: str = "",
    figure: str = "",
    tests: str = "",
    example: str = "",
    missing: str = "",
    **more: str,
) -> Slide:
    """Returns a `Slide`, its references written short.

    Several stand in one text, with spaces between them; what is missing, with
    commas. `code` and `figure` are in mitseq/, `example` in mitseq/slides/. A
    lab goes by its number, a test without "test_".

    Example:

    >>> short = slide("RNNs", "A loop.", labs="02:train 08", tests="text/a:b")
    >>> short.labs
    ('02_recurrence_from_scratch:train', '08_music_generation')
    >>> short.tests
    ('text/test_a.py:test_b',)
    """
    return Slide(
        title,
        idea,
        code=tuple(f"mitseq.{name}" for name in code.split()),
        labs=tuple(map(_with_lab, labs.split())),
        figure=figure and f"mitseq.{figure}",
        tests=tuple(
            re.sub(r"(.*/)(\w+):", r"\1test_\2.py:test_", test)
            for test in map(_with_lab, tests.split())
        ),
        example=example and f"mitseq.slides.{example}",
        missing=tuple(missing.split(", ")) if missing else (),
        **more,
    )


def chapter(title: str, *slides: Slide) -> Chapter:
    """Returns a `Chapter` of these slides."""
    return Chapter(title, slides)


def _with_lab(reference: str) -> str:
    """Puts the name of a lab in the place of its number."""
    return re.sub(r"\b\d\d\b", lambda number: _NAMES[number[0]], reference)


DECK = (
    chapter(
        "Neurons with recurrence",
        slide(
            "Given an image of a ball, can you predict where it will go next?",
            "From one picture it is a guess; from several, a prediction.",
            code="tasks.ball.model:build_ball_model "
            "tasks.ball.model:load_ball_model tasks.ball.predict:predict_ahead "
            "by_hand.ball:ball_paths by_hand.ball:from_all_positions",
            labs="01:build_model 01:train_all",
            figure="tasks.ball.figures:plot_prediction",
            tests="pretrained/ball:it_is_ten_times_as_good_as_the_present_alone"
            "_and_near_the_rule "
            "by_hand/ball:two_positions_are_enough_away_from_walls",
            example="recurrence:ball",
            anchor="ball",
        ),
        slide(
            "Sequences in the Wild",
            "Sound, text, prices, proteins: order matters nearly everywhere.",
            code="by_hand.wild:sequences_in_the_wild by_hand.wild:neighbors "
            "by_hand.wild:entropies "
            "tasks.forecast.evaluation:evaluate_forecast",
            labs="01:main 17:judge",
            figure="plots.sequences:plot_sequences",
            tests="by_hand/wild:shuffled_they_are_no_longer_what_they_were",
            example="recurrence:wild",
            anchor="wild",
        ),
        slide(
            "Sequence Modeling Applications",
            "One or many in, one or many out, each with a task: a student, "
            "moods, captions, tags, translation, series.",
            code="plots.patterns:Pattern by_hand.students:students "
            "tasks.sentiment.model:build_sentiment_model "
            "tasks.caption.model:build_caption_model "
            "tasks.tag.model:build_tag_model "
            "tasks.translate.model:build_translation_model "
            "tasks.forecast.model:build_forecast_model "
            "tasks.forecast.model:load_forecast_model "
            "tasks.forecast.series:read_series "
            "tasks.forecast.stream:Stream",
            labs="18:main 17:judge 08",
            figure="plots.patterns:plot_patterns",
            tests="plots/patterns:the_tasks_are_there "
            "labs/18:all_three_end_at_the_same_optimum "
            "tasks/forecast/evaluation:"
            "on_a_random_walk_nothing_is_better_than_the_last_value",
            example="recurrence:patterns",
            anchor="applications",
        ),
        slide(
            "Neurons with Recurrence",
            "The output depends on the input of this step and on a memory of "
            "the steps before.",
            code="layers.my_rnn_cell:MyRNNCell",
            labs="02:slide_loop 01:build_model",
            figure="plots.states:plot_states",
            tests="layers/my_rnn_cell:state_is_kept_between_calls_until_reset",
            example="recurrence:same_function_at_every_step",
            anchor="recurrence",
        ),
        slide(
            "The Perceptron Revisited",
            "One neuron: a weighted sum through a non-linearity.",
            code="layers.perceptron:perceptron",
            labs="01:perceptrons_in_a_layer",
            figure="plots.perceptron:plot_perceptron",
            tests="layers/perceptron:perceptron_equals_the_slides_sum",
            example="recurrence:perceptron_learns",
            anchor="perceptron",
        ),
        slide(
            "Feed-Forward Networks Revisited",
            "Many of them: one input in, one output out.",
            code="layers.perceptron:feed_forward",
            labs="01:perceptrons_in_a_layer",
            figure="plots.states:plot_states",
            tests="layers/perceptron:"
            "feed_forward_equals_two_dense_layers_of_keras",
            example="recurrence:feed_forward_forgets",
        ),
        slide(
            "Handling Individual Time Steps",
            "The same network on each step alone has no memory.",
            code="layers.perceptron:feed_forward",
            labs="01:build_model",
            figure="plots.states:plot_states",
            tests="layers/perceptron:"
            "individual_steps_have_no_memory_and_a_recurrence_has",
            example="recurrence:feed_forward_forgets",
        ),
        slide(
            "Recurrent Neural Networks (RNNs)",
            "One function with one set of weights is applied at every step.",
            code="layers.rnn:rnn_step",
            labs="02:slide_loop 01:traces_of",
            figure="plots.states:plot_states",
            tests="layers/my_rnn_cell:"
            "my_rnn_cell_equals_simple_rnn_cell_and_rnn_step",
            example="recurrence:same_function_at_every_step",
        ),
        slide(
            "RNN Intuition",
            "A loop over the words hands the hidden state on, and the last "
            "prediction is the next word.",
            code="layers.my_rnn_cell:MyRNNCell",
            labs="02:notes_loop 02:predict_next_word",
            figure="plots.next_word:plot_two_guesses",
            tests="layers/my_rnn_cell:"
            "the_notes_list_of_zeros_is_a_hidden_state "
            "by_hand/next_word:"
            "a_sentence_never_seen_is_completed_and_a_bigram_cannot",
            example="recurrence:next_word",
        ),
        slide(
            "RNN State Update and Output",
            "The new state is the tanh of input and old state, each times its "
            "matrix.",
            code="layers.rnn:rnn_step layers.rnn:SimpleRNNCell",
            labs="02:largest_differences 01:traces_of",
            figure="plots.step:plot_step",
            tests="layers/rnn:rnn_step_equals_the_slides_equation",
            example="recurrence:state_update",
            anchor="rnn",
        ),
        slide(
            "RNNs: Computational Graph Across Time",
            "Unrolled, the same matrices stand at every step, and the losses "
            "of the steps are summed.",
            code="layers.rnn:SimpleRNN layers.recurrent:RecurrentLayer",
            labs="02:train 03:total_loss",
            figure="plots.graph:plot_graph",
            tests="layers/recurrent:layer_equals_its_cell_step_by_step "
            "plots/graph:the_same_matrices_stand_at_every_step",
            example="recurrence:computational_graph",
            anchor="graph",
        ),
        slide(
            "RNNs from Scratch in TensorFlow",
            "A layer of three weight matrices and a hidden state.",
            code="layers.my_rnn_cell:MyRNNCell",
            labs="04:run_all 02:slide_loop",
            figure="plots.states:plot_same_states",
            tests="layers/my_rnn_cell:three_callers_agree",
            example="recurrence:three_forms",
        ),
        slide(
            "RNN Implementation: TensorFlow & PyTorch",
            "In practice it is one line.",
            code="layers.rnn:SimpleRNN layers.convert:from_keras "
            "layers.convert:to_keras",
            labs="02:largest_differences 04:run_all",
            figure="plots.states:plot_same_states",
            tests="layers/recurrent:outputs_states_and_gradients_equal_keras",
            example="recurrence:three_forms",
        ),
        slide(
            "RNNs for Sequence Modeling",
            "Many to one keeps the last output, many to many all of them; one "
            "to many begins with an image, and its words come back in.",
            code="layers.recurrent:RecurrentLayer "
            "tasks.caption.model:build_caption_model "
            "tasks.caption.model:load_caption_model "
            "tasks.caption.predict:caption_pictures "
            "tasks.caption.pictures:read_picture",
            labs="16:main 08",
            figure="tasks.caption.figures:plot_grid",
            tests="layers/recurrent:last_output_equals_keras_without_sequences "
            "pretrained/caption:the_slides_sentence_is_said_though_never_seen",
            example="recurrence:captions",
            anchor="captioning",
        ),
    ),
    chapter(
        "Design criteria",
        slide(
            "Sequence Modeling: Design Criteria",
            "Any length, long memory, order, shared weights: one recurrence "
            "has all four.",
            code="layers.recurrent:RecurrentLayer",
            labs="03:main",
            figure="plots.criteria:plot_by_length",
            tests="layers/recurrent:unknown_batch_and_steps_in_one_graph",
            example="criteria:shared_parameters",
        ),
        slide(
            "A Sequence Modeling Problem: Predict the Next Word",
            '"This morning I took my cat for a ..."',
            code="tasks.words.model:build_words_model "
            "tasks.words.model:load_words_model "
            "tasks.words.train:train_words_model "
            "tasks.words.predict:next_words layers.my_rnn_cell:MyRNNCell",
            labs="13:main 02:predict_next_word",
            figure="plots.next_word:plot_completed",
            tests="pretrained/words:the_lectures_sentences_are_completed "
            "tasks/words/grammar:"
            "the_lectures_sentences_are_in_no_training_text "
            "labs/02:last_words_and_the_notes_sentence_come_out_right",
            example="criteria:lecture_completed",
            anchor="next-word",
        ),
        slide(
            "Representing Language to a Neural Network",
            "A network takes numbers, so text becomes numbers and comes back "
            "unchanged.",
            code="text.vocabulary:Vocabulary",
            labs="02:word_index 08:most_frequent",
            figure="plots.vectors:plot_vectors",
            tests="text/vocabulary:from_texts_tokens_decodes_to_the_same_text",
            example="criteria:words_to_vectors",
        ),
        slide(
            "Encoding Language for a Neural Network",
            "A vocabulary gives each token an index, an embedding gives each "
            "index a vector.",
            code="text.vocabulary:Vocabulary "
            "layers.embedding:VocabularyEmbedding "
            "tasks.words.embedding:neighbors",
            labs="02:encode 13:main 08:build_model",
            figure="tasks.words.figures:plot_embedding",
            tests="layers/embedding:output_is_the_row_of_the_id "
            "pretrained/words:similar_words_lie_together",
            example="criteria:similar_words",
            anchor="encoding",
        ),
        slide(
            "Handle Variable Sequence Lengths",
            "Short sequences are filled up, and what fills them counts for "
            "nothing.",
            code="layers.recurrent:RecurrentLayer tasks.music.rows:pack_rows",
            labs="03:variable_length",
            figure="plots.states:plot_states",
            tests="layers/recurrent:"
            "what_stands_at_masked_steps_does_not_matter",
            example="criteria:variable_length",
        ),
        slide(
            "Model Long-Term Dependencies",
            "What was read first may decide what comes last.",
            code="layers.lstm:LSTM",
            labs="03:long_term",
            figure="plots.criteria:plot_by_length",
            tests="layers/recurrent:first_input_reaches_the_last_state",
            example="criteria:long_term",
        ),
        slide(
            "Capture Differences in Sequence Order",
            "The same words in another order are another sentence.",
            code="layers.rnn:SimpleRNN",
            labs="03:order",
            figure="plots.states:plot_states",
            tests="slides/criteria:"
            "a_bag_of_words_cannot_tell_the_two_reviews_apart",
            example="criteria:order",
            anchor="order",
        ),
    ),
    chapter(
        "Backpropagation through time",
        slide(
            "Backpropagation Through Time (BPTT)",
            "A recurrent layer is trained by a backward pass over all of its "
            "steps.",
            code="layers.recurrent:RecurrentLayer",
            labs="02",
            figure="plots.gradients:plot_scalar_bptt",
            tests="layers/my_rnn_cell:"
            "gradient_of_the_last_state_reaches_the_first_input",
            example="gradients:backpropagation",
        ),
        slide(
            "Recall: Backpropagation in Feed Forward Models",
            "Differentiate the loss by each parameter, then step downhill.",
            code="by_hand.descent:descend",
            labs="01:train",
            figure="plots.perceptron:plot_perceptron",
            tests="by_hand/descent:the_gradient_is_the_derivative_of_the_loss",
            example="recurrence:perceptron_learns",
            anchor="descent",
        ),
        slide(
            "RNNs: Backpropagation Through Time",
            "Errors run back from step to step; the weights' gradients are "
            "then one product over all steps.",
            code="layers.bptt:recurrence by_hand.backpropagation:scalar_bptt",
            labs="05:layer_by_hand",
            figure="plots.gradients:plot_scalar_bptt",
            tests="layers/bptt:recurrence_equals_the_tape_on_a_plain_loop "
            "by_hand/backpropagation:every_derivative_equals_the_tape",
            example="gradients:backpropagation",
            anchor="bptt",
        ),
        slide(
            "Standard RNN Gradient Flow",
            "The gradient of the first state is a product with one factor for "
            "each step.",
            code="inside.gradients:gradient_flow layers.equations:RNNEquations",
            labs="06:linear_decay",
            figure="plots.gradients:plot_gradient_flow",
            tests="layers/bptt:scalar_rnn_gradient_is_the_product_on_the_slide "
            "inside/spectrum:"
            "linear_decay_equals_the_spectral_radius_to_one_percent",
            example="gradients:linear_flow",
            anchor="gradient-flow",
        ),
        slide(
            "Standard RNN Gradient Flow: Exploding Gradients",
            "Factors above 1 blow the product up; a spectral radius above 1 is "
            "needed for it, and not enough. Clipping scales it down.",
            code="inside.gradient_norms:GradientNorms "
            "tasks.music.train:compile_music_model",
            labs="06:explode 08",
            figure="plots.gradients:plot_clipping",
            tests="slides/gradients:what_is_clipped_has_the_norm_of_the_bound "
            "labs/08:exploding_gradients_are_clipped "
            "labs/06:one_step_explodes_without_clipping",
            example="gradients:exploding",
        ),
        slide(
            "Standard RNN Gradient Flow: Vanishing Gradients",
            "Factors below 1 shrink it to nothing; a ReLU with the identity as "
            "start is a cure, and a gate is one once it has learned.",
            code="layers.rnn:SimpleRNNCell "
            "inside.gradients:gradients_through_time",
            labs="06:first_step",
            figure="plots.gradients:plot_flows",
            tests="slides/gradients:"
            "the_cure_is_relu_with_identity_and_neither_alone "
            "layers/recurrent:"
            "identity_initializer_reaches_every_recurrent_matrix "
            "labs/06:identity_relu_keeps_what_tanh_and_relu_lose",
            example="gradients:vanishing",
        ),
        slide(
            "The Problem of Long-Term Dependencies",
            "With a vanishing gradient only the nearest words are learned "
            "from.",
            code="by_hand.memory:remember_first",
            labs="06:climb",
            figure="plots.gradients:plot_forgetting",
            tests="labs/06:"
            "short_distances_are_learned_and_the_dial_stops_at_a_failure",
            example="gradients:long_term",
        ),
        slide(
            "Gating Mechanisms in Neurons",
            "Gates decide, unit by unit, what to add to the state and what to "
            "remove.",
            code="layers.gru:GRUCell layers.gru:GRU",
            labs="06:climb",
            figure="plots.cells:plot_gates",
            tests="layers/gru:open_update_gate_copies_the_state",
            example="gradients:gates",
            anchor="gru",
        ),
        slide(
            "Long Short Term Memory (LSTM) Networks",
            "A cell state runs through all steps and is forgotten, stored to, "
            "updated and shown by gates.",
            code="layers.lstm:LSTMCell layers.lstm:LSTM",
            labs="07:gates_at_symbol_and_noise 08",
            figure="plots.cells:plot_gates",
            tests="layers/lstm:cell_equals_the_slides_equations "
            "inside/cell:lstm_gates_and_states_obey_the_slides_equations",
            example="gradients:gates",
            anchor="lstm",
        ),
    ),
    chapter(
        "Applications and limits",
        slide(
            "RNN Applications & Limitations",
            "What recurrence is good for, and where it ends.",
            code="tasks.music.model:build_music_model",
            labs="08",
            figure="tasks.music.figures:plot_piano_roll",
            tests="tasks/music/model:"
            "model_learns_by_fit_and_saves_with_its_vocabulary",
            example="applications:music",
        ),
        slide(
            "Example Task: Music Generation",
            "Predict the next token of written music; draw from the "
            "prediction, and it writes.",
            code="tasks.music.train:train_music_model "
            "generation.generate:generate tasks.music.generate:generate_tunes "
            "tasks.music.continue_tune:continue_tune "
            "tasks.music.vary:vary_tune "
            "tasks.music.discriminator:train_discriminator "
            "tasks.music.discriminator:load_discriminator "
            "tasks.music.compare:compare_collections",
            labs="08",
            figure="tasks.music.figures:plot_piano_roll",
            tests="tasks/music/generate:every_tune_is_accepted_and_complete",
            example="applications:music",
            anchor="music",
        ),
        slide(
            "Example Task: Sentiment Classification",
            "A sequence of words in, the probability of a positive mood out.",
            code="tasks.sentiment.model:build_sentiment_model "
            "tasks.sentiment.loss:softmax_cross_entropy_with_logits "
            "tasks.sentiment.classifier:SentimentClassifier",
            labs="09:two_losses 09",
            figure="tasks.sentiment.figures:plot_explanation",
            tests="tasks/sentiment/model:"
            "slides_model_is_embedding_recurrence_and_last_output "
            "tasks/sentiment/loss:slides_loss_equals_tensorflows "
            "pretrained/sentiment:the_sentences_of_the_card_come_out_right",
            example="applications:sentiment",
            anchor="sentiment",
        ),
        slide(
            "Limitations of Recurrent Models",
            "An encoding bottleneck, no parallelism, no long memory.",
            code="layers.lstm:LSTM",
            labs="11:pairs_task 11:time_against_length",
            figure="plots.limits:plot_limits",
            tests="labs/11:pairs_ask_for_the_value_of_a_key_that_was_there "
            "labs/11:every_reader_is_timed_at_every_length",
            example="applications:limits",
            anchor="limits",
        ),
    ),
    chapter(
        "Without recurrence",
        slide(
            "Goal of Sequence Modeling",
            "A continuous stream, in parallel, with a long memory.",
            code="layers.lstm:LSTM layers.multi_head:MultiHeadAttention",
            labs="19:main 11:table 11:time_of_a_stream",
            figure="plots.limits:plot_capabilities",
            tests="generation/loop:"
            "attention_writes_what_the_whole_prefix_would "
            "labs/19:the_dense_network_learns_each_place_by_itself "
            "labs/11:weights_of_the_dense_network_grow_with_the_length",
            example="applications:goal",
        ),
        slide(
            "Attention Is All You Need",
            "Drop the recurrence and attend to what matters.",
            code="layers.transformer:TransformerBlock "
            "tasks.music.model:build_music_model",
            labs="11:build_model",
            figure="plots.limits:plot_reach",
            tests="tasks/music/model:"
            "a_transformer_writes_as_its_logits_say_past_any_trained_length",
            example="applications:reach",
            anchor="attention",
        ),
        slide(
            "Intuition Behind Self-Attention",
            "Find which parts to attend to, then take their features.",
            code="layers.attention:scaled_dot_product_attention",
            labs="10",
            figure="plots.search:plot_search",
            tests="layers/attention:"
            "weights_are_those_that_one_computes_by_hand",
            example="attention:search",
        ),
        slide(
            "A Simple Example: Search",
            "A query is compared with keys, and the best key's value is the "
            "answer.",
            code="by_hand.search:search",
            labs="10:main",
            figure="plots.search:plot_search",
            tests="by_hand/search:"
            "vectors_are_mixed_and_of_names_the_best_is_taken",
            example="attention:search",
        ),
        slide(
            "Understanding Attention with Search",
            "Similarity of query and key decides how much of each value comes "
            "out.",
            code="by_hand.search:search "
            "layers.attention:scaled_dot_product_attention",
            labs="10:same_by_the_layer",
            figure="plots.search:plot_search",
            tests="by_hand/search:weights_are_the_softmax_of_the_cosines",
            example="attention:search",
            anchor="search",
        ),
        slide(
            "Learning Self-Attention with Neural Networks",
            "Positions, then query, key and value, then weights, then "
            "features.",
            code="layers.attention:SelfAttentionHead "
            "layers.position:SinusoidalPosition "
            "inside.attention:attention_maps "
            "plots.attention:attention_table "
            "by_hand.hidden_words:learn_to_attend",
            labs="10:build_model 10:order_matters",
            figure="plots.attention:plot_weighting",
            tests="slides/attention:"
            "the_printed_rows_are_no_softmax_and_the_learned_ones_are "
            "layers/attention:head_equals_the_slides_equations "
            "inside/attention:weights_are_those_of_the_equations",
            example="attention:weighting",
            anchor="attention-weighting",
        ),
        slide(
            "Applying Multiple Self-Attention Heads",
            "Several heads attend to several things at once.",
            code="layers.multi_head:MultiHeadAttention",
            labs="10:overlap_of_heads",
            figure="plots.attention:attention_heads",
            tests="plots/attention:heads_of_several_layers_one_picture_each",
            example="attention:heads",
            anchor="multi-head",
        ),
        slide(
            "Self-Attention Applied",
            "Language, proteins, images: the same block reads patches of "
            "digits and letters of DNA.",
            code="layers.transformer:TransformerBlock",
            labs="12:image_model 12:dna_model",
            figure="plots.attention_text:attention_text",
            tests="labs/12:attention_finds_the_motif_more_than_by_chance",
            example="attention:beyond_text",
            anchor="beyond-text",
        ),
        slide(
            "Deep Learning for Sequence Modeling: Summary",
            "Recurrence, its training, its models, and attention.",
            code="layers.lstm:LSTM layers.multi_head:MultiHeadAttention",
            labs="11:table",
            figure="plots.limits:plot_two_ways",
            tests="labs/11:the_figure_is_whole_and_the_table_has_every_row",
            example="applications:summary",
        ),
        slide(
            "Lab 1: Deep Learning in Python and Music Generation with RNNs",
            "The lecture's own lab: characters of ABC, an LSTM, a song.",
            code="tasks.music.train:train_music_model "
            "mitdeeplearning.songs:load_training_data",
            labs="08",
            figure="tasks.music.figures:plot_piano_roll",
            tests="tasks/music/train:"
            "training_learns_and_leaves_model_and_history "
            "mitdeeplearning/lab1:"
            "the_session_runs_and_every_check_passes",
            example="applications:music",
        ),
    ),
)
