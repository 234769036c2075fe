"""The search of the slides: query, keys, values, similarity, extract.

Slides: Lecture 2, "A Simple Example: Search" and "Understanding Attention with
Search" (docs/slides.md#search). Someone types a few words; each title of a
catalog is a key, what stands under it is its value. Attention is this search
with vectors that are learned; here they are counted.
"""

import dataclasses
from collections.abc import Mapping

import numpy as np

from mitseq.errors import MitseqError


@dataclasses.dataclass(frozen=True)
class Found:
    """What a search found.

    Args:
        query: What was asked.
        keys: The titles that it was compared with.
        similarity: How similar each is: the cosine of the angle.
        weights: The attention of each, they sum to 1.
        value: The values, mixed with the weights, or the best one where they
            are no numbers.
        values: The value of each key.
    """

    query: str
    keys: tuple[str, ...]
    similarity: np.ndarray
    weights: np.ndarray
    value: object
    values: tuple[object, ...] = ()


def search(
    query: str, catalog: Mapping[str, object], temperature: float = 0.1
) -> Found:
    """Returns what a search in a catalog finds, as attention does it.

    Args:
        query: A few words.
        catalog: Keys with their values. Vectors are mixed; of other values the
            one with the highest weight is the answer.
        temperature: Positive number. Small, the best one takes all; large, all
            share.

    Raises:
        MitseqError: if the catalog is empty or the temperature not positive.

    Example:

    >>> found = search("jig in G", {"A jig in G": "a.abc", "Harps": "b.abc"})
    >>> found.value, round(float(found.weights[0]), 2)
    ('a.abc', 1.0)
    """
    if not catalog:
        raise MitseqError("`catalog` must hold at least one key. Received: {}.")
    if not temperature > 0:
        raise MitseqError(
            "`temperature` must be positive. "
            f"Received: temperature={temperature!r}."
        )
    vectors = letter_groups([query, *catalog])
    # 1. How similar is each key to the query?
    similarity = vectors[1:] @ vectors[0]
    # 2. Weights that sum to one: more similar, more attention.
    weights = np.exp((similarity - similarity.max()) / temperature)
    weights /= weights.sum()
    # 3. Extract the values with high attention.
    values = tuple(catalog.values())
    try:
        value = weights @ np.array(values, "float64")
    except (TypeError, ValueError):
        value = values[int(weights.argmax())]
    return Found(query, tuple(catalog), similarity, weights, value, values)


def letter_groups(texts: list[str]) -> np.ndarray:
    """Returns how often each group of three letters is in each text.

    Returns:
        `(n, groups)`, each row of length 1.

    Example:

    >>> jig, same, harp = letter_groups(["A jig", "a  jig", "harp"])
    >>> round(float(jig @ same), 2), round(float(jig @ harp), 2)
    (1.0, 0.0)
    """
    groups = [
        [padded[i : i + 3] for i in range(len(padded) - 2)]
        for padded in (f" {' '.join(t.lower().split())}  " for t in texts)
    ]
    kinds = sorted(set().union(*groups))
    counts = np.array([[row.count(kind) for kind in kinds] for row in groups])
    return counts / np.linalg.norm(counts, axis=1, keepdims=True)
