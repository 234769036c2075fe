"""Sequences of different lengths without a new graph for each length.

A compiled graph has one length. If every batch were padded to its own longest
sequence, XLA would compile for every new length it meets. So lengths are
rounded up to a few buckets, 16, 32, 64, ...: L different lengths need about
log2(L / 16) graphs, and at most half of a row (beyond 16 steps) is padding.

Letters: B batch, T steps of a row.
"""

import bisect
from collections.abc import Iterable, Iterator, Sequence

import numpy as np


def bucket_lengths(longest: int, shortest: int = 16) -> list[int]:
    """Returns the buckets up to `longest`: `shortest` times powers of two.

    Raises:
        ValueError: if one of the two is not positive.

    Example:

    >>> bucket_lengths(100)
    [16, 32, 64, 128]
    """
    for name, value in (("longest", longest), ("shortest", shortest)):
        if value < 1:
            raise ValueError(
                f"`{name}` must be a positive int. Received: {name}={value!r}."
            )
    lengths = [shortest]
    while lengths[-1] < longest:
        lengths.append(2 * lengths[-1])
    return lengths


def pad_to_bucket(
    sequences: Sequence[Sequence[int]],
    lengths: Sequence[int],
    value: int = 0,
) -> np.ndarray:
    """Pads B sequences to the shortest bucket that holds them all.

    `(B, T)` of int32, T one of `lengths`; `value` stands behind a sequence's
    end.

    Raises:
        ValueError: if a sequence is longer than the last bucket.

    Example:

    >>> pad_to_bucket([[7, 8, 9], [5]], [2, 4])
    array([[7, 8, 9, 0],
           [5, 0, 0, 0]], dtype=int32)
    """
    longest = max(map(len, sequences), default=0)
    num_steps = lengths[_bucket(longest, lengths)]
    rows = np.full((len(sequences), num_steps), value, "int32")
    for row, sequence in zip(rows, sequences, strict=True):
        row[: len(sequence)] = sequence
    return rows


def bucket_batches(
    sequences: Iterable[Sequence[int]],
    batch_size: int,
    lengths: Sequence[int],
    value: int = 0,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Gathers sequences of about the same length into padded batches.

    Only one batch a bucket is held at any time. The last batch of a bucket is
    filled up with rows of `value`, so that it has no shape of its own; its
    indices are -1 there.

    Args:
        sequences: Sequences of ids, in any order.
        batch_size: B.
        lengths: The buckets, in rising order.
        value: What stands behind a sequence's end.

    Yields:
        A batch `(B, T)` of int32 and the indices `(B,)` of its sequences.

    Raises:
        ValueError: if a sequence is longer than the last bucket.

    Example:

    >>> for batch, indices in bucket_batches([[1], [2, 3, 4], [5]], 2, [1, 4]):
    ...     print(batch.tolist(), indices.tolist())
    [[1], [5]] [0, 2]
    [[2, 3, 4, 0], [0, 0, 0, 0]] [1, -1]
    """
    waiting = [[] for _ in lengths]

    def batch_of(bucket):
        members = waiting[bucket]
        missing = batch_size - len(members)
        rows = [row for _, row in members] + [()] * missing
        indices = [index for index, _ in members] + [-1] * missing
        waiting[bucket] = []
        return (
            pad_to_bucket(rows, lengths[bucket : bucket + 1], value),
            np.array(indices),
        )

    for index, sequence in enumerate(sequences):
        bucket = _bucket(len(sequence), lengths)
        waiting[bucket].append((index, sequence))
        if len(waiting[bucket]) == batch_size:
            yield batch_of(bucket)
    for bucket, members in enumerate(waiting):
        if members:
            yield batch_of(bucket)


def _bucket(length, lengths):
    bucket = bisect.bisect_left(lengths, length)
    if bucket == len(lengths):
        raise ValueError(
            "`lengths` must end with a bucket that holds the longest sequence."
            f" Received: lengths={list(lengths)}, a sequence of {length}."
        )
    return bucket
