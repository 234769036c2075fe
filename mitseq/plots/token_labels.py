"""Tokens as labels of a figure: what cannot be seen gets a sign.

Whatever a token holds is drawn as it is, not read as mathematics; what the
font lacks becomes a box.
"""

import functools
import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LONGEST = 14  # characters of a label
LABEL_HEIGHT = 0.16  # inches; where they do not fit, some are left out
LABEL_WIDTH = 0.1  # inches of a character


def label_axes(
    axes: "Axes", columns: Sequence[str], rows: Sequence[str], side: float
) -> None:
    """Labels the columns and rows of a picture, as many as there is room for.

    Args:
        axes: With a cell for each row and column.
        columns: Their tokens.
        rows: Theirs.
        side: Of the axes, in inches.
    """
    for axis, labels in ((axes.xaxis, columns), (axes.yaxis, rows)):
        every = math.ceil(len(labels) / (side / LABEL_HEIGHT))
        places = range(0, len(labels), every)
        axis.set_ticks(
            list(places),
            [visible(labels[i]) for i in places],
            fontsize=8 if len(labels) > 12 else 9,
            parse_math=False,
        )
    longest = max(len(visible(label)) for label in columns)
    if longest * LABEL_WIDTH > side / len(columns):
        axes.tick_params(axis="x", rotation=90)


def visible(token: str, most: int = LONGEST) -> str:
    r"""Returns a token as a label.

    Example:

    >>> visible("a\nb"), visible(" "), visible("")
    ('a⏎b', '␣', '∅')
    """
    token = token.replace("\n", "⏎").replace("\t", "⇥")
    if not token.strip():
        token = token.replace(" ", "␣")
    token = re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", "□", token)
    token = "".join(c if _has_glyph(c) else "□" for c in token)
    return shorten(token, most) or "∅"


def shorten(text: str, most: int) -> str:
    """Returns a text, a long one without its middle.

    Example:

    >>> shorten("abcdefghij", 7)
    'abc…hij'
    """
    if len(text) <= most:
        return text
    left = most // 2
    return f"{text[:left]}…{text[len(text) - (most - 1 - left) :]}"


@functools.lru_cache(maxsize=4096)
def _has_glyph(character: str) -> bool:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return all(
        get_font(findfont(FontProperties(family=[family]))).get_char_index(
            ord(character)
        )
        for family in ("sans-serif", "monospace")
    )
