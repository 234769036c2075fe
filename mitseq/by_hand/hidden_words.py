"""A small world in which a word tells another, and a layer that learns it.

Slides: Lecture 2, "Learning Self-Attention with Neural Networks" and "Applying
Multiple Self-Attention Heads" (docs/slides.md#attention-weighting). Each person
has one habit and each kind of ball one purpose, as in the slide's "He tossed
the tennis ball to serve". One word of each sentence is hidden or replaced by
another of its kind, and a network has to say what stood there: it cannot trust
the word itself, so it has to ask the others.

Letters: B sentences, T words, V words that there are.
"""

import keras
import numpy as np

from mitseq.layers.multi_head import MultiHeadAttention
from mitseq.layers.position import SinusoidalPosition

SENTENCE = "He tossed the tennis ball to serve".split()
HABITS = {"He": "tossed", "She": "threw", "They": "kicked", "We": "hit"}
PURPOSES = {
    "tennis": "serve",
    "volley": "spike",
    "foot": "score",
    "rugby": "convert",
    "golf": "putt",
    "base": "bunt",
    "basket": "dunk",
    "hand": "shoot",
}
HIDDEN = "?"
PLACES = (0, 1, 3, 6)  # of the words that another word tells
WORDS = [HIDDEN, "the", "ball", "to"]
WORDS += [
    word for pair in (*HABITS.items(), *PURPOSES.items()) for word in pair
]


def ids_of(words: list[str]) -> np.ndarray:
    """Returns words as their numbers.

    Example:

    >>> ids_of(["?", "the", "ball"]).tolist()
    [0, 1, 2]
    """
    return np.array([WORDS.index(word) for word in words], "int32")


def sentences(
    count: int, seed: int = 0, *, held_out: bool = False
) -> np.ndarray:
    """Returns sentences of seven words, `(count, 7)` of ids.

    Of the 32 that there are, 8 are held out of the training, the slide's among
    them: each person plays two games in these alone.

    Args:
        count: B, how many; most of them stand there several times.
        seed: Decides which.
        held_out: Those that are held out, not the others.

    Example:

    >>> " ".join(WORDS[i] for i in sentences(1)[0])
    'We hit the rugby ball to convert'
    """
    rows = [
        ids_of([who, HABITS[who], "the", kind, "ball", "to", PURPOSES[kind]])
        for i, who in enumerate(HABITS)
        for j, kind in enumerate(PURPOSES)
        if ((i + j) % 4 == 0) == held_out
    ]
    return np.random.default_rng(seed).choice(rows, count)


def hide(ids: np.ndarray, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Hides or replaces one word of each sentence.

    Args:
        ids: `(B, T)`.
        seed: Decides which word, and what stands there.

    Returns:
        The sentences, and `(B, T)` weights of the loss: 1 at the word, else 0.
    """
    rng = np.random.default_rng([seed, 1])
    x, rows = ids.copy(), np.arange(len(ids))
    place = rng.choice(PLACES, len(ids))
    other = ids[rng.permutation(len(ids)), place]
    x[rows, place] = np.where(rng.random(len(ids)) < 0.5, 0, other)
    weights = np.zeros(ids.shape, "float32")
    weights[rows, place] = 1
    return x, weights


def learn_to_attend(
    heads: int = 2, epochs: int = 8, count: int = 4000, seed: int = 0
) -> keras.Model:
    """Trains a layer of attention to tell hidden words.

    Args:
        heads: Positive int, N.
        epochs: Passes over the sentences.
        count: Sentences to learn from.
        seed: Decides weights, sentences and hidden words.

    Returns:
        The model, ids `(B, T)` -> logits `(B, T, V)`; its layer "attention"
        is a `MultiHeadAttention`.
    """
    keras.utils.set_random_seed(seed)
    width = 32
    ids = keras.Input((None,), dtype="int32")
    # As large as the positions that are added to it, or they drown it.
    large = keras.initializers.RandomNormal(stddev=0.5)
    x = keras.layers.Embedding(len(WORDS), width, large)(ids)
    x = SinusoidalPosition(name="position")(x)
    y = MultiHeadAttention(heads, name="attention")(x)
    y = keras.layers.Dense(2 * width, "relu")(y)
    model = keras.Model(ids, keras.layers.Dense(len(WORDS))(y))
    model.compile(
        keras.optimizers.Adam(3e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    whole = sentences(count, seed)
    x, weights = hide(whole, seed)
    model.fit(
        x, whole, sample_weight=weights, batch_size=64, epochs=epochs, verbose=0
    )
    return model
