r"""Which words decided? Two answers that know nothing of each other.

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment). What is explained is the score of a class c,

    s = z_c - mean of the other logits

which for two classes is the log of p / (1 - p).

Leave-one-out: how much does s fall when word i is taken out of the text?

Integrated gradients (Sundararajan et al., 2017): let all words fade in
together, from not there (a = 0) to there (a = 1), and add up along the way
what each of them does to s:

    contribution_i = integral of ds/da_i from a = 0 to 1

The contributions add up to s(text) - s(nothing): nothing is left out, and
nothing is counted twice. In the recurrent part the embedded words fade. In a
linear part an n-gram is as much there as the product of its words, so each of
n words gets the n-th part of its weight: there the integral is exact. (What
such a sum is divided by, for the text's length, counts as given.) A text that
is not read, since too few of its words are known, has no words here.

Attention weights, where a model has them, say where it looks. They have no
sign and are no contributions, so they come beside the two.

Letters: T words, C classes, P parts, D numbers of an embedded word.
"""

import functools
from collections.abc import Callable, Iterable, Iterator

import keras
import numpy as np
import tensorflow as tf
from scipy import special

from mitseq.errors import MitseqError
from mitseq.layers.multi_head import MultiHeadAttention
from mitseq.layers.transformer import TransformerBlock
from mitseq.tasks.sentiment.explanation import Explanation
from mitseq.tasks.sentiment.forward import values_of
from mitseq.tasks.sentiment.model import classes_of
from mitseq.tasks.sentiment.parts import Part
from mitseq.tasks.sentiment.predict import predict_logits, voters_of
from mitseq.text.ngrams import NGrams
from mitseq.text.tokens import tokenize

STEPS = 32  # of the integral in the recurrent part
SHORT = 64  # words of a text that is read without a graph, if it is the first


def explain(
    model: keras.Model, text: str, label=None, *, max_words: int = 200
) -> Explanation:
    """Returns how much each word of a text speaks for a class.

    Args:
        model: A model of `build_sentiment_model`.
        text: One text.
        label: The class to explain; None for the one that the model predicts.
        max_words: In a longer text only this many words are taken out one by
            one, those with the largest integrated gradients; the others count
            as 0 there.

    Raises:
        MitseqError: if `text` is no string, or `label` no class of the model.
    """
    if not isinstance(text, str):
        raise MitseqError(
            f"`text` must be one str. Received: {type(text).__name__}."
        )
    classes = classes_of(model)
    if label is not None and label not in classes:
        raise MitseqError(
            f"`label` must be one of {classes}. Received: label={label!r}."
        )
    logits = predict_logits(model, [text])
    probs = special.softmax(logits[0])
    c = int(logits[0].argmax()) if label is None else classes.index(label)
    words = tokenize(text) if voters_of(model).reader.reads(text) else []
    gradients = integrated_gradients(model, words, c)
    likely = np.argsort(-np.abs(gradients), kind="stable")[:max_words]
    return Explanation(
        text=text,
        words=words,
        label=classes[c],
        probability=float(probs[c]),
        score=float(score_of(logits, c)[0]),
        contributions={
            "leave_one_out": leave_one_out(model, words, c, likely),
            "integrated_gradients": gradients,
        },
        attention=attention_received(model, words),
    )


def score_of(logits: np.ndarray, c: int) -> np.ndarray:
    """Returns the score of class c, `(N,)`, for logits `(N, C)`.

    Example: it is the class's logit less the mean of the others.

    >>> score_of(np.array([[1.0, 4.0]]), 1)
    array([3.])
    """
    others = np.delete(logits, c, axis=1).mean(axis=1)
    return logits[:, c] - others


def leave_one_out(
    model: keras.Model, words: list[str], c: int, chosen: np.ndarray
) -> np.ndarray:
    """Returns how much the score falls without each of the chosen words.

    `(T,)`, 0 for words that are not chosen; `chosen` are their indices.
    """
    texts = [words, *([*words[:i], *words[i + 1 :]] for i in chosen)]
    scores = score_of(predict_logits(model, list(map(" ".join, texts))), c)
    contributions = np.zeros(len(words))
    contributions[chosen] = scores[0] - scores[1:]
    return contributions


def integrated_gradients(
    model: keras.Model, words: list[str], c: int
) -> np.ndarray:
    """Returns the score shared out among the words, `(T,)`.

    The sum is the score of the text less that of no words.
    """
    total = np.zeros(len(words))
    if not words:
        return total
    tokens = tf.constant([[word.encode() for word in words]])
    voters = voters_of(model)
    for part, worth in zip(voters.parts, values_of(voters.vote.a), strict=True):
        if not worth:
            continue
        if not part.is_linear:
            shares = _fade_in(model, part, tokens, c)
        elif isinstance(part.reader, NGrams):
            found = _ngrams(part, model.get_layer("ids")(tokens))
            shares = _share(part, found, c, len(words))
        else:
            found = _characters(part, tokens, words)
            shares = _share(part, found, c, len(words))
        total += worth * shares
    return total


def _score(z: tf.Tensor, c: int) -> tf.Tensor:
    """`score_of` inside a graph, for a single logit as well."""
    if z.shape[-1] == 1:
        z = tf.concat([tf.zeros_like(z), z], -1)
    others = tf.reduce_sum(z, -1) - z[:, c]
    return z[:, c] - others / (z.shape[-1] - 1)


def _fade_in(model, part: Part, tokens: tf.Tensor, c: int) -> np.ndarray:
    """Integrated gradients of the embedded words."""
    ids = model.get_layer("ids")(tokens)
    steps = model.get_layer("steps")
    kept = steps.places(ids).numpy()[0]  # which words the part reads
    read = tf.cast(steps(ids)[0], tf.int32)
    shares = np.zeros(tokens.shape[1])
    shares[kept] = _faded(part)(read, tf.constant(c)).numpy()
    return shares


class _Faded:
    """All steps of the integral at once, of the words' indices and a class.

    As a graph they take milliseconds, and the graph a second to be made. So a
    first text that is short is read without one.
    """

    def __init__(self, part: Part):
        self.embedding = part.model.layers[1]
        # the mask comes from the indices
        self.rest = keras.Model(
            [self.embedding.output, part.entry], part.verdict.output
        )
        self.is_first = True

    def __call__(self, ids: tf.Tensor, c: tf.Tensor) -> tf.Tensor:
        is_first, self.is_first = self.is_first, False
        if is_first and ids.shape[0] <= SHORT:
            return self.shares(ids, c)
        return self.graph(ids, c)

    @functools.cached_property
    def graph(self) -> Callable:
        # concrete at once: TensorFlow does not warn that many models are many
        signature = tf.TensorSpec([None], tf.int32), tf.TensorSpec([], tf.int32)
        return tf.function(self.shares).get_concrete_function(*signature)

    def shares(self, ids: tf.Tensor, c: tf.Tensor) -> tf.Tensor:
        vectors = self.embedding(ids[None])  # (1, T, D)
        mask_from = tf.repeat(ids[None], STEPS, axis=0)
        a = (tf.range(STEPS, dtype=tf.float32) + 0.5) / STEPS
        faded = tf.cast(a[:, None, None], vectors.dtype) * vectors
        with tf.GradientTape() as tape:
            tape.watch(faded)
            s = _score(self.rest([faded, mask_from], training=False), c)
        slope = tf.reduce_mean(tape.gradient(s, faded), axis=0)  # (T, D)
        return tf.reduce_sum(slope * vectors[0], axis=-1)


@functools.lru_cache(maxsize=4)
def _faded(part: Part) -> _Faded:
    """What fades the words of a part in; a few are remembered."""
    return _Faded(part)


def _ngrams(part: Part, ids: tf.Tensor) -> Iterator[tuple]:
    """Yields features, and the first and the last word of each."""
    for n, row in enumerate(part.reader.at_positions(ids), 1):
        places = np.arange(row.shape[1])
        yield row.numpy()[0], places, places + n - 1


def _characters(part: Part, tokens, words) -> Iterator[tuple]:
    """The same for n-grams of characters: the words that they touch."""
    # the word that begins or goes on at each character, and the last so far
    ahead, behind = [0], [0]
    for i, word in enumerate(words):
        ahead += [i] * len(word) + [min(i + 1, len(words) - 1)]
        behind += [i] * len(word) + [i]
    ahead, behind = np.array(ahead), np.array(behind)
    shortest = part.reader.sizes[0]
    for n, row in enumerate(part.reader.at_positions(tokens), shortest):
        row = row.numpy()[0][: max(len(ahead) - n + 1, 0)]
        places = np.arange(len(row))
        yield row, ahead[places], behind[places + n - 1]


def _share(part: Part, found: Iterable[tuple], c: int, num_words: int):
    """Adds weights[f] / (words * occurrences) to the words first ... last."""
    f, first, last = map(np.concatenate, zip(*found, strict=True))
    there = f > 0
    f, first, last = f[there], first[there], last[there]
    # what each feature adds to the score of class c
    weights = _score(tf.constant(values_of(part.verdict.W)[f]), c).numpy()
    _, place, counts = np.unique(f, return_inverse=True, return_counts=True)
    if part.verdict.scaled:
        weights = weights / max(len(counts), 1) ** 0.5
    share = weights / (counts[place] * (last - first + 1))
    edges = np.zeros(num_words + 1)
    np.add.at(edges, first, share)
    np.add.at(edges, last + 1, -share)
    return np.cumsum(edges)[:-1]


def attention_received(
    model: keras.Model, words: list[str]
) -> np.ndarray | None:
    """Returns how much attention each word gets, in all heads and layers.

    `(T,)` that sums to 1, or None for a model without self-attention.
    """
    kinds = (MultiHeadAttention, TransformerBlock)
    layers = [x for x in model.layers if isinstance(x, kinds)]
    if not layers or not words:
        return None
    ids = model.get_layer("ids")(tf.constant([[w.encode() for w in words]]))
    steps = model.get_layer("steps")
    places = steps.places(ids).numpy()[0]
    # a layer's inputs are the sequence and its mask
    entered = [keras.tree.flatten(layer.input)[0] for layer in layers]
    before = keras.Model(steps.output, entered)
    inputs = before(steps(ids), training=False)
    received = np.zeros(len(words))
    for layer, x in zip(layers, keras.tree.flatten(inputs), strict=True):
        _, weights = layer(x, return_attention_scores=True)
        received[places] += tf.reduce_mean(weights, axis=[0, 1, 2]).numpy()
    return received / received.sum()
