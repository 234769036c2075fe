"""What one token of ABC means: lengths, meters, units and tuplets.

Read `tokens.py` first; `keys.py` and `bar_lines.py` go on from here. Lengths
are exact fractions, always in units of `L:`, the length of a note with no
number behind it. Many of them are added up in ticks, as integers. The last
functions tell of the pieces of a normalized tune.
"""

import re
from fractions import Fraction
from functools import lru_cache

from mitseq.errors import MitseqError
from mitseq.tunes.tokens import ENDING, LENGTH, PITCH

Meter = tuple[int, int] | None  # beats and their unit; None for free meter


class ABCError(MitseqError):
    """Text that is not the ABC that was asked for.

    Its `line` of the text counts from 1; 0 where there is no line to name.

    Example:

    >>> str(ABCError("`Q` is no key", line=3))
    'line 3: `Q` is no key'
    """

    def __init__(self, reason: str, line: int = 0):
        super().__init__(f"line {line}: {reason}" if line else reason)
        self.reason = reason
        self.line = line


@lru_cache(maxsize=4096)
def note_length(text: str) -> Fraction:
    """Returns the length of a note or rest in units of `L:`.

    Args:
        text: The note (`"^f'3/2"`), rest or length (`"3/2"`, `"/"`, `""`).

    Raises:
        ABCError: if a number is zero, or so large that it is no length.

    Example:

    >>> note_length("A"), note_length("^f,3/2"), note_length("z//")
    (Fraction(1, 1), Fraction(3, 2), Fraction(1, 4))
    """
    length = text.lstrip("^_=ABCDEFGabcdefgzxyZX,'")
    top, slash, bottom = length.partition("/")
    if len(length) > 9:
        raise ABCError(f"a length of {len(length)} characters")
    if not bottom.strip("/"):  # nothing but slashes, each of which halves
        bottom = 2 ** len(slash + bottom)
    try:
        value = Fraction(int(top or 1), int(bottom))
    except (ValueError, ZeroDivisionError):
        value = Fraction(0)
    if not value:
        raise ABCError(f"`{length}` is no length of a note")
    return value


# Of a unit of `L:`, so that what people write is a whole number of ticks: 64ths
# in broken rhythm and in tuplets of up to nine. Integers are added up quickly;
# a length that is no whole number of ticks stays a fraction.
TICKS = 64 * 64 * 5 * 7 * 9
Ticks = int | Fraction


@lru_cache(maxsize=4096)
def in_ticks(length: Ticks, top: int = TICKS, bottom: int = 1) -> Ticks:
    """Returns `top / bottom` of a length, exactly, as an int where it is one.

    Example: ticks of a unit, and two thirds of them.

    >>> in_ticks(Fraction(1)), in_ticks(TICKS, 2, 3), in_ticks(Fraction(1, 11))
    (1290240, 860160, Fraction(1290240, 11))
    """
    ticks = Fraction(length) * Fraction(top, bottom)
    return ticks.numerator if ticks.denominator == 1 else ticks


@lru_cache(maxsize=1024)
def format_length(length: Fraction) -> str:
    """Returns the one spelling of a length that normalized tunes use.

    Example:

    >>> [format_length(Fraction(n, 4)) for n in (1, 2, 4, 6, 8)]
    ['/4', '/2', '', '3/2', '2']
    """
    top = "" if length.numerator == 1 else str(length.numerator)
    if length.denominator == 1:
        return top
    return f"{top}/{length.denominator}"


_UNITS = (1, 2, 4, 8, 16, 32, 64)
_NAMED_METERS = {"c": (4, 4), "c|": (2, 2), "none": None, "": None}


def split_meter(text: str) -> Meter:
    """Returns the two numbers of a meter, `None` for no meter.

    Raises:
        ABCError: if the text is no meter.

    Example:

    >>> split_meter("6/8"), split_meter("C|"), split_meter("none")
    ((6, 8), (2, 2), None)
    """
    value = text.strip()
    if value.lower() in _NAMED_METERS:
        return _NAMED_METERS[value.lower()]
    match = re.fullmatch(r"\(?(\d\d?(?:\+\d\d?)*)\)? */ *(\d\d?)", value)
    if match:
        top, bottom = sum(map(int, match[1].split("+"))), int(match[2])
        if 1 <= top <= 64 and bottom in _UNITS:
            return top, bottom
    raise ABCError(
        "`meter` must be two numbers such as 6/8, or C, C| or none. "
        f"Received: meter={text[:40]!r}."
    )


def parse_meter(text: str) -> Fraction | None:
    """Returns the length of a bar in whole notes, `None` for no meter.

    Example:

    >>> parse_meter("6/8"), parse_meter("C|"), parse_meter("none")
    (Fraction(3, 4), Fraction(1, 1), None)
    """
    numbers = split_meter(text)
    return Fraction(*numbers) if numbers else None


def is_compound(top: int, bottom: int) -> bool:
    """Returns whether beats have three parts: in 6/8, not in 3/4 or 3/8."""
    return bottom >= 8 and top % 3 == 0 and top > 3


def parse_unit(text: str) -> Fraction:
    """Returns the unit of `L:` in whole notes.

    Raises:
        ABCError: if the text is no such unit.

    Example:

    >>> parse_unit("1/8")
    Fraction(1, 8)
    """
    match = re.fullmatch(r"1(?:\s*/\s*(\d{1,3}))?", text.strip())
    if match:
        bottom = int(match[1] or 1)
        if bottom in _UNITS:
            return Fraction(1, bottom)
    raise ABCError(
        "`L:` must be 1/1, 1/2, 1/4, 1/8, 1/16, 1/32 or 1/64. "
        f"Received: L={text[:40]!r}."
    )


def default_unit(meter: Fraction | None) -> Fraction:
    """Returns the unit without `L:`: 1/16 in short bars, 1/8 otherwise."""
    short = meter is not None and meter < Fraction(3, 4)
    return Fraction(1, 16 if short else 8)


# What tuplets of p notes mean without a `:q`: q notes' time for p; `None`
# stands for 3 in compound meters and 2 in all others.
_TUPLETS = {2: 3, 3: 2, 4: 3, 5: None, 6: 2, 7: None, 8: 3, 9: None}


def tuplet_count(
    piece: str, compound: bool = False
) -> tuple[int, int, int] | None:
    """Returns the `(p, q, r)` of a tuplet sign such as `(3` or `(3:2:2`.

    It means the next r notes, each q/p of its length, and may depend on whether
    the meter is compound. `None` stands for a piece that is no tuplet sign.

    Example:

    >>> tuplet_count("(3"), tuplet_count("(5", compound=True)
    ((3, 2, 3), (5, 3, 5))
    """
    match = re.fullmatch(r"\((\d)(?::(\d*))?(?::(\d*))?", piece)
    if not match:
        return None
    p, q, r = (int(number or 0) for number in match.groups())
    q = q or _TUPLETS.get(p, 2) or (3 if compound else 2)
    return p, q, r or p


_PIECE_NOTE = re.compile(rf"(?:{PITCH}|z){LENGTH}")
_PIECE_BAR = re.compile(rf"(?:\|\||\|\]|\|:|:\||::|\|)(?:{ENDING})?")


def piece_length(piece: str) -> Fraction:
    """Returns a piece's length in units of `L:`; 0 if no note or rest.

    Example:

    >>> piece_length("^f3/2"), piece_length("|")
    (Fraction(3, 2), Fraction(0, 1))
    """
    is_note = _PIECE_NOTE.fullmatch(piece)
    return note_length(piece) if is_note else Fraction(0)


def is_bar_line(piece: str) -> bool:
    """Returns whether a piece is a bar line, `|1` included.

    Example:

    >>> is_bar_line(":|2"), is_bar_line("A2")
    (True, False)
    """
    return _PIECE_BAR.fullmatch(piece) is not None


PIECE = re.compile(
    r"[MLK]:[^\n]*\n"
    r"|(?:\^{1,2}|_{1,2}|=)?[A-Ga-g][,']*\d*(?:/\d+)?"
    r"|z\d*(?:/\d+)?"
    r"|(?:\|\||\|\]|\|:|:\||::|\|)(?:\d[\d,-]*)?"
    r"|\(\d(?::\d:\d)?"
    r"|.|\n"
)


def pieces(text: str) -> list[str]:
    r"""Returns the tokens of a normalized tune; joined, they are the text.

    They are header lines, notes and rests with accidental, octave and length,
    bar lines, ties, tuplet signs, and the line end. Any text can be cut so.

    Example:

    >>> pieces("M:6/8\nL:1/8\nK:D\n|:d3^f3/2e/2d-|d6:|\n")[3:]
    ['|:', 'd3', '^f3/2', 'e/2', 'd', '-', '|', 'd6', ':|', '\n']
    """
    return PIECE.findall(text)


@lru_cache(maxsize=1024)
def split_bar(piece: str) -> tuple[str, str]:
    """Returns the signs of a bar line and the numbers of its ending.

    Example:

    >>> split_bar(":|2"), split_bar("|]")
    ((':|', '2'), ('|]', ''))
    """
    signs = piece.rstrip("0123456789,-")
    return signs, piece[len(signs) :]
