"""Near-duplicates: the same tune, written down twice.

Folk tunes exist in many transcriptions: another key, another octave, other
ornaments, dotted or even. A model that learned one of them has seen the others,
so they must stand on the same side of a split.

What stays the same is the melody as steps up and down. A tune becomes the set
of its `WINDOW`-note melodies, each written as diatonic steps from its first
note (so the key does not matter, nor does the rhythm), and two tunes count as
one when they share enough of these.
"""

import re
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

_NOTE = re.compile(r"([A-Ga-g])([,']*)")
_STEP = {letter: step for step, letter in enumerate("CDEFGABcdefgab")}


def melody(normalized: str) -> np.ndarray:
    r"""Turns a normalized tune into the diatonic numbers of its notes.

    Args:
        normalized: Text as `normalize` writes it.

    Returns:
        `(T,)` integers: C is 0, D is 1, c is 7.

    Example:

    >>> melody("M:6/8\nL:1/8\nK:D\nC2D^c'|\n").tolist()
    [0, 1, 14]
    """
    body = normalized.rstrip("\n").rpartition("\n")[2]
    steps = [
        _STEP[letter] + 7 * (marks.count("'") - marks.count(","))
        for letter, marks in _NOTE.findall(body)
    ]
    return np.asarray(steps, dtype=np.int64)


def shingles(steps: np.ndarray, window: int = WINDOW) -> np.ndarray:
    """Hashes every run of `window` notes, whatever note it starts on.

    Args:
        steps: `(T,)` diatonic numbers from `melody`.
        window: Notes in one run. A shorter tune is one run.

    Returns:
        Sorted, unique 64-bit hashes.
    """
    intervals = np.diff(steps)
    if len(intervals) < window - 1:
        intervals = np.pad(intervals, (0, window - 1 - len(intervals)))
    runs = np.lib.stride_tricks.sliding_window_view(intervals, window - 1)
    hashes = np.zeros(len(runs), dtype=np.uint64)
    for column in runs.T:
        hashes = (hashes + column.astype(np.uint64)) * np.uint64(
            0x9E3779B97F4A7C15
        )
        hashes ^= hashes >> np.uint64(29)
    return np.unique(hashes)


def near_duplicate_groups(tunes: Sequence[str]) -> list[list[int]]:
    """Groups tunes that are one tune in several transcriptions.

    Args:
        tunes: Normalized texts.

    Returns:
        The indices of the tunes, group by group; both the groups and the
        indices in each are in the order of `tunes`. Most groups have one.
    """
    sets = [shingles(melody(tune)) for tune in tunes]
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
    sizes = np.asarray([len(s) for s in sets])
    hashes = np.concatenate(sets)
    owners = np.repeat(np.arange(len(sets)), sizes)
    # Sorted by hash, the tunes that share a shingle stand side by side.
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    ends = np.searchsorted(hashes, hashes, side="right")
    places = np.argsort(owners, kind="stable")
    edges = np.r_[0, np.cumsum(sizes)]
    for first in range(0, len(sets), BLOCK):
        last = min(first + BLOCK, len(sets))
        place = places[edges[first] : edges[last]]
        pairs = []
        for distance in range(1, NEIGHBORS + 1):
            place = place[place + distance < ends[place]]
            pairs.append(owners[place] * len(sets) + owners[place + distance])
        codes, shared = np.unique(np.concatenate(pairs), return_counts=True)
        i, j = np.divmod(codes, len(sets))
        smaller = np.minimum(sizes[i], sizes[j])
        same = shared >= np.minimum(np.maximum(SHARED * smaller, FEW), smaller)
        yield from zip(i[same].tolist(), j[same].tolist(), strict=True)
