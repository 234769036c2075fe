"""From normalized tunes to (x, y): whole tunes, packed into rows.

Slide: Lecture 2, "Example Task: Music Generation" (docs/slides.md#music).
The target at each step is the next token. The lecture cuts random windows out
of one long text; here a row holds whole tunes, each from its `START`, so that
a model always knows the meter and the key of what it reads, and little of a
row is padding.

Letters: B batch, T steps of a row.
"""

from collections.abc import Iterable

import numpy as np

from mitseq.text.vocabulary import END, PAD, START, Vocabulary
from mitseq.training.batches import EpochBatches

POOL = 1024  # tunes that are packed together; their order is lost, not more


def encode_tunes(
    vocabulary: Vocabulary, tunes: Iterable[str]
) -> list[np.ndarray]:
    """Returns normalized tunes as ids, an array of int32 a tune.

    Example: each stands between `START` and `END`.

    >>> encode_tunes(Vocabulary("AB|", level="character"), ["AB|"])
    [array([1, 3, 4, 5, 2], dtype=int32)]
    """
    return [
        np.array([START, *vocabulary.encode(tune), END], "int32")
        for tune in tunes
    ]


def pack_rows(
    encoded: list[np.ndarray], num_steps: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Packs tunes into rows of equal length, in random order.

    Args:
        encoded: Tunes from `encode_tunes`.
        num_steps: T, the length of a row. What a tune has beyond it is cut
            off.
        rng: Decides the order.

    Returns:
        `x` and `y`, both `(rows, T)` of int32; `y` is `PAD` where there is no
        token to predict.

    Example:

    >>> tune = np.array([1, 5, 6, 2], "int32")
    >>> x, y = pack_rows([tune, tune], 8, np.random.default_rng(0))
    >>> x.tolist(), y.tolist()
    ([[1, 5, 6, 1, 5, 6, 0, 0]], [[5, 6, 2, 5, 6, 2, 0, 0]])
    """
    rows: list[list[np.ndarray]] = []
    order = rng.permutation(len(encoded))
    for start in range(0, len(order), POOL):
        pool = [
            encoded[i][: num_steps + 1] for i in order[start : start + POOL]
        ]
        pool.sort(key=len, reverse=True)
        rows.extend(first_fit(pool, num_steps))
    return fill_rows(
        [rows[j] for j in rng.permutation(len(rows))], num_steps, rng
    )


def fill_rows(
    rows: list[list[np.ndarray]], num_steps: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Puts the tunes of each row one behind the other, in random order.

    The arguments are the encoded tunes of each row, T, and what decides the
    order; `x` and `y` are as of `pack_rows`.
    """
    x = np.full((len(rows), num_steps), PAD, "int32")
    y = np.full((len(rows), num_steps), PAD, "int32")
    for i, row in enumerate(rows):
        at = 0
        for k in rng.permutation(len(row)):
            tune = row[k]
            x[i, at : at + len(tune) - 1] = tune[:-1]
            y[i, at : at + len(tune) - 1] = tune[1:]
            at += len(tune) - 1
    return x, y


class PackedTunes(EpochBatches):
    """The batches of every epoch, `x` and `y` `(B, T)`, packed anew each time.

    `encoded` and `num_steps` are as for `pack_rows`. The last batch is filled
    up with rows of padding.
    """

    def __init__(self, encoded, batch_size: int, num_steps: int, *, seed: int):
        self.encoded, self.seed = encoded, seed
        self.shape = batch_size, num_steps
        self._steps = None
        super().__init__()

    def draw(self, epoch: int) -> int:
        rng = np.random.default_rng([self.seed, epoch])
        x, y = pack_rows(self.encoded, self.shape[1], rng)
        missing = ((0, -len(x) % self.shape[0]), (0, 0))
        self.x, self.y = (
            np.pad(rows, missing, constant_values=PAD).reshape(-1, *self.shape)
            for rows in (x, y)
        )
        # One epoch may pack a row more or less; what counts is the first.
        self._steps = self._steps or len(self.x)
        return self._steps

    def batch(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        index %= len(self.x)
        return self.x[index], self.y[index]


def first_fit(pool: list[np.ndarray], num_steps: int) -> list[list[np.ndarray]]:
    """Returns rows of tunes, each in the first row with room for it.

    The longest stand first in `pool`, and none is longer than T + 1.
    """
    rows: list[list[np.ndarray]] = []
    room = np.zeros(len(pool), "int64")  # left in each row
    for tune in pool:
        need = len(tune) - 1
        fits = np.flatnonzero(room[: len(rows)] >= need)
        at = fits[0] if len(fits) else len(rows)
        if at == len(rows):
            rows.append([])
            room[at] = num_steps
        rows[at].append(tune)
        room[at] -= need
    return rows
