"""Train, validation and test: who goes where.

The side of a tune depends on the tune and on a seed, and on nothing else: not
on the order of the files, nor on what other tunes there are. So a corpus can
grow, and a model trained yesterday still has not seen the test of today.
"""

import hashlib
from collections.abc import Sequence
from itertools import accumulate

SPLITS = ("train", "validation", "test")
SHARES = (0.90, 0.05, 0.05)


def choose_splits(tunes: Sequence[str], seed: int) -> list[str]:
    """Returns the name of a split for each tune, by a hash of its text.

    Where there are few, one is taken for validation (if there are two at least)
    and one for train, so that a training can start and knows when to stop.

    Args:
        tunes: Normalized texts, one for each group of near-duplicates.
        seed: Another seed, another split.

    Example:

    >>> sorted(choose_splits(["a", "b", "c"], seed=0))
    ['train', 'train', 'validation']
    """
    places = [tune_place(tune, seed) for tune in tunes]
    names = [split_at(place) for place in places]
    if len(names) > 1 and "validation" not in names:
        names[places.index(max(places))] = "validation"
    if names and "train" not in names:
        names[places.index(min(places))] = "train"
    return names


def tune_place(tune: str, seed: int) -> float:
    """Returns a number from 0 to 1, evenly spread over all texts."""
    digest = hashlib.sha256(f"{seed}\n{tune}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def split_at(place: float) -> str:
    """Returns the split that has this place.

    Example:

    >>> split_at(0.5), split_at(0.93)
    ('train', 'validation')
    """
    edges = zip(SPLITS, accumulate(SHARES), strict=True)
    return next((split for split, edge in edges if place < edge), SPLITS[-1])
