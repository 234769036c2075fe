"""The parts of a sentiment model, and the batches that they learn from.

Slide: Lecture 2, "Handle Variable Sequence Lengths". What the layers that read
strings give for a text is computed once: its indices. A part is a model of its
own over these, from where they enter to its logits.

Letters: N texts, T tokens, F features, C classes.
"""

import math
from collections.abc import Iterator, Sequence

import keras
import numpy as np
import tensorflow as tf

from mitseq.tasks.sentiment.logistic import Bags
from mitseq.tasks.sentiment.verdict import PresentFeatures
from mitseq.training.lengths import bucket_lengths, pad_to_bucket

BATCH = 256  # texts that are read or predicted at once


class Part:
    """One of the parts that vote, as a model of its own over indices.

    Args:
        model: The sentiment model.
        verdict: The layer whose output is the part's logits.
    """

    def __init__(self, model: keras.Model, verdict: keras.layers.Layer):
        self.verdict = verdict
        self.is_linear = isinstance(verdict, PresentFeatures)
        # the layer whose output enters: the last one before the weights
        self.reader = (
            verdict.input._keras_history.operation
            if self.is_linear
            else model.get_layer("steps")
        )
        self.entry = self.reader.output
        self.model = keras.Model(self.entry, verdict.output, name=verdict.name)

    @property
    def name(self) -> str:
        return self.verdict.name.removesuffix("_logits")


def parts_of(model: keras.Model) -> list[Part]:
    """The parts of a sentiment model, in the order in which they vote."""
    verdicts = model.layers[-1].input
    if not isinstance(verdicts, list):
        verdicts = [verdicts]
    return [Part(model, tensor._keras_history.operation) for tensor in verdicts]


def entries(
    model: keras.Model, parts: Sequence[Part], texts: Sequence[str]
) -> list[list[np.ndarray]]:
    """What enters each part, for each text: its indices without padding."""
    reader = tf.function(
        keras.Model(model.input, [part.entry for part in parts]),
        input_signature=[tf.TensorSpec([None], tf.string)],
    )
    found: list[list[np.ndarray]] = [[] for _ in parts]
    for batch in batches_of_texts(texts):
        outputs = keras.tree.flatten(reader(strings(batch)))
        for rows, output in zip(found, outputs, strict=True):
            rows += [row[row > 0].astype("int32") for row in output.numpy()]
    return found


def strings(texts: Sequence[str]) -> tf.Tensor:
    r"""A list of `str` as the tensor that a model takes.

    Example:

    >>> strings(["good", "b\ud800d"]).numpy().tolist()
    [b'good', b'b?d']
    """
    return tf.constant(
        [text.encode("utf-8", "replace") for text in texts],
        tf.string,
        shape=[len(texts)],
    )


def batches_of_texts(texts: Sequence[str], most: int = 2_000_000) -> Iterator:
    """Runs of texts that fill no memory when padded to their longest.

    Args:
        texts: In any order.
        most: Characters of a batch, padding counted.

    Yields:
        Slices of `texts`.

    Example:

    >>> list(batches_of_texts(["a", "bb", "ccc"], most=4))
    [['a', 'bb'], ['ccc']]
    """
    start = longest = 0
    for i, text in enumerate(texts):
        longest_now = max(longest, len(text))
        if i > start and (
            i - start == BATCH or longest_now * (i - start + 1) > most
        ):
            yield texts[start:i]
            start, longest_now = i, len(text)
        longest = longest_now
    if len(texts) > start:
        yield texts[start:]


class Batches(keras.utils.PyDataset):
    """Batches of texts of about the same length, shuffled every epoch.

    Args:
        rows: Indices of each text.
        labels: `(N,)` of int.
        weights: `(N,)`, what each text's loss weighs.
        batch_size: Texts a batch.
        seed: Of the order; None for no shuffling.
    """

    def __init__(self, rows, labels, weights, batch_size, seed=None):
        super().__init__()
        self.rows, self.labels, self.weights = rows, labels, weights
        self.batch_size, self.seed, self.epoch = batch_size, seed, 0
        self.lengths = bucket_lengths(max(map(len, rows), default=1) or 1)
        self.order = self._order()

    def __len__(self) -> int:
        return math.ceil(len(self.rows) / self.batch_size)

    def __getitem__(self, index: int):
        chosen = self.order[index]
        rows = [self.rows[i] for i in chosen]
        x = pad_to_bucket(rows, self.lengths)
        return x, self.labels[chosen], self.weights[chosen]

    def start(self, epoch: int) -> None:
        """Draws the order of an epoch."""
        self.epoch = epoch
        self.order = self._order()

    def on_epoch_end(self):
        self.start(self.epoch + 1)

    def _order(self):
        size, number = self.batch_size, len(self.rows)
        rng = np.random.default_rng((self.seed or 0, self.epoch))
        order = np.arange(number)
        if self.seed is not None:
            order = rng.permutation(number)
        # Chunks of 50 batches, each sorted by length: little padding, and
        # still other neighbors every time.
        batches = []
        for start in range(0, number, 50 * size):
            chunk = order[start : start + 50 * size]
            chunk = sorted(chunk, key=lambda i: len(self.rows[i]))
            batches += [
                np.array(chunk[i : i + size])
                for i in range(0, len(chunk), size)
            ]
        if self.seed is not None:
            rng.shuffle(batches)
        # From the first two batches Keras takes what shape all have: were
        # both of one length, a batch of another one would be an error.
        width = [max(len(self.rows[i]) for i in batch) for batch in batches]
        for place, extreme in enumerate((min, max)[: len(batches)]):
            found = width.index(extreme(width[place:]), place)
            for each in (batches, width):
                each[place], each[found] = each[found], each[place]
        return batches


def verdicts_of(part: Part, rows: Sequence[np.ndarray]) -> np.ndarray:
    """The logits of one part, `(N, C)`."""
    if part.is_linear:
        W, b = part.verdict.get_weights()
        X = Bags(rows, len(W))
        z = X.sums(W)
        return (z / X.root if part.verdict.scaled else z) + b
    zeros = np.zeros(len(rows), "int32")
    data = Batches(rows, zeros, zeros, BATCH)
    logits = np.empty((len(rows), part.verdict.units), "float32")
    for i in range(len(data)):
        logits[data.order[i]] = part.model(data[i][0], training=False)
    return logits


def predict_logits(model: keras.Model, texts: Sequence[str]) -> np.ndarray:
    """The logits of texts, `(N, C)`, in their order.

    Texts of about the same length are read together, so that one long text
    makes no others long.

    Args:
        model: A sentiment model.
        texts: List of `str`.

    Returns:
        `(N, C)`; a single logit z comes as `[0, z]`.
    """
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    if not hasattr(model, "_mitseq_forward"):
        # concrete at once: TensorFlow does not warn that many models are many
        model._mitseq_forward = tf.function(
            lambda x: model(x, training=False),
        ).get_concrete_function(tf.TensorSpec([None], tf.string))
    found = [
        model._mitseq_forward(strings(batch)).numpy()
        for batch in batches_of_texts([texts[i] for i in order])
    ]
    logits = np.zeros((len(texts), model.output_shape[-1]), "float32")
    if found:
        logits[order] = np.concatenate(found)
    if logits.shape[1] == 1:
        logits = np.concatenate([np.zeros_like(logits), logits], axis=1)
    return logits
