"""Batches of the paths that somebody has measured.

The end of each path is held out. What is learned from are pieces of the rest,
each epoch others. Read train.py for the balls that are simulated.
"""

from collections.abc import Sequence

import numpy as np

from mitseq.errors import MitseqError
from mitseq.training.batches import EpochBatches

SHORTEST = 20  # positions of a path
HELD_OUT = 5  # a path's last part of so many


class Tracks(EpochBatches):
    """Pieces of paths, drawn anew in each epoch.

    Args:
        paths: `(T, 2)` each, positions in a box from 0 to 1.
        length: Most positions of a piece.
        batch: Pieces of a batch.
        steps: Batches of an epoch.
        seed: Another seed, other pieces.

    Raises:
        MitseqError: if a path has fewer than 20 positions.

    Example:

    >>> tracks = Tracks([np.zeros((30, 2))], length=8, batch=4, steps=2)
    >>> x, y = tracks[0]
    >>> x.shape, y.shape, tracks.held_out.shape
    ((4, 7, 2), (4, 7, 2), (1, 6, 2))
    """

    def __init__(
        self,
        paths: Sequence[np.ndarray],
        length: int,
        batch: int,
        steps: int,
        seed: int = 0,
    ):
        shortest = min(map(len, paths))
        if shortest < SHORTEST:
            raise MitseqError(
                f"each path must have at least {SHORTEST} positions to learn "
                f"from. Received: one with {shortest}."
            )
        ends = [len(path) - len(path) // HELD_OUT for path in paths]
        parts = [
            (path[:end], path[end:])
            for path, end in zip(paths, ends, strict=True)
        ]
        self.pieces = _pieces([first for first, _ in parts], length, True)
        self.held_out = _pieces([last for _, last in parts], length, False)
        self.size, self.per_epoch, self.seed = batch, steps, seed
        super().__init__()

    def draw(self, epoch: int) -> int:
        rng = np.random.default_rng([self.seed, epoch])
        count = self.size * self.per_epoch
        self.drawn = rng.integers(len(self.pieces), size=count)
        return self.per_epoch

    def batch(self, index: int):
        rows = self.drawn[self.size * index : self.size * (index + 1)]
        return self.pieces[rows, :-1], self.pieces[rows, 1:]


def _pieces(paths, length, overlap) -> np.ndarray:  # (pieces, length, 2)
    length = min(length, *map(len, paths))
    stride = 1 if overlap else length
    return np.array(
        [
            path[start : start + length]
            for path in paths
            for start in range(0, len(path) - length + 1, stride)
        ],
        "float32",
    )
