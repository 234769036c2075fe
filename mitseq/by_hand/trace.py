r"""The hidden state by hand: one unit, one number a word, exact fractions.

Notes: "Trace the Hidden State by Hand" (docs/slides.md#trace). Read
mitseq/layers/rnn.py next, where numbers become vectors and a tanh is added.

    h_t = keep * h_{t-1} + write * x_t

Written out, each word has its own term in the last state:

    h_T = sum over t of keep^(T-t) * write * x_t     (+ keep^T * h_0)

so dh_T/dx_t = write * keep^(T-t) is the influence of word t. With keep below 1
the first words fade, with keep above 1 they drown all others: the vanishing and
the exploding gradient, in a recurrence that fits on paper.
"""

import dataclasses
import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from mitseq.errors import MitseqError

# Such an exponent takes minutes as a fraction.
_HUGE = re.compile(r"[eE][+-]?[\d_]{4}")

Number = int | float | str | Decimal | Fraction


@dataclasses.dataclass(frozen=True)
class Trace:
    """What `trace_by_hand` wrote down; all numbers are exact fractions.

    Args:
        words: The T words.
        x: The number of each word.
        keep: What the old state is multiplied by.
        write: What the input is multiplied by.
        h: `(h_0, h_1, ..., h_T)`.
    """

    words: tuple[str, ...]
    x: tuple[Fraction, ...]
    keep: Fraction
    write: Fraction
    h: tuple[Fraction, ...]

    @property
    def influence(self) -> tuple[Fraction, ...]:
        """Returns dh_T/dx_t for each word: how much h_T listens to it."""
        T = len(self.x)
        return tuple(self.write * self.keep ** (T - t - 1) for t in range(T))

    @property
    def parts(self) -> tuple[Fraction, ...]:
        """Returns what each word adds to h_T: influence times number."""
        return tuple(
            influence * x_t
            for influence, x_t in zip(self.influence, self.x, strict=True)
        )

    def steps(self) -> list[str]:
        r"""Returns each step as one would write it down.

        Example:

        >>> print(*trace_by_hand("The fox").steps(), sep="\n")
        h_1 = 1/2 * 0 + 1/2 * 1 = 1/2
        h_2 = 1/2 * 1/2 + 1/2 * 2 = 5/4
        """
        return [
            f"h_{t} = {self.keep} * {self.h[t - 1]} + {self.write} * {x_t} "
            f"= {self.h[t]}"
            for t, x_t in enumerate(self.x, start=1)
        ]

    def table(self) -> str:
        """Returns the trace as a text table, one row a word."""
        last = len(self.x)
        columns = (
            ("t", range(1, last + 1)),
            ("word", self.words),
            ("x_t", self.x),
            ("h_t", self.h[1:]),
            ("", [f"{float(h_t):.4g}" for h_t in self.h[1:]]),
            (f"dh_{last}/dx_t", self.influence),
            ("", [f"{float(influence):.4g}" for influence in self.influence]),
            ("part", [f"{float(part):.4g}" for part in self.parts]),
        )
        drawn = []
        for head, column in columns:
            cells = [head, *map(str, column)]
            width = max(map(len, cells))
            side = "<" if head == "word" else ">"
            drawn.append([f"{cell:{side}{width}}" for cell in cells])
        rows = zip(*drawn, strict=True)
        return "\n".join("  ".join(row).rstrip() for row in rows)


def trace_by_hand(
    sentence: str | Iterable[str] = "The quick brown fox jumps",
    x: Iterable[Number] | None = None,
    *,
    keep: Number = "1/2",
    write: Number = "1/2",
    h_0: Number = 0,
) -> Trace:
    """Runs `h_t = keep * h_prev + write * x_t` over a sentence.

    Args:
        sentence: The words, or one string of them.
        x: The number of each word; None for 1, 2, 3, ...
        keep: What the old state is multiplied by, 0.5 in the notes, then 0.9.
        write: What the input is multiplied by.
        h_0: The state before the first word.

    Returns:
        The trace: states, influence of each word on the last state, table.

    Raises:
        MitseqError: if there is no word, if words and numbers are not equally
            many, or if something is not a number.

    Example:

    >>> trace = trace_by_hand("The quick brown fox jumps")
    >>> print(trace.table())
    t  word   x_t     h_t         dh_5/dx_t             part
    1  The      1     1/2    0.5       1/32  0.03125  0.03125
    2  quick    2     5/4   1.25       1/16   0.0625    0.125
    3  brown    3    17/8  2.125        1/8    0.125    0.375
    4  fox      4   49/16  3.062        1/4     0.25        1
    5  jumps    5  129/32  4.031        1/2      0.5      2.5
    >>> [float(i) for i in trace_by_hand("a b c", keep=0.9).influence]
    [0.405, 0.45, 0.5]
    """
    words = tuple(sentence.split() if isinstance(sentence, str) else sentence)
    if not words:
        raise MitseqError(
            "`sentence` must have at least one word. "
            f"Received: sentence={sentence!r}."
        )
    numbers = range(1, len(words) + 1) if x is None else x
    values = tuple(_exact("x", value) for value in numbers)
    if len(values) != len(words):
        raise MitseqError(
            "`x` must have one number for each word. "
            f"Received: {len(values)} numbers for {len(words)} words."
        )
    keep, write = _exact("keep", keep), _exact("write", write)
    h = [_exact("h_0", h_0)]
    for x_t in values:
        h.append(keep * h[-1] + write * x_t)
    return Trace(words, values, keep, write, tuple(h))


def _exact(name: str, value: Number) -> Fraction:
    # A float is what it prints: 0.9 is 9/10, not the nearest binary fraction.
    try:
        if isinstance(value, float | str):
            value = str(value)
            if _HUGE.search(value):
                raise ValueError
        return Fraction(value)
    except (ValueError, TypeError, ZeroDivisionError, OverflowError) as error:
        raise MitseqError(
            f"`{name}` must be a number like 2, 0.5 or '1/2'. "
            f"Received: {name}={value!r}."
        ) from error
