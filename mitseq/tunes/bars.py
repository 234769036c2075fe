"""A tune as it is printed: pitches, symbols and the bars that hold them.

`melody.py` makes these from ABC, `musicxml.py` prints them and `playing.py`
plays them. Lengths are fractions of a whole note.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from mitseq.errors import MitseqError
from mitseq.tunes.notation import Meter

_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


class MelodyError(MitseqError):
    """A tune that cannot be drawn or played, with the reason in one line."""


@dataclass(frozen=True)
class Pitch:
    """A pitch as it is written: a step, an alteration and an octave.

    Example:

    >>> Pitch("F", 1, 4).midi
    66
    """

    step: str  # one of `CDEFGAB`
    alter: int  # semitones added by sharps and flats, -2 to 2
    octave: int  # scientific octave; ABC's `C` is C4, middle C
    shown: bool = False  # whether an accidental stands before the note

    @property
    def midi(self) -> int:
        """The MIDI number, 60 for middle C."""
        return 12 * (self.octave + 1) + _SEMITONES[self.step] + self.alter


@dataclass
class Symbol:
    """A note, a chord or a rest as it is printed.

    `pitches` is empty for a rest. `length` is what it looks like, `ratio` what
    a tuplet multiplies it by, so it lasts `length * ratio`.
    """

    id: str
    pitches: tuple[Pitch, ...]
    length: Fraction
    ratio: Fraction = Fraction(1)
    tuplet: str = ""  # "start", "inside", "stop" or "" outside a tuplet
    tuplet_size: int = 0  # the figure that is printed over the tuplet
    tied: bool = False  # to the next symbol
    graces: tuple[Pitch, ...] = ()
    space: bool = False  # a space before it in the text: no beam across
    above: tuple[str, ...] = ()  # chord symbols and words
    marks: tuple[str, ...] = ()  # ornaments and articulations
    slurs: int = 0  # slurs that open here
    unslurs: int = 0  # slurs that close here
    visible: bool = True

    @property
    def sounding(self) -> Fraction:
        """How long it lasts, in whole notes."""
        return self.length * self.ratio

    def heads(self) -> list[tuple[str, Fraction]]:
        """Returns `(id, length)` of the heads that print it, tied together."""
        return [
            (self.id + ("abcdefghijklmnop"[n] if n else ""), length)
            for n, length in enumerate(printed_lengths(self.length))
        ]


def chord_id(name: str, number: int) -> str:
    """Returns the id of a note of a chord, counted from the lowest.

    Example:

    >>> chord_id("n3", 0), chord_id("n3", 1)
    ('n3', 'n3.1')
    """
    return f"{name}.{number}" if number else name


@lru_cache(1024)  # a tune has few lengths and asks for them often
def printed_lengths(length: Fraction) -> tuple[Fraction, ...]:
    """Splits a length into those that one note head can show.

    Returns:
        Plain and dotted values, longest first, that add up to `length`.

    Raises:
        MelodyError: if no such values do.

    Example:

    >>> printed_lengths(Fraction(5, 8))
    (Fraction(1, 2), Fraction(1, 8))
    """
    values, left = [], length
    while left > 0 and len(values) < 16:
        head = Fraction(2)
        while head > left and head > Fraction(1, 128):
            head /= 2
        if head > left:
            break
        if head * Fraction(3, 2) <= left and head > Fraction(1, 128):
            head *= Fraction(3, 2)
        values.append(head)
        left -= head
    if left:
        raise MelodyError(
            "A note must have a length that can be printed with heads, flags "
            f"and dots. Received: {length} of a whole note."
        )
    return tuple(values)


@dataclass
class Bar:
    """What stands between two bar lines, and the lines themselves."""

    symbols: list[Symbol] = field(default_factory=list)
    opens: bool = False  # a `|:` at its left
    closes: int = 0  # colons of the `:|` at its right
    line: str = "regular"  # right bar line: regular, double, final, none
    ending: tuple[int, ...] = ()  # the passes of the ending it belongs to
    ending_starts: bool = False
    meter: Meter = None  # where it changes
    fifths: int | None = None  # where the key changes
    new_line: bool = False  # the text starts a new line with this bar

    @property
    def length(self) -> Fraction:
        """The sum of its symbols, in whole notes."""
        return sum((s.sounding for s in self.symbols), Fraction(0))
