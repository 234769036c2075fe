"""Examples for the slides on applications, limits and what comes after."""

import time

import numpy as np

from mitseq.plots.style import Figure

FEATURES = 64  # of a step, where networks are compared


def music() -> Figure:
    """The bundled model writes a tune, note after note."""
    from mitseq.tasks.music.figures import plot_piano_roll
    from mitseq.tasks.music.generate import generate_tunes
    from mitseq.tasks.music.model import load_music_model

    model = load_music_model()
    tune = generate_tunes(model, key="D", meter="6/8", seed=0)[0]
    print(tune.abc)
    return plot_piano_roll(tune)


def sentiment() -> Figure:
    """The bundled classifier reads two texts of the same words, and why."""
    from mitseq.tasks.sentiment.classifier import SentimentClassifier
    from mitseq.tasks.sentiment.figures import plot_explanation

    classifier = SentimentClassifier.load()
    texts = [
        "The food was good, not bad at all.",
        "The food was bad, not good at all.",
    ]
    probs = classifier.predict_proba(texts)
    labels = classifier.answers(probs)
    for text, label, row in zip(texts, labels, probs, strict=True):
        print(f"{label} ({row.max():.0%} sure): {text}")
    explanation = classifier.explain(texts[1])
    print(explanation)
    return plot_explanation(explanation)


def tags() -> Figure:
    """The bundled tagger: the same words, and each time something else."""
    from mitseq.tasks.tag.figures import plot_tags
    from mitseq.tasks.tag.model import load_tag_model
    from mitseq.tasks.tag.predict import tag_words
    from mitseq.tasks.tag.sentences import Sentence

    texts = ("Time flies like an arrow", "Fruit flies like a banana")
    found = tag_words(load_tag_model(), texts)
    for each in found:
        print(Sentence(each.words, each.tags))
    return plot_tags(found[0])


def limits() -> Figure:
    """A state of one size for any length, and one step after the other."""
    import tensorflow as tf

    from mitseq.layers.multi_head import MultiHeadAttention
    from mitseq.layers.rnn import SimpleRNN
    from mitseq.plots.limits import plot_limits

    lengths = (32, 128, 256, 512, 1024)
    rnn = SimpleRNN(FEATURES, return_sequences=True)
    layers = {"recurrence": rnn, "attention": MultiHeadAttention(4)}
    milliseconds: dict[str, list[float]] = {}
    for name, layer in layers.items():
        call = tf.function(layer, reduce_retracing=True)
        milliseconds[name] = []
        for num_steps in lengths:
            x = tf.random.stateless_normal(
                (1, num_steps, FEATURES), seed=(0, 0)
            )
            call(x)  # traced and warm
            times = []
            for _ in range(20):
                start = time.perf_counter()
                call(x)
                times.append(1000 * (time.perf_counter() - start))
            # The least: other programs only add to it.
            milliseconds[name].append(min(times))
            print(f"{name}, T = {num_steps}: {milliseconds[name][-1]:.2f} ms")
    (state,) = rnn.cell.get_initial_state(1)
    kept = {
        "recurrence: one state": [state.shape[-1]] * len(lengths),
        "attention: every step": [FEATURES * t for t in lengths],
    }
    print(f"kept of {lengths[-1]} steps: {kept['recurrence: one state'][-1]}")
    return plot_limits(
        lengths,
        kept,
        {
            "recurrence: one step after the other": milliseconds["recurrence"],
            "attention: all at once, T × T weights": milliseconds["attention"],
        },
        "A recurrence squeezes any length into one state, step after step",
    )


def goal() -> Figure:
    """The wishes of the slide, and what three networks have to pay for them."""
    import keras

    from mitseq.layers.multi_head import MultiHeadAttention
    from mitseq.layers.rnn import SimpleRNN
    from mitseq.plots.limits import plot_capabilities

    T, D = 1000, FEATURES
    layers = {
        "recurrence": SimpleRNN(D),
        "one dense network": keras.layers.Dense(D),
        "attention": MultiHeadAttention(4),
    }
    shapes = {"one dense network": (None, T * D)}
    weights = []
    for name, layer in layers.items():
        layer.build(shapes.get(name, (None, T, D)))
        weights.append(layer.count_params())
        print(f"{name}: {weights[-1]:,} weights for {T} steps of {D} features")
    one, fixed = "1", f"only {T:,} steps"
    return plot_capabilities(
        list(layers),
        {
            "steps in a row": [(f"{T:,}", False), (one, True), (one, True)],
            "way from first to last": [
                (f"{T:,} steps", False),
                ("1 step", True),
                ("1 step", True),
            ],
            "weights": [(f"{n:,}", n < 100 * min(weights)) for n in weights],
            "another length": [("any", True), (fixed, False), ("any", True)],
            "kept for a stream": [
                (f"{D} numbers", True),
                (f"all {T * D:,}", False),
                (f"all {T * D:,}", False),
            ],
        },
        f"Nothing is free: {T:,} steps of {D} features",
    )


def reach() -> Figure:
    """How much of each input arrives at the last step, before any training."""
    import keras
    import tensorflow as tf

    from mitseq.layers.lstm import LSTM
    from mitseq.layers.rnn import SimpleRNN
    from mitseq.layers.transformer import TransformerBlock
    from mitseq.plots.limits import plot_reach

    keras.utils.set_random_seed(0)
    x = tf.random.stateless_normal((8, 60, 32), seed=(0, 1))
    layers = {
        "SimpleRNN": SimpleRNN(32, return_sequences=True),
        "LSTM": LSTM(32, return_sequences=True),
        "a Transformer block": TransformerBlock(4, 64, causal=True),
    }
    shares = {}
    for name, layer in layers.items():
        with tf.GradientTape() as tape:
            tape.watch(x)
            last = layer(x)[:, -1]
            loss = tf.reduce_sum(last * last) / 2
        norms = tf.norm(tape.gradient(loss, x), axis=(0, 2)).numpy()
        shares[name] = norms / norms.sum()
        print(f"{name}: {shares[name][0]:.1e} of the gradient is at x_1")
    return plot_reach(
        shares, "To attention no step is far; a recurrence forgets on the way"
    )


def summary() -> Figure:
    """What a step takes from each word: by recurrence, and by attention."""
    import keras
    import tensorflow as tf

    from mitseq.by_hand.hidden_words import SENTENCE, WORDS, ids_of
    from mitseq.layers.rnn import SimpleRNN
    from mitseq.plots.limits import plot_two_ways
    from mitseq.slides.attention import learned_attention

    _, found = learned_attention(1)
    x = tf.one_hot(ids_of(SENTENCE), len(WORDS))[tf.newaxis]
    keras.utils.set_random_seed(0)
    layer = SimpleRNN(32, return_sequences=True)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        states = tf.unstack(tf.reduce_sum(layer(x) ** 2, axis=-1)[0])
    shares = np.full((len(SENTENCE), len(SENTENCE)), np.nan)
    for t, state in enumerate(states):
        norms = tf.norm(tape.gradient(state, x)[0], axis=-1).numpy()
        shares[t, : t + 1] = norms[: t + 1] / norms.sum()
    last, first = SENTENCE[-1], SENTENCE[0]
    print(f"recurrence: at {last!r} {shares[-1, 0]:.0%} is from {first!r}")
    best = found.weights[0][-1].argmax()
    print(f"attention: {last!r} looks most at {SENTENCE[best]!r}")
    return plot_two_ways(
        SENTENCE,
        shares,
        found.weights[0],
        "Two ways to the past: in a recurrence it fades, attention chooses",
    )
