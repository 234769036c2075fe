"""Sequences in the wild: a sound, a text, a price, a temperature, a gene.

Slide: Lecture 2, "Sequences in the Wild" (docs/slides.md#wild). All five are
made here, so that they are there offline. What they share: shuffle one, and
what it was is gone. `neighbors` measures that for numbers, `entropies` for
symbols.
"""

import math
from collections import Counter
from collections.abc import Iterable

import numpy as np

TEXT = """
The ball leaves the hand and flies towards the window. Where will it be in a
moment? Nobody can say who has seen it only once, for a picture of a ball in the
air does not tell where it came from. But whoever saw it twice knows its
direction and its speed, and whoever saw it for a while knows how it falls. So
it is with a sentence: each word is read in the light of those before it, and a
word alone means little. So it is with a song, in which a note is long or short,
high or low beside the last one. So it is with the weather of tomorrow, the
price of bread, the beat of a heart, and the path of a storm over the sea. What
comes next has to do with what there was, and that is what we want to learn.
"""
BASES = "ACGT"


def sequences_in_the_wild(seed: int = 0) -> dict[str, np.ndarray]:
    """Returns sequences of several kinds.

    Args:
        seed: Decides what is random in them.

    Returns:
        Name and unit -> values in their order, each `(T,)`: of float, or of
        letters where the values are symbols.

    Example:

    >>> list(sequences_in_the_wild())[:2]
    ['a plucked string [pressure]', 'a text [letter]']
    """
    rng = np.random.default_rng(seed)
    seconds = np.arange(240) / 8000
    words = "".join(c for c in TEXT.lower() if c.isalpha() or c.isspace())
    hours = np.arange(96)
    gene = "GC" + "".join(rng.choice(list(BASES), 12)) + "CAG" * 16
    return {
        "a plucked string [pressure]": np.exp(-60 * seconds)
        * (np.sin(2 * np.pi * 220 * seconds) + np.sin(880 * np.pi * seconds)),
        "a text [letter]": np.array(list(" ".join(words.split()))),
        "a price [dollars]": 100 + np.cumsum(rng.normal(0, 1, 120)),
        "a temperature [°C]": 12
        - 6 * np.cos(2 * np.pi * hours / 24)
        + rng.normal(0, 0.6, 96),
        "a gene [base]": np.array(list(gene)),
    }


def order_in_the_wild(seed: int = 0) -> dict[str, str]:
    """Returns what the order of each sequence tells, and when it is shuffled.

    The measures of the shuffled values are the means of 20 shuffles: the
    largest of 24 correlations is never 0, and what is counted in a short text
    looks more certain than it is. So an order is what the values have more than
    their shuffled selves.

    Args:
        seed: Decides what is random in the sequences, and the shuffles.

    Returns:
        Name and unit -> a sentence.

    Example:

    >>> order_in_the_wild()["a gene [base]"].partition(";")[0]
    '1.79 bits a symbol, 0.70 if the one before is known'
    """
    rng = np.random.default_rng(seed)
    told = {}
    for name, values in sequences_in_the_wild(seed).items():
        shuffled = [rng.permutation(values) for _ in range(20)]
        if values.dtype.kind == "U":
            bits, known = entropies(values)
            chance = np.mean([entropies(each)[1] for each in shuffled])
            told[name] = (
                f"{bits:.2f} bits a symbol, {known:.2f} if the one before is "
                f"known; shuffled {chance:.2f}"
            )
        else:
            chance = np.mean([neighbors(each) for each in shuffled])
            told[name] = (
                f"correlation with its past {neighbors(values):.2f}, "
                f"shuffled {chance:.2f}"
            )
    return told


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


def entropies(symbols: Iterable[str]) -> tuple[float, float]:
    """Returns how uncertain a symbol is, and when the one before is known.

    Equations:

        H = -sum_x p(x) log2 p(x)
        H(x_t | x_t-1) = -sum_xy p(x, y) log2 p(y | x)

    Args:
        symbols: In their order.

    Returns:
        Both in bits, with the shares that are counted for the probabilities.
        Of few symbols that is too small, the second one above all.

    Example: after "a" comes "b" or "c", after these always "a".

    >>> bits, known = entropies("abac" * 1000)
    >>> bits, round(known, 2)
    (1.5, 0.5)
    """
    symbols = list(symbols)
    pairs = Counter(zip(symbols, symbols[1:], strict=False))
    firsts = Counter(symbols[:-1])
    return _bits(Counter(symbols)), _bits(pairs) - _bits(firsts)


def _bits(counts):
    total = sum(counts.values())
    return -sum(n / total * math.log2(n / total) for n in counts.values())
