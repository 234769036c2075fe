"""What every figure must have: something to see, names on it, nothing cut off.

`check_figure(figure)` is for the test of any function that returns a figure.
"""

import io
import itertools
import re

import numpy as np
from matplotlib import colors as mcolors
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from mitseq.plots.style import DIVERGING, PALETTE, SEQUENTIAL

SMALLEST_TEXT = 7  # points
COLOR_MAPS = {SEQUENTIAL, DIVERGING, "cividis", "Blues", "Greys", "gray"}


def check_figure(figure: Figure) -> np.ndarray:
    """Asserts that a figure is neither empty, nor clipped, nor unlabeled.

    Args:
        figure: What a plot function returned.

    Returns:
        The picture, `(height, width, 4)` of uint8, for further looks.
    """
    assert isinstance(figure, Figure)
    picture = _drawn(figure)
    assert figure.axes, "a figure without axes"
    _check_not_blank(picture)
    for axes in figure.axes:
        if axes.get_label() == "<colorbar>":
            assert axes.get_ylabel() or axes.get_xlabel() or axes.get_title(), (
                "a color bar that does not say what it measures"
            )
            continue
        _check_has_data(axes)
        _check_names(figure, axes)
        _check_colors(axes)
    _check_texts(figure)
    return picture


def _drawn(figure):
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


def _check_not_blank(picture):
    ink = (picture[..., :3] < 250).any(axis=-1)
    assert ink.mean() > 0.005, "an empty picture"


def _check_has_data(axes: Axes):
    # A patch of the axes themselves does not count: it is not in `patches`.
    artists = [
        *axes.lines,
        *axes.patches,
        *axes.collections,
        *axes.images,
        *axes.tables,
        *(t for t in axes.texts if t.get_text().strip()),
    ]
    assert any(artist.get_visible() for artist in artists), (
        f"axes {axes.get_title()!r} without anything in them"
    )
    for line in axes.lines:
        y = np.asarray(line.get_ydata(), float)
        assert np.isfinite(y).any(), f"line {line.get_label()!r} has no points"


def _check_names(figure, axes):
    titles = [axes.get_title(loc) for loc in ("left", "center", "right")]
    above = figure._suptitle.get_text() if figure._suptitle else ""
    assert any(titles) or above, "axes without a title"
    if not axes.axison:
        return  # a table or a drawing
    for name, axis in (("x", axes.xaxis), ("y", axes.yaxis)):
        shared = getattr(figure, f"_sup{name}label", None)
        named = axis.get_label_text() or (shared and shared.get_text())
        ticks = [t.get_text() for t in axis.get_ticklabels()]
        words = any(re.search(r"[A-Za-z]{2}", t) for t in ticks)
        named = named or any(
            getattr(other, f"get_{name}label")()
            for other in _in_line(figure, axes, name)
        )
        # Ticks that are words, or no ticks at all, speak for themselves.
        assert named or words or not any(ticks), (
            f"the {name} axis of {titles} has no label"
        )


def _in_line(figure, axes, name):
    """Those of one column share an x axis, those of one row a y axis."""
    spec = axes.get_subplotspec()
    span = "colspan" if name == "x" else "rowspan"
    for other in figure.axes:
        its = other.get_subplotspec()
        if spec and its and getattr(its, span) == getattr(spec, span):
            yield other


def _check_colors(axes):
    known = [mcolors.to_rgb(color) for color in PALETTE]
    for line in axes.lines:
        color = mcolors.to_rgb(line.get_color())
        gray = max(color) - min(color) < 0.02
        assert gray or any(np.allclose(color, k, atol=0.01) for k in known), (
            f"line {line.get_label()!r} has a color that is not in the palette"
        )
    for image in axes.images:
        if np.ndim(image.get_array()) == 2:
            name = image.get_cmap().name.removesuffix("_r")
            allowed = {each.removesuffix("_r") for each in COLOR_MAPS}
            assert name in allowed, f"color map {name} is not a readable one"


def _check_texts(figure):
    renderer = figure.canvas.get_renderer()
    width, height = figure.bbox.width, figure.bbox.height
    for text in _texts(figure):
        box = text.get_window_extent(renderer)
        inside = (
            box.x0 >= -1
            and box.y0 >= -1
            and box.x1 <= width + 1
            and box.y1 <= height + 1
        )
        assert inside, f"{text.get_text()!r} is cut off at the edge"
        assert text.get_fontsize() >= SMALLEST_TEXT, (
            f"{text.get_text()!r} is too small: {text.get_fontsize()} points"
        )
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            _check_ticks_apart(axes, axis, renderer)


def _check_ticks_apart(axes, axis, renderer):
    labels = [
        label
        for label in axis.get_ticklabels()
        if label.get_visible()
        and label.get_text().strip()
        and not label.get_rotation() % 90
    ]
    if not axes.axison or not axes.get_visible():
        return
    for one, other in itertools.pairwise(labels):
        a = one.get_window_extent(renderer)
        b = other.get_window_extent(renderer)
        # What is drawn may touch; it may not lie upon each other.
        assert not a.padded(-1).overlaps(b.padded(-1)), (
            f"{one.get_text()!r} and {other.get_text()!r} overlap"
        )


def _texts(figure):
    """The texts that are drawn."""
    hidden = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            drawn = axes.axison and axes.get_visible() and axis.get_visible()
            is_log = axis.get_scale() == "log"
            slack = 1e-6 * (low if is_log else high - low or 1)
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                inside = low - slack <= tick.get_loc() <= high + slack
                if not (drawn and inside):
                    hidden |= {tick.label1, tick.label2}
            if not drawn:
                hidden.add(axis.label)
                hidden.add(axis.offsetText)
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip():
            if text not in hidden:
                yield text


def check_png(data: bytes) -> None:
    """Asserts that a saved picture is a PNG with something in it."""
    from matplotlib.image import imread

    assert data.startswith(b"\x89PNG")
    picture = imread(io.BytesIO(data))
    assert picture.shape[0] > 100 and picture.shape[1] > 100
    _check_not_blank(picture[..., :3] * 255)
