"""Examples for the slides on applications, limits and what comes after."""

import time

import numpy as np

from mitseq.plots.style import Figure


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
    for text, row in zip(texts, probs, strict=True):
        label = classifier.classes_[row.argmax()]
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
    """One step after the other, or all at once: the time against the length."""
    import tensorflow as tf

    from mitseq.layers.multi_head import MultiHeadAttention
    from mitseq.layers.rnn import SimpleRNN
    from mitseq.plots.criteria import plot_by_length

    lengths = (32, 128, 512, 1024)
    rnn = SimpleRNN(64, return_sequences=True)
    layers = {
        "recurrence: T steps, one after the other": rnn,
        "attention: all steps at once, T × T weights": MultiHeadAttention(4),
    }
    milliseconds: dict[str, list[float]] = {}
    for name, layer in layers.items():
        call = tf.function(layer, reduce_retracing=True)
        milliseconds[name] = []
        for num_steps in lengths:
            x = tf.random.stateless_normal((1, num_steps, 64), seed=(0, 0))
            call(x)  # traced and warm
            times = []
            for _ in range(5):
                start = time.perf_counter()
                call(x)
                times.append(1000 * (time.perf_counter() - start))
            milliseconds[name].append(float(np.median(times)))
            print(f"{name}, T = {num_steps}: {milliseconds[name][-1]:.2f} ms")
    return plot_by_length(
        lengths,
        milliseconds,
        title="Reading a sequence of 64 features",
        value="time [ms]",
        log=True,
    )


def heads() -> Figure:
    """Four heads of one layer, before any training: each looks elsewhere."""
    import keras

    from mitseq.inside.attention import AttentionMap
    from mitseq.layers.multi_head import MultiHeadAttention
    from mitseq.plots.attention import attention_heads

    words = "He tossed the tennis ball to serve".split()
    keras.utils.set_random_seed(0)
    features = keras.random.normal((1, len(words), 16), seed=0) * 2
    layer = MultiHeadAttention(4)
    y, weights = layer(features, return_attention_scores=True)
    weights = np.asarray(weights)[0]
    for i, head in enumerate(weights):
        print(f"head {i + 1}: 'ball' looks at {words[head[4].argmax()]!r}")
    return attention_heads(AttentionMap("four heads", weights, words))
