"""Sequences in the wild: a sound, a text, a price, a temperature, a gene.

Slide: Lecture 2, "Sequences in the Wild" (docs/slides.md#wild). All five are
made here, so that they are there offline. What they share: shuffle one, and
what it was is gone. `neighbors` measures that.
"""

import numpy as np

SENTENCE = "Sequences are everywhere: you are reading one right now."
BASES = "ACGT"


def sequences_in_the_wild(seed: int = 0) -> dict[str, np.ndarray]:
    """Returns sequences of several kinds.

    Args:
        seed: Decides what is random in them.

    Returns:
        Name and unit -> values in their order, each `(T,)` of float.

    Example:

    >>> list(sequences_in_the_wild())[:2]
    ['a plucked string [pressure]', 'a text [letter of the alphabet]']
    """
    rng = np.random.default_rng(seed)
    seconds = np.arange(240) / 8000
    letters = [ord(c.lower()) - ord("a") for c in SENTENCE if c.isalpha()]
    hours = np.arange(96)
    gene = "GC" + "".join(rng.choice(list(BASES), 12)) + "CAG" * 16
    return {
        "a plucked string [pressure]": np.exp(-60 * seconds)
        * (np.sin(2 * np.pi * 220 * seconds) + np.sin(880 * np.pi * seconds)),
        "a text [letter of the alphabet]": np.array(letters, float),
        "a price [dollars]": 100 + np.cumsum(rng.normal(0, 1, 120)),
        "a temperature [°C]": 12
        - 6 * np.cos(2 * np.pi * hours / 24)
        + rng.normal(0, 0.6, 96),
        "a gene [base, A=0 C=1 G=2 T=3]": np.array(
            [BASES.index(base) for base in gene], float
        ),
    }


def neighbors(values: np.ndarray, most: int = 24) -> float:
    """Returns how much a value has to do with those shortly before it.

    Args:
        values: `(T,)`, a sequence.
        most: The largest distance to look at.

    Returns:
        The largest correlation, without its sign, of the sequence with itself
        some steps before: 1 if that tells all, near 0 if it tells nothing.

    Example:

    >>> round(neighbors(np.tile([0.0, 1.0, 5.0], 20)), 2)
    1.0
    """
    found = [
        abs(np.corrcoef(values[lag:], values[:-lag])[0, 1])
        for lag in range(1, min(most, len(values) // 2) + 1)
    ]
    return float(max(found))
