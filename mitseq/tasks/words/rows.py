"""From texts to (x, y): at each word, the next one.

Slide: Lecture 2, "A Sequence Modeling Problem: Predict the Next Word"
(docs/slides.md#next-word). A text stands between `START` and `END`. One that is
longer than a row goes on in the next row, whose first word is the last one of
the row before.

Letters: B batch, T steps of a row.
"""

from collections.abc import Iterable

import numpy as np

from mitseq.text.vocabulary import END, PAD, START
from mitseq.text.words import WordIndex, cut_words
from mitseq.training.batches import EpochBatches


def encode_texts(index: WordIndex, texts: Iterable[str]) -> list[list[int]]:
    """Returns the ids of texts, each between `START` and `END`."""
    return [[START, *index.encode(cut_words(t)), END] for t in texts]


def rows_of(
    encoded: Iterable[list[int]], num_steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """Returns what is read and what is to be predicted.

    Args:
        encoded: From `encode_texts`.
        num_steps: T, the most steps of a row; fewer if no text needs them.

    Returns:
        `x` and `y`, both `(rows, T)` of int32, `PAD` behind the end.

    Example:

    >>> x, y = rows_of([[1, 5, 6, 7, 2]], 3)
    >>> x.tolist(), y.tolist()
    ([[1, 5, 6], [7, 0, 0]], [[5, 6, 7], [2, 0, 0]])
    """
    pieces = [
        ids[at : at + num_steps + 1]
        for ids in encoded
        for at in range(0, len(ids) - 1, num_steps)
    ]
    longest = max(map(len, pieces), default=1) - 1
    x = np.full((len(pieces), longest), PAD, "int32")
    y = np.full((len(pieces), longest), PAD, "int32")
    for i, ids in enumerate(pieces):
        x[i, : len(ids) - 1], y[i, : len(ids) - 1] = ids[:-1], ids[1:]
    return x, y


class RowBatches(EpochBatches):
    """The batches of every epoch, in an order that its number decides.

    `x` and `y` are from `rows_of`. The last batch is filled up with
    rows of the first, so that all have one shape.
    """

    def __init__(self, x, y, batch_size: int, *, seed: int):
        self.x, self.y = x, y
        self.batch_size, self.seed = batch_size, seed
        super().__init__()

    def draw(self, epoch: int) -> int:
        rng = np.random.default_rng([self.seed, epoch])
        order = rng.permutation(len(self.x))
        missing = -len(order) % self.batch_size
        self.order = np.resize(order, len(order) + missing)
        return len(self.order) // self.batch_size

    def batch(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        rows = self.order[index * self.batch_size :][: self.batch_size]
        return self.x[rows], self.y[rows]
