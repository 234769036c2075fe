"""Bar lines: what they repeat, how they look, which ending begins.

Read `notation.py` first.
"""

from functools import lru_cache
from typing import NamedTuple

from mitseq.tunes.notation import split_bar


class BarLine(NamedTuple):
    """A bar line as it is written."""

    signs: str  # "" for the `[2` of an ending without a line
    numbers: str  # those of the ending that begins here, or ""
    closes: int  # colons at its left: how often to go back
    opens: int  # colons at its right: a section begins that is repeated
    style: str  # "regular", "double" or "final", as it is drawn

    def join(self, other: "BarLine") -> "BarLine":
        """Makes one line of two: of `|` and `|:`, or of `:|` and `[2`."""
        is_plain = self.style == "regular" and not other.opens
        return BarLine(
            other.signs,
            other.numbers or self.numbers,
            max(self.closes, other.closes),
            max(self.opens, other.opens),
            other.style if is_plain else self.style,
        )

    @property
    def piece(self) -> str:
        """The one spelling that normalized tunes use."""
        if self.closes:
            return ("::" if self.opens else ":|") + self.numbers
        if self.opens:
            return "|:" + self.numbers
        is_double = self.style != "regular" and not self.numbers
        return "||" if is_double else "|" + self.numbers


@lru_cache(maxsize=1024)
def read_bar_line(text: str) -> BarLine:
    """Reads a bar line, or the `[2` of an ending.

    Example:

    >>> read_bar_line(":|]")
    BarLine(signs=':|]', numbers='', closes=1, opens=0, style='final')
    >>> read_bar_line(":|").join(read_bar_line("[2")).piece
    ':|2'
    """
    signs, numbers = split_bar(text.lstrip("."))
    if numbers:
        signs = signs.rstrip("[")
    if signs == "::":
        return BarLine(signs, numbers, 1, 1, "regular")
    style = "double" if signs.count("|") > 1 else "regular"
    if "]" in signs or signs[:1] == "[":
        style = "final"
    closes = len(signs) - len(signs.lstrip(":"))
    opens = len(signs) - len(signs.rstrip(":"))
    return BarLine(signs, numbers, closes, opens, style)
