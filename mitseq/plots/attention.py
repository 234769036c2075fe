"""Figures of attention: a heat map, all heads, a colored text, the table.

Slides: Lecture 2, "Learning Self-Attention with Neural Networks" (the table
of a sentence by itself, docs/slides.md#attention-weighting) and "Applying
Multiple Self-Attention Heads". Rows are queries, columns are keys: row t says
what step t looks at, and sums to 1.

What they draw comes from `attention_maps`. Whatever a token holds is drawn as
it is, not read as mathematics; what the font lacks becomes a box.
"""

import functools
import math
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mitseq.errors import MitseqError
from mitseq.output import OutputError, atomic_write
from mitseq.plots.style import SEQUENTIAL, new_figure, save_figure

if TYPE_CHECKING:
    import keras
    from matplotlib.figure import Figure

    from mitseq.inside.attention import AttentionMap

PALE = "Blues"  # from white
DARKEST = 0.65  # of it: black letters stay readable
LONGEST = 14  # characters of a label
LABEL_HEIGHT = (
    0.16  # inches of a label; where they do not fit, some are left out
)
LABEL_WIDTH = 0.1  # inches of a character
LINE = 64  # characters of a line of colored text


def attention_heat_map(
    found: "AttentionMap",
    *,
    head: int | None = None,
    queries: Sequence[str] | None = None,
    title: str = "",
) -> "Figure":
    """Draws one map: which query looks at which key.

    Args:
        found: One of `attention_maps`.
        head: The head, from 0; None for the mean of all heads.
        queries: Labels of the rows, where they are not those of the columns.
        title: None for the name of the layer and the head.

    Returns:
        The figure.

    Raises:
        MitseqError: if there is no such head.

    Example:

    >>> from mitseq.inside.attention import AttentionMap
    >>> found = AttentionMap("look", np.eye(3)[np.newaxis], ["a", "b", "c"])
    >>> attention_heat_map(found).axes[0].get_title()
    'look, one head'
    """
    weights, name = of_head(found, head)
    rows, columns = weights.shape
    size = min(9.0, max(4.2, 0.3 * max(rows, columns)))  # inches
    figure, axes = new_figure(size=(size + 1.4, size))
    image = _draw(axes, weights, found.tokens, _rows(found, queries), size)
    axes.set_title(title or f"{found.layer}, {name}")
    figure.colorbar(image, ax=axes, label="attention weight", shrink=0.8)
    return figure


def attention_heads(
    maps: "AttentionMap | Sequence[AttentionMap]",
    *,
    queries: Sequence[str] | None = None,
    title: str = "",
) -> "Figure":
    """Draws every head of a layer, or of several layers, side by side.

    Args:
        maps: One of `attention_maps`, or several: a row of pictures each.
        queries: Labels of the rows, where they are not those of the columns.
        title: Above all.

    Returns:
        The figure.

    Raises:
        MitseqError: if there is no map.
    """
    maps = as_maps(maps)
    heads = [(found, i) for found in maps for i in range(len(found.weights))]
    most = max(len(found.weights) for found in maps)
    columns = min(most, 4)
    lines = sum(math.ceil(len(found.weights) / columns) for found in maps)
    steps = max(max(found.weights.shape[1:]) for found in maps)
    side = min(4.2, max(2.9, 0.2 * steps))
    figure, axes = new_figure(
        lines,
        columns,
        size=(side * columns + 1.2, (side + 0.6) * lines + 0.3),
        title=title or f"What each head attends to: {_names(maps)}",
        squeeze=False,
    )
    places = []
    line = 0
    for found in maps:
        count = len(found.weights)
        places += [(line + i // columns, i % columns) for i in range(count)]
        line += math.ceil(count / columns)
    highest = max(float(found.weights.max(initial=0)) for found in maps)
    for each in axes.flat:
        each.set_visible(False)
    for (found, head), place in zip(heads, places, strict=True):
        each = axes[place]
        each.set_visible(True)
        image = _draw(
            each,
            found.weights[head],
            found.tokens,
            _rows(found, queries),
            side - 1.0,
            highest,
        )
        several = f"{shorten(found.layer, 30)}\n" if len(maps) > 1 else ""
        each.set_title(f"{several}head {head + 1}", fontsize=9)
    used = [each for each in axes.flat if each.get_visible()]
    for each in axes.flat:
        if not each.get_visible():
            each.remove()
    figure.colorbar(image, ax=used, label="attention weight", shrink=0.7)
    return figure


def attention_text(
    found: "AttentionMap",
    *,
    query: int | str | None = None,
    head: int | None = None,
    title: str = "",
) -> "Figure":
    """Writes the text, each token as dark as the attention that it gets.

    Args:
        found: One of `attention_maps`.
        query: Who looks: the number of a step (from 0, or from the end: -1),
            or a token, its first place; None for the mean of all steps.
        head: The head, from 0; None for the mean of all heads.
        title: Above the text.

    Returns:
        The figure.

    Raises:
        MitseqError: if there is no such head or query.
    """
    from matplotlib import colormaps
    from matplotlib.patches import Rectangle

    weights, name = of_head(found, head)
    received, who = _of_query(found, weights, query)
    lines = _wrapped([_visible(token, 4 * LINE) for token in found.tokens])
    high = max(len(lines), 1)
    width = LINE * 0.0925 + 0.5  # inches
    figure, axes = new_figure(size=(width + 1.4, 0.36 * high + 1.0))
    axes.set_axis_off()
    axes.set_xlim(-1, LINE + 1)
    axes.set_ylim(high - 0.4, -0.6)
    most = float(received.max(initial=0)) or 1.0
    palette = colormaps[PALE]
    step = 0
    for y, line in enumerate(lines):
        x = 0
        for token in line:
            share = received[step] / most
            axes.add_patch(
                Rectangle(
                    (x - 0.4, y - 0.42),
                    len(token) + 0.8,
                    0.84,
                    color=palette(DARKEST * share),
                    linewidth=0,
                )
            )
            axes.text(
                x + len(token) / 2,
                y,
                token,
                family="monospace",
                fontsize=10,
                ha="center",
                va="center",
                parse_math=False,
            )
            x += len(token) + 1
            step += 1
    axes.set_title(title or f"Attention of {who}: {found.layer}, {name}")
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap, Normalize

    shades = ListedColormap(palette(np.linspace(0, DARKEST, 64)), name=PALE)
    bar = ScalarMappable(Normalize(0, most), shades)
    figure.colorbar(
        bar, ax=axes, label="weight", ticks=[0, most], format="%.2f"
    )
    return figure


def attention_table(
    model: "keras.Model",
    sentence: str | np.ndarray,
    *,
    layer: str | int = 0,
    head: int | None = None,
    tokens: Sequence[str] | None = None,
) -> "Figure":
    """Draws the slide's table, the words of a sentence by the same words.

    Args:
        model: A trained model with attention in it.
        sentence: As for `attention_maps`: a string or one example.
        layer: Name of the attention layer, or its number in the order of the
            calls.
        head: The head, from 0; None for the mean of all heads.
        tokens: Labels, for an example that is no string.

    Returns:
        The figure: a cell for each pair of words, with its weight.

    Raises:
        MitseqError: if there is no such layer or head.
    """
    from mitseq.inside.attention import attention_maps

    maps = attention_maps(model, sentence, tokens=tokens)
    return weights_table(_pick(maps, layer), head=head)


def weights_table(
    found: "AttentionMap", *, head: int | None = None
) -> "Figure":
    """Draws a map as a table: a cell for each pair, with its number.

    Args:
        found: One of `attention_maps`.
        head: The head, from 0; None for the mean of all heads.

    Returns:
        The figure.

    Raises:
        MitseqError: if there is no such head.
    """
    weights, name = of_head(found, head)
    rows, columns = weights.shape
    size = (1.6 + 0.72 * columns, 1.3 + 0.42 * rows)
    top = (float(weights.max()) or 1.0) / DARKEST
    figure, axes = new_figure(size=size)
    axes.imshow(weights, cmap=PALE, vmin=0, vmax=top, aspect="auto")
    for i, j in np.ndindex(weights.shape):
        axes.text(
            j, i, f"{weights[i, j]:.2f}", ha="center", va="center", fontsize=9
        )
    _label(axes, found.tokens, _rows(found, None), 0.72 * columns)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_ylabel("query: who looks")
    axes.set_xlabel("key: at whom")
    axes.xaxis.set_label_position("top")
    figure.suptitle(f"Attention weighting: {found.layer}, {name}")
    return figure


def save_attention(
    maps: "AttentionMap | Sequence[AttentionMap]",
    path: str | os.PathLike,
    *,
    title: str = "",
    overwrite: bool = False,
) -> Path:
    """Writes attention maps: a picture, or a page with hover.

    Args:
        maps: From `attention_maps`.
        path: `.html` for the page, `.png`, `.svg` or `.pdf` for a picture of
            all heads.
        title: Heading.
        overwrite: Replace a file that stands there.

    Returns:
        The path of the file.

    Raises:
        OutputError: if the file exists or cannot be written.
        MitseqError: for another suffix, or if there is no map.
    """
    from mitseq.plots.attention_page import attention_page

    path = Path(path)
    if path.exists() and not overwrite:
        raise OutputError(path, "it exists (pass `overwrite=True`)")
    if path.suffix.lower() in (".html", ".htm"):
        return atomic_write(path, attention_page(maps, title))
    return save_figure(attention_heads(maps, title=title), path)


def as_maps(maps) -> "list[AttentionMap]":
    """Returns one map or several as a list; raises where there is none."""
    from mitseq.inside.attention import AttentionMap

    maps = [maps] if isinstance(maps, AttentionMap) else list(maps)
    if not maps:
        raise MitseqError("`maps` must hold at least one map. Received: none.")
    return maps


def of_head(found: "AttentionMap", head: int | None) -> tuple[np.ndarray, str]:
    """Returns the weights `(T, S)` of a head or of their mean, and its name.

    Args:
        found: One of `attention_maps`.
        head: From 0; None for the mean of all heads.

    Returns:
        The weights, and "head 1", "mean of 4 heads" or "one head".

    Raises:
        MitseqError: if there is no such head.
    """
    heads = len(found.weights)
    if head is None:
        name = f"mean of {heads} heads" if heads > 1 else "one head"
        return found.weights.mean(axis=0), name
    if not -heads <= head < heads:
        raise MitseqError(
            f"`head` must be below {heads}, the number of heads of "
            f"'{found.layer}'. Received: head={head!r}."
        )
    return found.weights[head], f"head {head % heads + 1}"


def shorten(text: str, most: int) -> str:
    """Cuts a long text, from its middle.

    Example:

    >>> shorten("abcdefghij", 7)
    'abc…hij'
    """
    if len(text) <= most:
        return text
    left = most // 2
    return f"{text[:left]}…{text[len(text) - (most - 1 - left) :]}"


def _pick(maps, layer):
    if isinstance(layer, int) and -len(maps) <= layer < len(maps):
        return maps[layer]
    for found in maps:
        if found.layer == layer:
            return found
    raise MitseqError(
        f"`layer` must be one of {[found.layer for found in maps]} or a "
        f"number below {len(maps)}. Received: layer={layer!r}."
    )


def _of_query(found, weights, query):
    """The row of who looks, and how to call it."""
    if query is None:
        return weights.mean(axis=0), "all steps"
    if isinstance(query, str):
        if query not in found.tokens:
            raise MitseqError(
                f"`query` must be one of the tokens {found.tokens} or a "
                f"number. Received: query={query!r}."
            )
        query = found.tokens.index(query)
    if not -len(weights) <= query < len(weights):
        raise MitseqError(
            f"`query` must be below {len(weights)}, the number of steps. "
            f"Received: query={query!r}."
        )
    name = f"step {query % len(weights) + 1}"
    if len(weights) == len(found.tokens):
        name = f"“{_visible(found.tokens[query])}”"
    return weights[query], name


def _names(maps):
    names = list(dict.fromkeys(found.layer for found in maps))
    return names[0] if len(names) == 1 else f"{len(names)} layers"


def _rows(found, queries):
    if queries is not None:
        return [str(query) for query in queries]
    rows = found.weights.shape[1]
    if rows == len(found.tokens):
        return found.tokens
    return [str(i + 1) for i in range(rows)]


def _draw(axes, weights, columns, rows, side, highest=None):
    """A map and its labels on axes that are `side` inches wide."""
    T, S = weights.shape
    image = axes.imshow(
        weights,
        cmap=SEQUENTIAL,
        vmin=0,
        vmax=highest or float(weights.max(initial=0)) or 1.0,
        aspect="equal" if 0.5 < T / S < 2 else "auto",
        interpolation="nearest",
    )
    _label(axes, columns, rows, side)
    axes.set_xlabel("key")
    axes.set_ylabel("query")
    return image


def _label(axes, columns, rows, side):
    for axis, labels in ((axes.xaxis, columns), (axes.yaxis, rows)):
        every = math.ceil(len(labels) / (side / LABEL_HEIGHT))
        places = range(0, len(labels), every)
        axis.set_ticks(
            list(places),
            [_visible(labels[i]) for i in places],
            fontsize=8 if len(labels) > 12 else 9,
            parse_math=False,
        )
    longest = max(len(_visible(label)) for label in columns)
    if longest * LABEL_WIDTH > side / len(columns):
        axes.tick_params(axis="x", rotation=90)


def _wrapped(tokens):
    lines, room = [], 0
    for token in tokens:
        if not lines or len(token) > room:
            lines.append([])
            room = LINE
        lines[-1].append(token)
        room -= len(token) + 1
    return lines


def _visible(token: str, most: int = LONGEST) -> str:
    """A token as a label: what cannot be seen gets a sign."""
    token = token.replace("\n", "⏎").replace("\t", "⇥")
    if not token.strip():
        token = token.replace(" ", "␣")
    token = re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", "□", token)
    token = "".join(c if _has_glyph(c) else "□" for c in token)
    return shorten(token, most) or "∅"


@functools.lru_cache(maxsize=4096)
def _has_glyph(character: str) -> bool:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return all(
        get_font(findfont(FontProperties(family=[family]))).get_char_index(
            ord(character)
        )
        for family in ("sans-serif", "monospace")
    )
