"""The parts of a sentiment model, and the batches that they learn from.

Slide: Lecture 2, "Handle Variable Sequence Lengths". What the layers that read
strings give for a text is computed once: its indices. A part is a model of its
own over these, from where they enter to its logits.

Letters: N texts, T tokens, F features, C classes.
"""

from collections.abc import Callable, Sequence

import keras
import numpy as np
import tensorflow as tf

from mitseq.progress import Work
from mitseq.tasks.sentiment.logistic import Bags
from mitseq.tasks.sentiment.predict import BATCH, batches_of_texts, strings
from mitseq.tasks.sentiment.verdict import PresentFeatures
from mitseq.training.batches import EpochBatches
from mitseq.training.lengths import bucket_lengths, pad_to_bucket


class Part:
    """One of the parts that vote, as a model of its own over indices.

    `verdict` is the layer whose output is its logits.
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
    """Returns the parts of a model, in the order in which they vote."""
    verdicts = model.layers[-1].input
    if not isinstance(verdicts, list):
        verdicts = [verdicts]
    return [Part(model, tensor._keras_history.operation) for tensor in verdicts]


def read_entries(
    model: keras.Model, parts: Sequence[Part], texts: Sequence[str]
) -> list[list[np.ndarray]]:
    """Returns what enters each part, for each text: indices, no padding."""
    with Work("reading texts", len(texts)) as work:
        return EntryReader(model, parts)(texts, work.update)


class EntryReader:
    """Reads what enters parts of a model, from any number of texts.

    It is one graph: whoever reads often makes it once.
    """

    def __init__(self, model: keras.Model, parts: Sequence[Part]):
        self.count = len(parts)
        self.graph = tf.function(
            keras.Model(model.input, [part.entry for part in parts]),
            input_signature=[tf.TensorSpec([None], tf.string)],
        )

    def __call__(
        self, texts: Sequence[str], told: Callable = lambda done: None
    ) -> list[list[np.ndarray]]:
        """Returns for each part its indices of each text, no padding."""
        found: list[list[np.ndarray]] = [[] for _ in range(self.count)]
        for batch in batches_of_texts(texts):
            outputs = keras.tree.flatten(self.graph(strings(batch)))
            for rows, output in zip(found, outputs, strict=True):
                rows += [row[row > 0].astype("int32") for row in output.numpy()]
            told(len(found[0]))
        return found


class TextBatches(EpochBatches):
    """Batches of texts of about the same length, shuffled every epoch.

    `rows` are the indices of each text, `weights` what its loss weighs; without
    a seed nothing is shuffled.
    """

    def __init__(self, rows, labels, weights, batch_size, seed=None):
        self.rows, self.labels, self.weights = rows, labels, weights
        self.batch_size, self.seed = batch_size, seed
        self.lengths = bucket_lengths(max(map(len, rows), default=1) or 1)
        super().__init__()

    def batch(self, index: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        chosen = self.order[index]
        rows = [self.rows[i] for i in chosen]
        x = pad_to_bucket(rows, self.lengths)
        return x, self.labels[chosen], self.weights[chosen]

    def draw(self, epoch: int) -> int:
        size, number = self.batch_size, len(self.rows)
        is_shuffled = self.seed is not None
        rng = np.random.default_rng((self.seed or 0, epoch))
        order = rng.permutation(number) if is_shuffled else np.arange(number)
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
        if is_shuffled:
            rng.shuffle(batches)
        # From the first two batches Keras takes what shape all have: were
        # both of one length, a batch of another one would be an error.
        width = [max(len(self.rows[i]) for i in batch) for batch in batches]
        for place, extreme in enumerate((min, max)[: len(batches)]):
            found = width.index(extreme(width[place:]), place)
            for each in (batches, width):
                each[place], each[found] = each[found], each[place]
        self.order = batches
        return len(batches)


def verdicts_of(part: Part, rows: Sequence[np.ndarray]) -> np.ndarray:
    """Returns the logits of one part, `(N, C)`."""
    if part.is_linear:
        W, b = part.verdict.get_weights()
        X = Bags(rows, len(W))
        z = X.sums(W)
        return (z / X.root if part.verdict.scaled else z) + b
    zeros = np.zeros(len(rows), "int32")
    data = TextBatches(rows, zeros, zeros, BATCH)
    logits = np.empty((len(rows), part.verdict.units), "float32")
    for i in range(len(data)):
        logits[data.order[i]] = part.model(data[i][0], training=False)
    return logits
