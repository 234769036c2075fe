"""Near-duplicates: the same tune, written down twice.

Folk tunes exist in many transcriptions: another key, another octave, other
ornaments, dotted or even. A model that learned one of them has seen the others,
so they must stand on the same side of a split.

What stays the same is the melody as steps up and down. A tune becomes the set
of its `WINDOW`-note melodies, each written as diatonic steps from its first
note (so the key does not matter, nor does the rhythm), and two tunes count as
one when they share enough of these.
"""

from collections.abc import Iterator, Sequence

import numpy as np

WINDOW = 9  # notes in one shingle, about a bar of eighths
# The same tune: this share of the smaller one's shingles, and at least so many.
# In the music21 collections, pairs from 0.25 up are one tune in two versions
# nearly without exception; from 0.15 to 0.2 they share a phrase.
SHARED = 0.25
FEW = 4
# A shingle of very many tunes (a scale) pairs each with so many of the others
# only, and pairs are counted for so many tunes at a time: the time grows with
# the number of tunes, and the memory does not.
NEIGHBORS = 50
BLOCK = 1000

_ODD = np.random.default_rng(0).integers(2**64, size=64, dtype=np.uint64) | 1
_STEP, _OCTAVE, _IS_DIGIT = (np.full(256, fill) for fill in (-1, 0, False))
_STEP[list(b"CDEFGABcdefgab")] = range(14)
_OCTAVE[list(b"',")] = (1, -1)
_IS_DIGIT[list(b"0123456789")] = True


def staff_steps(normalized: str) -> np.ndarray:
    r"""Returns the diatonic numbers of a normalized tune's notes.

    They are `(T,)` integers: C is 0, D is 1, c is 7.

    Example:

    >>> staff_steps("M:6/8\nL:1/8\nK:D\nC2D^c'|\n").tolist()
    [0, 1, 14]
    """
    body = normalized.rstrip("\n").rpartition("\n")[2]
    codes = np.frombuffer(body.encode("latin-1", "replace"), dtype=np.uint8)
    is_note = _STEP[codes] >= 0
    # Marks follow their note; the comma of an ending, `|1,2`, follows a digit.
    octaves = np.where(_IS_DIGIT[np.roll(codes, 1)], 0, _OCTAVE[codes])
    octave_sums = np.r_[0, np.cumsum(octaves)]
    starts = np.flatnonzero(is_note)
    ends = np.r_[starts[1:], len(codes)]
    shifts = octave_sums[ends] - octave_sums[starts] if len(starts) else 0
    return _STEP[codes[starts]] + 7 * shifts


def shingles(steps: np.ndarray, window: int = WINDOW) -> np.ndarray:
    """Returns hashes of all runs of `window` notes, whatever note is the first.

    They are 32-bit, sorted and unique. A tune shorter than a run is one run.
    """
    intervals = np.diff(steps)
    if len(intervals) < window - 1:
        intervals = np.pad(intervals, (0, window - 1 - len(intervals)))
    runs = np.lib.stride_tricks.sliding_window_view(intervals, window - 1)
    # A product with odd 64-bit numbers, of which the upper half is well mixed.
    hashes = runs.astype(np.uint64) @ _ODD[: window - 1]
    return np.unique((hashes >> np.uint64(32)).astype(np.uint32))


def near_duplicate_groups(tunes: Sequence[str]) -> list[list[int]]:
    """Groups normalized tunes that are one tune in several transcriptions.

    Returns:
        The indices of the tunes, group by group; both the groups and the
        indices in each are in the order of `tunes`. Most groups have one.
    """
    sets = [shingles(staff_steps(tune)) for tune in tunes]
    parents = list(range(len(tunes)))

    def root(i: int) -> int:
        while parents[i] != i:
            parents[i] = parents[parents[i]]
            i = parents[i]
        return i

    for i, j in _same_tune(sets) if sets else ():
        i, j = root(i), root(j)
        if i != j:
            parents[max(i, j)] = min(i, j)
    groups: dict[int, list[int]] = {}
    for i in range(len(tunes)):
        groups.setdefault(root(i), []).append(i)
    return list(groups.values())


def _same_tune(sets: list[np.ndarray]) -> Iterator[tuple[int, int]]:
    """Yields the pairs that share enough of the smaller one's shingles."""
    sizes = np.asarray([len(hashes) for hashes in sets])
    # One number for shingle and tune: sorted, the tunes that share a shingle
    # stand side by side, in order. A shingle of one tune tells nothing.
    owners = np.repeat(np.arange(len(sets), dtype=np.uint64), sizes)
    keys = (np.concatenate(sets).astype(np.uint64) << np.uint64(32)) | owners
    keys.sort()
    keys = keys[_has_equal_neighbor(keys >> np.uint64(32))]
    hashes = keys >> np.uint64(32)
    owners = (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    hashes = (keys >> np.uint64(32)).astype(np.uint32)
    del keys
    ends = np.searchsorted(hashes, hashes, side="right").astype(np.uint32)
    del hashes
    places = np.argsort(owners, kind="stable").astype(np.uint32)
    blocks = np.arange(0, len(sets) + BLOCK, BLOCK)
    edges = np.searchsorted(owners[places], blocks)
    for first, last in zip(edges, edges[1:], strict=False):
        place = places[first:last]
        pairs = []
        for distance in range(1, NEIGHBORS + 1):
            place = place[place + distance < ends[place]]
            first_owners = owners[place].astype(np.int64) * len(sets)
            pairs.append(first_owners + owners[place + distance])
        codes, shared = np.unique(np.concatenate(pairs), return_counts=True)
        i, j = np.divmod(codes, len(sets))
        smaller = np.minimum(sizes[i], sizes[j])
        same = shared >= np.minimum(np.maximum(SHARED * smaller, FEW), smaller)
        yield from zip(i[same].tolist(), j[same].tolist(), strict=True)


def _has_equal_neighbor(values: np.ndarray) -> np.ndarray:
    equal = values[1:] == values[:-1]
    return np.r_[equal, False] | np.r_[False, equal]
