"""What a classifier sees of a tune: a row of numbers.

Read `mitseq/tunes/measures.py` first, which says what is measured and what is
counted. Here the measures of some tunes become the columns of a matrix, and so
do the shares of what is counted: of all its intervals a tune has so many of two
semitones. `compare.py` and `discriminator.py` tell collections apart by these.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from mitseq.tunes.measures import MEASURES, Measured

COUNTED = ("degree_pairs", "intervals", "lengths")
MOST_KINDS = 400  # of what is counted; the rest is one kind
OTHERS = "others"


def kinds_of(
    tunes: Sequence[Measured], what: str, most: int = MOST_KINDS
) -> list[str]:
    r"""Returns what is counted most often in some tunes, as text.

    Args:
        tunes: Measured tunes.
        what: One of `mitseq.tunes.measures.COUNTS`.
        most: No more than so many.

    Example:

    >>> from mitseq.tunes.measures import measure
    >>> tune = measure("M:2/4\nL:1/8\nK:D\nd2d2|d2A2|]\n")
    >>> kinds_of([tune], "intervals")
    ['0', '-5']
    """
    total = sum((tune.counts[what] for tune in tunes), Counter())
    return [str(kind) for kind, _ in total.most_common(most)]


def counted(
    tunes: Sequence[Measured], what: str, kinds: Sequence[str]
) -> np.ndarray:
    """Returns counts as a matrix, a row a tune.

    Args:
        tunes: N measured tunes.
        what: One of `mitseq.tunes.measures.COUNTS`.
        kinds: K kinds, as of `kinds_of`.

    Returns:
        `(N, K + 1)`: the last column has all other kinds.
    """
    place = {kind: i for i, kind in enumerate(kinds)}
    rows = np.zeros((len(tunes), len(place) + 1))
    for row, tune in zip(rows, tunes, strict=True):
        for kind, count in tune.counts[what].items():
            row[place.get(str(kind), -1)] += count
    return rows


def features(
    tunes: Sequence[Measured], kinds: Mapping[str, Sequence[str]] | None = None
) -> tuple[np.ndarray, list[str]]:
    """Returns what a classifier sees of each tune, and its names.

    Args:
        tunes: N measured tunes.
        kinds: Of what is counted, which kinds; those of the tunes themselves
            where none is given.

    Returns:
        `(N, F)`: the measures, then the shares of degree pairs, intervals and
        note lengths.
    """
    if kinds is None:
        kinds = {what: kinds_of(tunes, what) for what in COUNTED}
    columns = [[tune.values[name] for tune in tunes] for name in MEASURES]
    names = list(MEASURES)
    for what, each in kinds.items():
        rows = counted(tunes, what, each)
        columns += list((rows / np.maximum(rows.sum(1, keepdims=True), 1)).T)
        names += [f"{what} {kind}" for kind in (*each, OTHERS)]
    return np.array(columns).T, names
