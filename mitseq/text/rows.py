"""Rows of different lengths, all in one array.

No slide of its own. A text has as many words, and as many features, as it has.
A list of small arrays takes more time to make than what is in it; here all rows
stand behind each other, and `starts` says where each of them begins.

Letters: N rows.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

BLOCK = 4_000_000  # values whose places are looked at together
GROWTH = 8  # an array that is too small grows by an eighth more


class Rows(Sequence):
    """N rows of integers, which can be read like a list of arrays.

    Args:
        values: All rows, one behind the other.
        starts: `(N + 1,)`, where each row begins, and where the last one ends.

    Example:

    >>> rows = Rows(np.array([5, 6, 7]), np.array([0, 2, 2, 3]))
    >>> [row.tolist() for row in rows]
    [[5, 6], [], [7]]
    >>> rows.lengths.tolist()
    [2, 0, 1]
    """

    def __init__(self, values: np.ndarray, starts: np.ndarray):
        self.values, self.starts = values, starts

    @classmethod
    def of(cls, rows: Iterable[np.ndarray], dtype: str = "int32") -> Rows:
        """Returns any rows as `Rows`; zeros in between are left out."""
        if isinstance(rows, Rows):
            return rows
        rows = [np.asarray(row) for row in rows]
        kept = [row[row > 0] for row in rows]
        return cls.behind_each_other(kept, dtype)

    @classmethod
    def behind_each_other(
        cls, rows: Sequence[np.ndarray], dtype: str = "int32"
    ) -> Rows:
        """Returns the rows of a list of arrays."""
        starts = np.zeros(len(rows) + 1, "int64")
        np.cumsum([len(row) for row in rows], out=starts[1:])
        values = np.empty(starts[-1], dtype)
        if rows:
            np.concatenate(rows, out=values, casting="unsafe")
        return cls(values, starts)

    @classmethod
    def join(cls, pieces: Iterable[Rows]) -> Rows:
        """Returns the rows of several, those of the first one first.

        Pieces that are made one after another need not be in memory together.

        Example:

        >>> rows = Rows(np.array([5, 6, 7]), np.array([0, 2, 3]))
        >>> joined = Rows.join(rows[i:] for i in range(2))
        >>> [row.tolist() for row in joined]
        [[5, 6], [7], [7]]
        """
        joined = GrowingRows()
        for piece in pieces:
            joined.add(piece)
        return joined.rows()

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, index):
        if isinstance(index, slice):
            first, stop, step = index.indices(len(self))
            if step != 1:
                return self.take(np.arange(first, stop, step))
            starts = self.starts[first : max(stop, first) + 1]
            return Rows(self.values[starts[0] : starts[-1]], starts - starts[0])
        if not -len(self) <= index < len(self):
            raise IndexError(f"row {index} of {len(self)}")
        index %= len(self)
        return self.values[self.starts[index] : self.starts[index + 1]]

    def __iter__(self) -> Iterator[np.ndarray]:
        edges = self.starts.tolist()
        for first, stop in zip(edges[:-1], edges[1:], strict=True):
            yield self.values[first:stop]

    @property
    def lengths(self) -> np.ndarray:
        """The length of each row, `(N,)`."""
        return np.diff(self.starts)

    @property
    def numbers(self) -> np.ndarray:
        """In which row each value stands, as long as `values`."""
        return np.repeat(np.arange(len(self)), self.lengths)

    def take(self, chosen: np.ndarray) -> Rows:
        """Returns the rows of some indices, in their order.

        A run of neighbors shares the memory of all.

        Example:

        >>> rows = Rows(np.array([5, 6, 7]), np.array([0, 2, 3]))
        >>> [row.tolist() for row in rows.take(np.array([1, 0]))]
        [[7], [5, 6]]
        """
        chosen = np.asarray(chosen, "int64")
        if len(chosen) and np.array_equal(
            chosen, np.arange(chosen[0], chosen[0] + len(chosen))
        ):
            return self[int(chosen[0]) : int(chosen[0]) + len(chosen)]
        lengths = self.lengths[chosen]
        starts = np.zeros(len(chosen) + 1, "int64")
        np.cumsum(lengths, out=starts[1:])
        # from where each value comes: its row's start, and on from there
        ahead = self.starts[chosen] - starts[:-1]
        values = np.empty(starts[-1], self.values.dtype)
        for i, j in itertools.pairwise(runs(starts, BLOCK)):
            places = np.repeat(ahead[i:j], lengths[i:j])
            places += np.arange(starts[i], starts[j])
            self.values.take(places, out=values[starts[i] : starts[j]])
        return Rows(values, starts)


class GrowingRows:
    """Rows that come piece by piece, in one array that grows.

    A list of the pieces, to be joined at the end, would take the memory twice.
    The first piece decides on the dtype.

    Example:

    >>> growing = GrowingRows()
    >>> for number in range(3):
    ...     growing.add(Rows.of([np.arange(1, number + 1)]))
    >>> [row.tolist() for row in growing.rows()]
    [[], [1], [1, 2]]
    """

    def __init__(self):
        self._values, self._size = np.empty(0, "int32"), 0
        self._lengths = [np.zeros(0, "int64")]

    def add(self, rows: Rows) -> None:
        """Puts rows behind those that are there."""
        if not self._size:
            self._values = np.empty(0, rows.values.dtype)
        size = self._size + len(rows.values)
        if size > len(self._values):
            self._resize(size + size // GROWTH)
        place = self._values[self._size : size]
        np.copyto(place, rows.values, casting="safe")  # none is cut short
        self._size = size
        self._lengths.append(rows.lengths)

    def rows(self) -> Rows:
        """Returns all rows; nothing can be added afterwards."""
        self._resize(self._size)
        starts = np.append(0, np.cumsum(np.concatenate(self._lengths)))
        return Rows(self._values, starts)

    def _resize(self, size):
        # a large array moves without being copied; nobody else has it
        self._values.resize(size, refcheck=False)


def runs(starts: np.ndarray, size: int) -> np.ndarray:
    """Cuts rows into runs of about as many values, whole rows each.

    Args:
        starts: `(N + 1,)`, as of `Rows`.
        size: Values of a run; one has more where its last row is long.

    Returns:
        The first row of each run, and N.

    Example:

    >>> runs(np.array([0, 2, 4, 9, 10]), size=4).tolist()
    [0, 2, 3, 4]
    """
    firsts = np.unique(starts[:-1] // size, return_index=True)[1]
    return np.append(firsts, len(starts) - 1)
