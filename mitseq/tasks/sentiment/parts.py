"""The parts of a sentiment model, and the batches that they learn from.

Slide: Lecture 2, "Handle Variable Sequence Lengths". What the layers that read
strings give for a text is computed once: its indices. A part is a model of its
own over these, from where they enter to its logits.

Letters: N texts, T tokens, F features, C classes.
"""

import functools
from collections.abc import Callable, Iterator, Sequence

import keras
import numpy as np
import tensorflow as tf

from mitseq.progress import Work
from mitseq.tasks.sentiment.forward import ForwardLSTM, values_of
from mitseq.tasks.sentiment.logistic import Bags
from mitseq.tasks.sentiment.verdict import PresentFeatures
from mitseq.text.characters import CharacterNGrams
from mitseq.text.cutting import Cutter
from mitseq.text.familiar import Familiar
from mitseq.text.ngrams import NGrams
from mitseq.text.rows import GrowingRows, Rows
from mitseq.text.tokens import CutMiddle, strings
from mitseq.training.batches import EpochBatches
from mitseq.training.lengths import bucket_lengths, pad_to_bucket

BATCH = 256  # texts that are read at once
READ_BY = {NGrams: "ids", CutMiddle: "ids", CharacterNGrams: "tokens"}


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

    @functools.cached_property
    def run(self) -> Callable:
        """What gives the logits of `Rows`; of a part that is not linear."""
        if ForwardLSTM.can_run(self.model) and not _has_gpu():
            return ForwardLSTM(self.model)
        return functools.partial(_run_padded, self.graph)

    @functools.cached_property
    def graph(self) -> Callable:
        """The part as one graph: padded indices in, logits out."""
        # concrete at once: TensorFlow does not warn that many models are many
        function = tf.function(lambda x: self.model(x, training=False))
        shape = tf.TensorSpec([None, None], "int32")
        return function.get_concrete_function(shape)


def parts_of(model: keras.Model) -> list[Part]:
    """Returns the parts of a model, in the order in which they vote."""
    verdicts = model.layers[-1].input
    if not isinstance(verdicts, list):
        verdicts = [verdicts]
    return [Part(model, tensor._keras_history.operation) for tensor in verdicts]


def read_entries(
    model: keras.Model, parts: Sequence[Part], texts: Sequence[str]
) -> list[Rows]:
    """Returns what enters each part, for each text: indices, no padding."""
    with Work("reading texts", len(texts)) as work:
        return EntryReader(model, parts)(texts, work.update)


class EntryReader:
    """Reads what enters parts of a model, from any number of texts.

    It gives what the layers of the model give, without TensorFlow; a layer
    that mitseq does not know runs as it is. Whoever reads often makes it once.
    """

    def __init__(self, model: keras.Model, parts: Sequence[Part]):
        self.model, self.parts = model, parts
        lookup = model.get_layer("ids")
        words = lookup.get_vocabulary()
        self.familiar = next(
            (x for x in model.layers if isinstance(x, Familiar)), None
        )
        source = {"ids": lookup.output, "tokens": lookup.input}
        if self.familiar is not None:  # it stands between them and the parts
            tokens, ids = self.familiar.output
            source = {"ids": ids, "tokens": tokens}
        self.source = source
        self.cut = Cutter({word: i for i, word in enumerate(words)})

    def __call__(
        self, texts: Sequence[str], told: Callable = lambda done: None
    ) -> list[Rows]:
        """Returns for each part its indices of each text, no padding."""
        found = [GrowingRows() for _ in self.parts]
        done = 0
        for batch in batches_of_texts(texts):
            for growing, rows in zip(found, self.read(batch), strict=True):
                growing.add(rows)
            told(done := done + len(batch))
        return [growing.rows() for growing in found]

    def read(
        self, texts: Sequence[str], parts: Sequence[Part] | None = None
    ) -> list[Rows]:
        """Returns for each part, or for some, its indices of a few texts."""
        ids, codes = self.cut(texts)
        if self.familiar is not None:
            known = self.familiar.knows(ids)
            if not known.all():  # the others are read as empty ones
                chosen = np.where(known, np.arange(len(texts)), len(texts))
                ids, codes = (
                    Rows.join([rows, empty]).take(chosen)
                    for rows, empty in zip(
                        (ids, codes), self.cut([""]), strict=True
                    )
                )
        return [
            self._read(part, texts, ids, codes)
            for part in (self.parts if parts is None else parts)
        ]

    def reads(self, text: str) -> bool:
        """Tells whether a text is read: too few of its words may be known."""
        if self.familiar is None:
            return True
        ids, _ = self.cut([text])
        return bool(self.familiar.knows(ids)[0])

    def _read(self, part, texts, ids, codes):
        reader = part.reader
        entered = READ_BY.get(type(reader))
        if entered is None or reader.input is not self.source[entered]:
            return self._by_graph(part, texts)
        if isinstance(reader, CharacterNGrams):
            return reader.of_rows(codes)
        if isinstance(reader, NGrams):
            return reader.of_rows(ids, values_of(reader.keys))
        return reader.of_rows(ids)

    def _by_graph(self, part, texts):
        graph = keras.Model(self.model.input, part.entry)
        return Rows.of(graph(strings(texts)).numpy())


def batches_of_texts(
    texts: Sequence[str], most: int = 2_000_000, size: int = BATCH
) -> Iterator:
    """Yields runs of texts that fill no memory when padded to their longest.

    Example: at most 4 characters, padding counted.

    >>> list(batches_of_texts(["a", "bb", "ccc"], most=4))
    [['a', 'bb'], ['ccc']]
    """
    start = longest = 0
    for i, text in enumerate(texts):
        longest_now = max(longest, len(text))
        if i > start and (
            i - start == size or longest_now * (i - start + 1) > most
        ):
            yield texts[start:i]
            start, longest_now = i, len(text)
        longest = longest_now
    if len(texts) > start:
        yield texts[start:]


def step_lengths(longest: int) -> list[int]:
    """Returns the lengths to which texts are padded.

    Where XLA compiles each length anew, on a GPU, there are few. On a CPU one
    graph reads any length, and every step of padding is time for nothing.
    """
    if _has_gpu():
        return bucket_lengths(longest)
    return list(range(8, longest + 8, 8))


class TextBatches(EpochBatches):
    """Batches of texts of about the same length, shuffled every epoch.

    `rows` are the indices of each text, `weights` what its loss weighs; without
    a seed nothing is shuffled.
    """

    def __init__(self, rows, labels, weights, batch_size, seed=None):
        self.rows, self.labels, self.weights = rows, labels, weights
        self.batch_size, self.seed = batch_size, seed
        self.sizes = list(map(len, rows))
        self.lengths = step_lengths(max(self.sizes, default=1) or 1)
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
            chunk = sorted(chunk, key=self.sizes.__getitem__)
            batches += [
                np.array(chunk[i : i + size])
                for i in range(0, len(chunk), size)
            ]
        if is_shuffled:
            rng.shuffle(batches)
        # From the first two batches Keras takes what shape all have: were
        # both of one length, a batch of another one would be an error.
        width = [max(self.sizes[i] for i in batch) for batch in batches]
        for place, extreme in enumerate((min, max)[: len(batches)]):
            found = width.index(extreme(width[place:]), place)
            for each in (batches, width):
                each[place], each[found] = each[found], each[place]
        self.order = batches
        return len(batches)


def verdicts_of(part: Part, rows: Sequence[np.ndarray]) -> np.ndarray:
    """Returns the logits of one part, `(N, C)`."""
    if not part.is_linear:
        return part.run(Rows.of(rows))
    return LinearVerdict(part)(rows)


class LinearVerdict:
    """The logits of a linear part, with its weights as they are now."""

    def __init__(self, part: Part):
        self.is_scaled = part.verdict.scaled
        self.W, self.b = values_of(part.verdict.W), values_of(part.verdict.b)
        # of two classes one logit may be the other's negative: half the work
        self.is_one = self.W.shape[1] == 2 and not np.any(
            self.W[:, 0] + self.W[:, 1]
        )
        self.columns = (
            np.ascontiguousarray(self.W[:, 1:]) if self.is_one else self.W
        )

    def __call__(self, rows: Sequence[np.ndarray]) -> np.ndarray:
        X = Bags(rows, len(self.W))
        z = X.sums(self.columns)
        if self.is_scaled:
            z = z / X.root
        return (np.concatenate([-z, z], 1) if self.is_one else z) + self.b


def _run_padded(graph: Callable, rows: Rows) -> np.ndarray:
    zeros = np.zeros(len(rows), "int32")
    data = TextBatches(rows, zeros, zeros, BATCH)
    found = [graph(tf.constant(data[i][0], "int32")) for i in range(len(data))]
    logits = np.empty(
        (len(rows), graph.structured_outputs.shape[-1]), "float32"
    )
    for chosen, z in zip(data.order, found, strict=True):
        logits[chosen] = z
    return logits


def _has_gpu() -> bool:
    return bool(tf.config.list_physical_devices("GPU"))
