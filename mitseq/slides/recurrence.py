"""Examples for the slides on neurons with recurrence."""

import numpy as np

from mitseq.plots.style import Figure


def ball() -> Figure:
    """From one position a guess; the bundled model sees twenty steps ahead."""
    from mitseq.by_hand.ball import rule_ahead
    from mitseq.tasks.ball.evaluation import one_step_errors, unseen_paths
    from mitseq.tasks.ball.figures import plot_prediction
    from mitseq.tasks.ball.model import load_ball_model
    from mitseq.tasks.ball.predict import predict_ahead

    model, paths = load_ball_model(), unseen_paths(count=300, draw=0)
    for name, error in one_step_errors(model, paths).items():
        print(f"{name}: off by {error:.4f} box widths")
    one = paths[3:4]
    ahead = {
        "the model": predict_ahead(model, one[:, :10], steps=20)[0],
        "the physical rule": rule_ahead(one[:, :10], steps=20)[0],
    }
    return plot_prediction(
        one[0, :10],
        ahead,
        truth=one[0, 10:30],
        title="From ten positions the model sees the bounces ahead, and its "
        "error grows",
    )


def wild() -> Figure:
    """Sequences of five kinds, and how much is lost when they are shuffled."""
    from mitseq.by_hand.wild import order_in_the_wild, sequences_in_the_wild
    from mitseq.plots.sequences import plot_sequences

    for name, told in order_in_the_wild().items():
        print(f"{name}: {told}")
    return plot_sequences(sequences_in_the_wild())


def patterns() -> Figure:
    """Each shape with its task: one answer of each bundled model."""
    from mitseq.by_hand.students import students
    from mitseq.plots.patterns import plot_patterns
    from mitseq.tasks.caption.evaluation import fresh_scenes
    from mitseq.tasks.caption.model import load_caption_model
    from mitseq.tasks.caption.predict import caption_pictures
    from mitseq.tasks.sentiment.classifier import SentimentClassifier
    from mitseq.tasks.tag.model import load_tag_model
    from mitseq.tasks.tag.predict import tag_words
    from mitseq.tasks.translate.model import load_translation_model
    from mitseq.tasks.translate.translate import translate

    x, chances, _ = students(1)
    told = {"one to one": f"{x[0].round(2)} -> {chances[0]:.0%}"}
    text = "the food was good, not bad at all"
    (label,) = SentimentClassifier.load().predict([text])
    told["many to one"] = f"{text} -> {label}"
    pictures, _ = fresh_scenes("people", "unseen", count=1)
    (said,) = caption_pictures(load_caption_model(), pictures)
    told["one to many"] = f"a picture -> {said.text}"
    (found,) = tag_words(load_tag_model(), ["Time flies like an arrow"])
    told["many to many"] = f"{' '.join(found.words)} -> {' '.join(found.tags)}"
    ((best, *_),) = translate(load_translation_model(), ["I am hungry."])
    told["one after the other"] = f"I am hungry. -> {best.text}"
    for shape, answer in told.items():
        print(f"{shape}: {answer}")
    return plot_patterns()


def captions() -> Figure:
    """One picture in, words out: people who were never seen like this."""
    from mitseq.tasks.caption.evaluation import fresh_scenes, score
    from mitseq.tasks.caption.figures import plot_grid
    from mitseq.tasks.caption.model import load_caption_model
    from mitseq.tasks.caption.predict import caption_pictures

    model = load_caption_model()
    for kind in ("digits", "people"):
        pictures, right = fresh_scenes(kind, "unseen", count=100)
        said = caption_pictures(model, pictures)
        told = score([each.text for each in said], right)
        print(f"exact captions of {kind} never seen together: {told}")
    return plot_grid(
        pictures[:8],
        said[:8],
        right=[(text,) for text in right[:8]],
        title="Who does what? No training has seen these pairs",
    )


def perceptron_learns() -> Figure:
    """A perceptron learns to tell two clouds of points apart."""
    from mitseq.by_hand.descent import descend
    from mitseq.plots.perceptron import plot_perceptron

    x, labels, w, b, losses = descend()
    print(f"loss {losses[0]:.3f} nats at first, {losses[-1]:.3f} at the end")
    return plot_perceptron(x, labels, w, b, losses)


def feed_forward_forgets() -> Figure:
    """Two pasts, one present: the network without a state cannot tell."""
    import keras

    from mitseq.layers.perceptron import feed_forward
    from mitseq.layers.rnn import SimpleRNN
    from mitseq.plots.states import plot_states

    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 8, 3)).astype("float32")
    x[1, 4:] = x[0, 4:]  # from step 5 on both are the same
    layers = [(rng.normal(size=(3, 6)), np.zeros(6))]
    alone = np.tanh(np.asarray(feed_forward(x, layers)))
    states = np.asarray(SimpleRNN(6, return_sequences=True)(x))
    difference = {
        "feed-forward, each step alone": alone[0] - alone[1],
        "recurrent": states[0] - states[1],
    }
    for name, values in difference.items():
        print(f"{name}: at the last step {np.abs(values[-1]).max():.3f} apart")
    return plot_states(
        difference,
        title="Two sequences that differ in their first four steps only",
        value="difference of the activations [1]",
    )


def same_function_at_every_step() -> Figure:
    """One function, the same weights, five steps: the state moves on."""
    import keras

    from mitseq.layers.my_rnn_cell import MyRNNCell
    from mitseq.plots.states import plot_states

    keras.utils.set_random_seed(0)
    my_rnn = MyRNNCell(rnn_units=6, input_dim=3, output_dim=2)
    x_t, states = keras.ops.ones((1, 3)), []
    for t in range(5):
        # An impulse: the input is there in the first step only.
        output, h = my_rnn(x_t if t == 0 else 0 * x_t)
        states.append(np.asarray(h)[0])
        print(f"h_{t + 1} = {np.round(states[-1], 2)}")
    return plot_states(
        {"after one input at step 1": np.array(states)},
        title="The state goes on when the input is gone",
    )


def state_update() -> Figure:
    """The slide's two equations, one step, number by number."""
    from mitseq.layers.rnn import rnn_step
    from mitseq.plots.step import plot_step

    rng = np.random.default_rng(0)
    x_t, h_prev = rng.normal(size=(1, 3)), rng.normal(size=(1, 4))
    W_xh, W_hh = rng.normal(size=(3, 4)), rng.normal(size=(4, 4))
    W_hy = rng.normal(size=(4, 2))
    h_t = np.asarray(rnn_step(x_t, h_prev, W_xh, W_hh))
    by_hand = np.tanh(x_t @ W_xh + h_prev @ W_hh)
    print(f"h_t = {np.round(h_t[0], 3)}, y_t = {np.round(h_t @ W_hy, 3)[0]}")
    print(f"differs from NumPy's by {np.abs(h_t - by_hand).max():.0e}")
    return plot_step(x_t, W_xh, h_prev, W_hh, h_t, W_hy)


def computational_graph() -> Figure:
    """A cell unrolled over a sentence: the same matrices, a loss at each step.

    The cell has learned the sentence for a while; the losses are its own.
    """
    from mitseq.by_hand.next_word import SENTENCE, learn_sentence
    from mitseq.plots.graph import plot_graph

    learned = learn_sentence(" ".join(SENTENCE.split()[:5]), epochs=4)
    losses = learned.step_losses[-1]
    for weight in learned.my_rnn.weights:
        print(f"{weight.name} {tuple(weight.shape)}: one for all steps")
    parts = " + ".join(f"{loss:.2f}" for loss in losses)
    print(f"L = {parts} = {losses.sum():.2f} nats")
    return plot_graph(
        learned.words,
        losses,
        {weight.name: weight.shape for weight in learned.my_rnn.weights},
    )


def total_loss() -> Figure:
    """The loss of each step, and their sum, while it falls."""
    from mitseq.by_hand.next_word import SENTENCE, learn_sentence
    from mitseq.plots.next_word import plot_step_losses

    learned = learn_sentence(SENTENCE)
    for epoch in (0, -1):
        steps = learned.step_losses[epoch]
        parts = " + ".join(f"{loss:.2f}" for loss in steps)
        print(f"L = {parts} = {steps.sum():.2f} nats")
    epochs = [0, 4, 8]
    losses = learned.step_losses[epochs]
    return plot_step_losses(losses, learned.words[1:], epochs)


def next_word() -> Figure:
    """The slide's loop over a sentence that no training has seen.

    Who counts pairs of words knows "neural" alone, after which anything may
    come. The hidden state still knows what is done.
    """
    from mitseq.by_hand.next_word import (
        ENDS,
        HELD_OUT,
        PATTERN,
        count_pairs,
        learn_pattern,
    )
    from mitseq.plots.next_word import plot_two_guesses

    learned = learn_pattern()
    hidden_state = [0] * learned.my_rnn.rnn_units
    sentence = ["I", "love", "recurrent", "neural"]
    for word in sentence:
        x_t = learned.one_hot(word)
        prediction, hidden_state = learned.my_rnn(x_t, hidden_state)
    next_word_prediction = learned.likeliest(prediction)
    print(f"I love recurrent neural -> {next_word_prediction}")
    print(f"one of {len(PATTERN)} sentences learned: {HELD_OUT in PATTERN}")
    exp = np.exp(np.asarray(prediction[0]) - np.max(prediction))
    ends = list(ENDS.values())
    at = [learned.words.index(end) for end in ends]
    probs = (exp / exp.sum())[at]
    pairs = count_pairs(learned.words)[learned.words.index("neural")][at]
    for end, one, other in zip(ends, probs, pairs, strict=True):
        print(f"{end}: {one:.0%}, by a bigram {other:.0%}")
    return plot_two_guesses(
        ends,
        probs,
        pairs,
        " ".join(sentence),
        sentence[-1],
        "The state remembers “love”; the sentence was in no training",
    )


def three_forms() -> Figure:
    """From scratch, ours and Keras's: the same states from the same weights."""
    import keras

    from mitseq.layers.my_rnn_cell import MyRNNCell
    from mitseq.layers.rnn import SimpleRNN
    from mitseq.plots.states import plot_same_states

    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).normal(size=(1, 10, 3)).astype("float32")
    ours = SimpleRNN(6, use_bias=False, return_sequences=True)
    theirs = keras.layers.SimpleRNN(6, use_bias=False, return_sequences=True)
    scratch = MyRNNCell(rnn_units=6, input_dim=3, output_dim=2)
    loop = np.array([np.asarray(scratch(x[:, t])[1])[0] for t in range(10)])
    for layer in (ours, theirs):
        layer.build(x.shape)
        layer.set_weights(scratch.get_weights()[:2])
    states = {
        "mitseq.SimpleRNN": np.asarray(ours(x))[0],
        "keras SimpleRNN": np.asarray(theirs(x))[0],
    }
    states["the slide's equation in NumPy, 64 bits"] = _by_equation(
        x[0], *(weight.astype("float64") for weight in ours.get_weights())
    )
    apart = {name: np.abs(h - loop).max(axis=1) for name, h in states.items()}
    for name, each in apart.items():
        print(f"{name}: differs from the loop by {each.max():.0e}")
    return plot_same_states(
        loop,
        apart,
        title="One recurrence in three forms: what is left is rounding",
    )


def _by_equation(x, W_xh, W_hh):
    """`(T, D)` -> `(T, H)`, the states of the slide's equation."""
    h, states = np.zeros(len(W_hh)), []
    for x_t in x:
        h = np.tanh(W_hh.T @ h + W_xh.T @ x_t)
        states.append(h)
    return np.array(states)


def trace() -> Figure:
    """The notes' exercise: once with 0.5, once with 0.9."""
    from mitseq.by_hand.trace import trace_by_hand
    from mitseq.plots.trace import plot_trace

    traces = [trace_by_hand(keep=keep) for keep in (0.5, 0.9)]
    for each in traces:
        print(f"h_t = {each.keep} * h_prev + {each.write} * x_t")
        print(each.table(), end="\n\n")
    return plot_trace(traces)
