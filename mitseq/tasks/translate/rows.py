"""From pairs to batches: what is read, what is known, what is to be written.

Notes: "Machine Translation" (docs/slides.md#translation). In training the
decoder is given the right word before each step, whatever it would have
written (teacher forcing). Sentences of about the same length share a batch, so
that little of it is padding.

Letters: B batch, S source steps, T target steps.
"""

from collections.abc import Sequence

import numpy as np

from mitseq.tasks.translate.pairs import Pair
from mitseq.text.vocabulary import END, PAD, START
from mitseq.text.words import WordIndex, cut_words
from mitseq.training.batches import EpochBatches

POOL = 50  # batches whose sentences are sorted together
Row = tuple[list[int], list[int]]


def encode_pairs(
    source: WordIndex, target: WordIndex, pairs: Sequence[Pair]
) -> list[Row]:
    """Returns the ids of each pair: the source, the target, and their ends.

    The source ends with `END`; the target stands between `START` and `END`.
    """
    return [
        (
            encode_source(source, pair.source),
            [START, *target.encode(cut_words(pair.target)), END],
        )
        for pair in pairs
    ]


def encode_source(index: WordIndex, text: str) -> list[int]:
    """Returns the ids of a sentence as the encoder reads them."""
    return [*index.encode(cut_words(text)), END]


def pad(sequences: Sequence[Sequence[int]]) -> np.ndarray:
    """Returns sequences as one array, `PAD` behind the shorter.

    Example:

    >>> pad([[5, 6], [7]])
    array([[5, 6],
           [7, 0]], dtype=int32)
    """
    longest = max(map(len, sequences), default=0)
    rows = np.full((len(sequences), longest), PAD, "int32")
    for row, ids in zip(rows, sequences, strict=True):
        row[: len(ids)] = ids
    return rows


class PairBatches(EpochBatches):
    """The batches of every epoch, in an order that its number decides.

    Args:
        rows: From `encode_pairs`.
        batch_size: Pairs of a batch; the last one may have fewer.
        seed: Of the order.
        is_shuffled: False for data that is only measured.

    Example:

    >>> batches = PairBatches([([5, 2], [1, 7, 8, 2])], 4, seed=0)
    >>> (source, before), after = batches[0]
    >>> source.tolist(), before.tolist(), after.tolist()
    ([[5, 2]], [[1, 7, 8]], [[7, 8, 2]])
    """

    def __init__(
        self,
        rows: Sequence[Row],
        batch_size: int,
        *,
        seed: int = 0,
        is_shuffled: bool = True,
    ):
        self.rows, self.batch_size, self.seed = rows, batch_size, seed
        self.is_shuffled = is_shuffled
        super().__init__()

    def draw(self, epoch: int) -> int:
        rng = np.random.default_rng([self.seed, epoch])
        order = np.arange(len(self.rows))
        if self.is_shuffled:
            order = rng.permutation(order)
        lengths = [len(source) + len(target) for source, target in self.rows]
        size = POOL * self.batch_size
        batches: list[np.ndarray] = []
        for at in range(0, len(order), size):
            pool = sorted(order[at : at + size], key=lengths.__getitem__)
            batches += [
                np.array(pool[i : i + self.batch_size])
                for i in range(0, len(pool), self.batch_size)
            ]
        if self.is_shuffled:
            batches = [batches[i] for i in rng.permutation(len(batches))]
        self.batches = batches
        return len(batches)

    def batch(self, index: int) -> tuple[tuple, np.ndarray]:
        sources, targets = zip(
            *(self.rows[i] for i in self.batches[index]), strict=True
        )
        target = pad(targets)
        return (pad(sources), target[:, :-1]), target[:, 1:]

    def spec_examples(self) -> list:
        """Two batches that have no length in common."""
        first = self.batch(0)
        return [
            first,
            ((first[0][0][:, :0], first[0][1][:, :0]), first[1][:, :0]),
        ]
