"""Examples for the slides on the four design criteria.

Nothing is trained here: what a recurrence can do, it can do with any weights,
and the words are those of the bundled model. Lab 3 trains networks on each
criterion.
"""

import numpy as np

from mitseq.plots.style import Figure

LENGTHS = (
    "The food was great",
    "We visited a restaurant for lunch",
    "We were hungry but cleaned the house before eating",
)
REVIEWS = (
    "The food was good, not bad at all.",
    "The food was bad, not good at all.",
)


def one_hot(sentences: tuple[str, ...]) -> list[np.ndarray]:
    """Returns sentences as one-hot vectors `(1, T, V)` over all their words.

    Example:

    >>> [x.shape for x in one_hot(("a b", "b c a"))]
    [(1, 2, 3), (1, 3, 3)]
    """
    words = [
        sentence.lower().replace(",", " ,").split() for sentence in sentences
    ]
    index = {w: i for i, w in enumerate(sorted({w for s in words for w in s}))}
    eye = np.eye(len(index), dtype="float32")
    return [eye[[index[w] for w in sentence]][None] for sentence in words]


def shared_parameters() -> Figure:
    """How many weights a network needs for sequences of more and more steps."""
    from mitseq.layers.rnn import SimpleRNN
    from mitseq.plots.criteria import plot_by_length

    lengths, units, features = (1, 10, 20, 50, 100), 32, 8
    counts = {"recurrent, shared by all steps": [], "dense, one for each": []}
    for num_steps in lengths:
        rnn = SimpleRNN(units)
        rnn.build((None, num_steps, features))
        recurrent, dense = counts.values()
        recurrent.append(rnn.count_params())
        dense.append(num_steps * features * units + units)
        print(f"{num_steps} steps: {recurrent[-1]} or {dense[-1]} weights")
    return plot_by_length(
        lengths, counts, title="Shared parameters", value="weights [1]"
    )


def lecture_completed() -> Figure:
    """The bundled model completes the sentences of the lecture, never seen.

    Beside it a bigram that was counted on texts of the same grammar: it knows
    the last word alone.
    """
    from mitseq.plots.next_word import plot_completed
    from mitseq.tasks.words.grammar import LECTURE, write_texts
    from mitseq.tasks.words.model import embedding_of, load_words_model
    from mitseq.tasks.words.ngram import WordNGram
    from mitseq.tasks.words.predict import next_probs, next_words

    model, texts = load_words_model(), list(LECTURE)
    vocabulary = embedding_of(model).vocabulary
    bigram = WordNGram(write_texts(3000), order=1, vocabulary=vocabulary)
    rows = []
    for found, probs, counted in zip(
        next_words(model, texts),
        next_probs(model, texts),
        bigram.next_probs(texts),
        strict=True,
    ):
        at = bigram.index.encode(list(found.words))
        rows.append((found.text, found.words, probs[at], counted[at]))
        print(
            f"{found.text} {found.words[0]} ({probs[at[0]]:.0%}; by a bigram "
            f"{counted[at[0]]:.0%})"
        )
    return plot_completed(
        rows, "The lecture's sentences, completed; none is in a training text"
    )


def similar_words() -> Figure:
    """The trained embedding of the bundled model: similar words together."""
    from mitseq.tasks.words.embedding import neighbors, vectors_of
    from mitseq.tasks.words.figures import plot_embedding
    from mitseq.tasks.words.lexicon import group_of
    from mitseq.tasks.words.model import load_words_model

    words, vectors = vectors_of(load_words_model())
    for word in ("France", "cat", "clouds"):
        near = ", ".join(w for w, _ in neighbors(words, vectors, word, 4))
        print(f"near {word}: {near}")
    return plot_embedding(words, vectors, [group_of(word) for word in words])


def words_to_vectors() -> Figure:
    """Words, their numbers, one-hot vectors, and vectors that were learned."""
    from mitseq.plots.vectors import plot_vectors
    from mitseq.tasks.words.embedding import (
        same_group,
        unit_vectors,
        vectors_of,
    )
    from mitseq.tasks.words.lexicon import group_of
    from mitseq.tasks.words.model import embedding_of, load_words_model

    model = load_words_model()
    known, vectors = vectors_of(model)
    words = ["cat", "rabbit", "kitten", "walk", "ride", "sky", "sea", "garden"]
    ids = embedding_of(model).vocabulary.encode(words)
    rows = vectors[[known.index(word) for word in words]]
    cosines = unit_vectors(rows) @ unit_vectors(rows).T
    print(f"indices: {dict(zip(words, map(int, ids), strict=True))}")
    print(f"one-hot: {len(known)} numbers a word; learned: {rows.shape[1]}")
    for a, b in (("cat", "kitten"), ("cat", "sky")):
        cosine = cosines[words.index(a), words.index(b)]
        print(f"{a} and {b}: one-hot cosine 0, learned {cosine:.2f}")
    groups = [group_of(word) for word in known]
    share = same_group(known, vectors, groups)
    print(f"of the words with a kind {share:.0%} lie nearest to one of theirs")
    return plot_vectors(
        words,
        ids,
        rows,
        cosines,
        "A word becomes a number, a number a vector: similar words, similar "
        "vectors",
    )


def variable_length() -> Figure:
    """One layer, the same weights, three sentences of different lengths."""
    import keras

    from mitseq.layers.rnn import SimpleRNN
    from mitseq.plots.states import plot_states

    keras.utils.set_random_seed(0)
    layer = SimpleRNN(6, return_sequences=True)
    states, words = {}, {}
    for sentence, x in zip(LENGTHS, one_hot(LENGTHS), strict=True):
        name = f"{x.shape[1]} words"
        states[name] = np.asarray(layer(x))[0]
        words[name] = sentence.split()
        print(f"{sentence}: {x.shape[1]} steps in, one state of 6 out")
    print(f"{layer.count_params()} weights for all of them")
    return plot_states(
        states,
        words,
        title="One layer reads sentences of any length",
        step="word",
    )


def long_term() -> Figure:
    """How much the first input counts in the last state, beside the last one.

    Each gradient is divided by that of the last input: else two layers are
    compared that hand on numbers of different sizes.
    """
    import keras
    import tensorflow as tf

    from mitseq.layers.lstm import LSTM
    from mitseq.layers.rnn import SimpleRNN
    from mitseq.plots.criteria import plot_by_length

    keras.utils.set_random_seed(0)
    lengths = (1, 5, 10, 20, 30, 40)
    left = {}
    for layer in (SimpleRNN(32), LSTM(32)):
        name = f"{type(layer).__name__}, just initialized"
        left[name] = []
        for num_steps in lengths:
            x = tf.random.stateless_normal((8, num_steps, 4), seed=(0, 1))
            with tf.GradientTape() as tape:
                tape.watch(x)
                last = tf.reduce_sum(layer(x) ** 2) / 2
            gradient = tape.gradient(last, x)
            left[name].append(
                float(tf.norm(gradient[:, 0]) / tf.norm(gradient[:, -1]))
            )
        numbers = ", ".join(f"{v:.1e}" for v in left[name])
        print(f"{name}: {numbers} over {lengths} steps")
    return plot_by_length(
        lengths,
        left,
        title=f"The first of {lengths[-1]} inputs beside the last: "
        + ", ".join(
            f"{name.partition(',')[0]} {100 * values[-1]:.1g} %"
            for name, values in left.items()
        ),
        value="gradient at $x_1$ / gradient at $x_T$ [1]",
        log=True,
    )


def order() -> Figure:
    """Two reviews of the same words: for a bag of words they are one."""
    import keras

    from mitseq.layers.rnn import SimpleRNN
    from mitseq.plots.states import plot_states

    keras.utils.set_random_seed(0)
    good, bad = one_hot(REVIEWS)
    bag = np.abs(good.sum(axis=1) - bad.sum(axis=1)).max()
    layer = SimpleRNN(6, return_sequences=True)
    difference = np.asarray(layer(good) - layer(bad))[0]
    print(f"bags of words: {bag:.0f} apart")
    print(f"last states: {np.abs(difference[-1]).max():.2f} apart")
    words = "The food was good/bad , not bad/good at all.".split()
    return plot_states(
        {"h after one review minus h after the other": difference},
        words,
        title="The same words in another order",
        step="word",
        value="difference of the activations [1]",
    )
