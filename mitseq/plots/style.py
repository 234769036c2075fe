"""How every figure of mitseq looks: colors, sizes, and how it is saved.

The colors are those of Okabe and Ito, which people with any kind of color
vision tell apart. Points differ in their `MARKERS` too where there is room, and
heat maps use one of two color maps: `SEQUENTIAL` for amounts, `DIVERGING` for
what has a sign.

Figures are made without pyplot: nothing is kept in a global list, nothing has
to be closed, no window and no display is needed. A notebook shows them.
"""

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mitseq.errors import MitseqError
from mitseq.output import atomic_path

if TYPE_CHECKING:
    from matplotlib.figure import Figure
else:
    Figure = "matplotlib.figure.Figure"  # loads with the first figure

BLUE = "#0072B2"
ORANGE = "#E69F00"
GREEN = "#009E73"
RED = "#D55E00"  # Okabe and Ito call it vermillion
PURPLE = "#CC79A7"
SKY = "#56B4E9"
BLACK = "#000000"
GRAY = "#666666"  # for what is compared with: limits, chance, a guess
PALETTE = (BLUE, ORANGE, GREEN, RED, PURPLE, SKY, BLACK)
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
SEQUENTIAL = "viridis"
DIVERGING = "RdBu_r"
PALE = "Blues"  # from white, for what has letters on it:
DARKEST = 0.65  # of it, so that black ones stay readable


def new_figure(
    rows: int = 1,
    columns: int = 1,
    *,
    size: tuple[float, float] | None = None,
    title: str = "",
    **subplots,
) -> tuple[Figure, object]:
    """Returns an empty figure in the style of the package, and its axes.

    Args:
        rows: Rows of axes.
        columns: Axes in a row.
        size: Width and height in inches; None for one that suits the axes.
        title: Title above all axes; each of the axes may have its own.
        **subplots: Passed to `Figure.subplots` (`sharey`, `squeeze`, ...).

    Returns:
        The figure, and one axes or an array of them, as `Figure.subplots`
        gives them.

    Raises:
        MitseqError: if matplotlib is not installed.

    Example:

    >>> figure, (left, right) = new_figure(1, 2, title="Two")
    >>> [float(inches) for inches in figure.get_size_inches()]
    [11.0, 4.2]
    """
    cycler, figure_class = _matplotlib()
    if size is None:
        size = (5.5 * columns + (1.7 if columns == 1 else 0), 4.2 * rows)
    figure = figure_class(figsize=size, dpi=110, layout="constrained")
    axes = figure.subplots(rows, columns, **subplots)
    for each in figure.axes:
        each.set_prop_cycle(cycler(color=PALETTE))
        each.spines[["top", "right"]].set_visible(False)
        each.set_axisbelow(True)
    if title:
        figure.suptitle(title)
    return figure, axes


def save_figure(
    figure: Figure, path: str | os.PathLike, title: str = ""
) -> Path:
    """Writes a figure, whole or not at all.

    Args:
        figure: The figure.
        path: The file; its suffix is the format (`.png`, `.svg`, `.pdf`).
        title: Kept in the file where these three have a place for it; it is
            not seen.

    Returns:
        The path of the file.

    Raises:
        MitseqError: for a format that matplotlib does not write.
        OutputError: if the file cannot be written.
    """
    path = Path(path)
    suffix = check_format(path)
    # The same figure is the same file: no dates, no random ids.
    told = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
    metadata = told.get(suffix, {})
    if title and suffix in told:
        metadata["Title"] = title
    with atomic_path(path) as temporary:
        figure.savefig(temporary, format=suffix, metadata=metadata)
    return path


def check_format(path: str | os.PathLike) -> str:
    """Returns the format of a picture, as its name says it.

    Called before a long job, so that it fails at its start and not at its end.

    Args:
        path: The file.

    Raises:
        MitseqError: if matplotlib is not installed or does not write it.

    Example:

    >>> check_format("runs/ball.PNG")
    'png'
    """
    _, figure_class = _matplotlib()
    formats = figure_class().canvas.get_supported_filetypes()
    suffix = Path(path).suffix.lstrip(".").lower()
    if suffix not in formats:
        raise MitseqError(
            "`path` must end in a format that matplotlib writes: "
            f"{', '.join(sorted(formats))}. Received: path={str(path)!r}."
        )
    return suffix


def write_cells(axes, texts: np.ndarray, dark=None, **look) -> None:
    """Writes texts into the cells of a picture.

    Args:
        axes: With the picture.
        texts: `(rows, columns)`.
        dark: Where the picture is so dark that white is read better.
        **look: Passed to `Axes.text` (`fontsize`, ...).
    """
    for (row, column), text in np.ndenumerate(texts):
        color = BLACK if dark is None or not dark[row, column] else "white"
        axes.text(
            column, row, text, ha="center", va="center", color=color, **look
        )


def _matplotlib():
    try:
        from cycler import cycler
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MitseqError(
            "figures need matplotlib: pip install 'mitseq[plots]'"
        ) from error
    return cycler, _shown_in_notebooks(Figure)


def _shown_in_notebooks(figure_class):
    """A notebook asks for `_repr_png_`; pyplot is not needed for it."""

    class Figure(figure_class):
        def _repr_png_(self) -> bytes:
            buffer = io.BytesIO()
            self.savefig(buffer, format="png")
            return buffer.getvalue()

    return Figure
