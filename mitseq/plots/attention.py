"""Figures of attention: a heat map, all heads, the table.

Slides: Lecture 2, "Learning Self-Attention with Neural Networks" (the table
of a sentence by itself, docs/slides.md#attention-weighting) and "Applying
Multiple Self-Attention Heads". Rows are queries, columns are keys: row t says
what step t looks at, and sums to 1.

What they draw comes from `attention_maps`. The colored text is in
attention_text.py, the page in attention_page.py.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np

from mitseq.errors import MitseqError
from mitseq.inside.attention import AttentionMap, as_maps, attention_maps
from mitseq.output import OutputError, atomic_write
from mitseq.plots.attention_page import attention_page
from mitseq.plots.style import (
    DARKEST,
    GRAY,
    PALE,
    SEQUENTIAL,
    Figure,
    new_figure,
    save_figure,
    write_cells,
)
from mitseq.plots.token_labels import label_axes, shorten


def attention_heat_map(
    found: AttentionMap,
    *,
    head: int | None = None,
    queries: Sequence[str] | None = None,
    title: str = "",
) -> Figure:
    """Returns a heat map: which query looks at which key.

    Args:
        found: One of `attention_maps`.
        head: The head, from 0; None for the mean of all heads.
        queries: Labels of the rows, where they are not those of the columns.
        title: None for the name of the layer and the head.

    Raises:
        MitseqError: if there is no such head.

    Example:

    >>> found = AttentionMap("look", np.eye(3)[np.newaxis], ["a", "b", "c"])
    >>> attention_heat_map(found).axes[0].get_title()
    'look, one head'
    """
    weights, name = found.of_head(head)
    rows, columns = weights.shape
    size = min(9.0, max(4.2, 0.3 * max(rows, columns)))  # inches
    figure, axes = new_figure(size=(size + 1.4, size))
    image = _draw(axes, found, weights, queries, size)
    axes.set_title(title or f"{found.layer}, {name}")
    figure.colorbar(image, ax=axes, label="attention weight", shrink=0.8)
    return figure


def attention_heads(
    maps: AttentionMap | Sequence[AttentionMap],
    *,
    queries: Sequence[str] | None = None,
    title: str = "",
) -> Figure:
    """Returns every head of a layer, or of several layers, side by side.

    Args:
        maps: One of `attention_maps`, or several: a row of pictures each.
        queries: Labels of the rows, where they are not those of the columns.
        title: Above all.

    Raises:
        MitseqError: if there is no map.
    """
    maps = as_maps(maps)
    columns = min(max(len(found.weights) for found in maps), 4)
    steps = max(max(found.weights.shape[1:]) for found in maps)
    layers = list(dict.fromkeys(found.layer for found in maps))
    names = layers[0] if len(layers) == 1 else f"{len(layers)} layers"
    highest = max(float(found.weights.max(initial=0)) for found in maps)
    places = _places(maps, columns)
    lines = len(places) // columns
    side = min(4.2, max(2.9, 0.2 * steps))
    figure, axes = new_figure(
        lines,
        columns,
        size=(side * columns + 1.2, (side + 0.6) * lines + 0.3),
        title=title or f"What each head attends to: {names}",
        squeeze=False,
    )
    used = []
    for each, place in zip(axes.flat, places, strict=True):
        if place is None:
            each.remove()
            continue
        found, head = place
        weights = found.weights[head]
        image = _draw(each, found, weights, queries, side - 1.0, highest)
        several = f"{shorten(found.layer, 30)}\n" if len(maps) > 1 else ""
        each.set_title(f"{several}head {head + 1}", fontsize=9)
        used.append(each)
    figure.colorbar(image, ax=used, label="attention weight", shrink=0.7)
    return figure


def attention_table(
    model: keras.Model,
    sentence: str | np.ndarray,
    *,
    layer: str | int = 0,
    head: int | None = None,
    tokens: Sequence[str] | None = None,
) -> Figure:
    """Returns the slide's table, the words of a sentence by the same words.

    Args:
        model: A trained model with attention in it.
        sentence: As for `attention_maps`: a string or one example.
        layer: Name of the attention layer, or its number in the order of the
            calls.
        head: The head, from 0; None for the mean of all heads.
        tokens: Labels, for an example that is no string.

    Raises:
        MitseqError: if there is no such layer or head.
    """
    maps = attention_maps(model, sentence, tokens=tokens)
    return weights_table(_pick(maps, layer), head=head)


def weights_table(found: AttentionMap, *, head: int | None = None) -> Figure:
    """Returns a map as a table: a cell for each pair, with its number.

    Args:
        found: One of `attention_maps`.
        head: The head, from 0; None for the mean of all heads.

    Raises:
        MitseqError: if there is no such head.
    """
    weights, name = found.of_head(head)
    rows, columns = weights.shape
    size = (1.6 + 0.72 * columns, 1.3 + 0.42 * rows)
    top = (float(weights.max()) or 1.0) / DARKEST
    figure, axes = new_figure(size=size)
    axes.imshow(weights, cmap=PALE, vmin=0, vmax=top, aspect="auto")
    write_cells(axes, np.char.mod("%.2f", weights), fontsize=9)
    label_axes(axes, found.tokens, found.queries, 0.72 * columns)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set(xlabel="key: at whom", ylabel="query: who looks")
    axes.xaxis.set_label_position("top")
    figure.suptitle(f"Attention weighting: {found.layer}, {name}")
    return figure


def plot_weighting(
    words: Sequence[str],
    printed: np.ndarray,
    weights: np.ndarray,
    title: str,
) -> Figure:
    """Returns the slide's table beside weights, each row with its sum.

    Args:
        words: The T words.
        printed: `(T, T)`, similarities.
        weights: `(T, T)`, weights of attention.
        title: What to see.
    """
    figure, axes = new_figure(1, 2, size=(13, 4.6), title=title)
    for ax, name, table in zip(
        axes,
        (
            "printed on the slide: how similar",
            "learned: softmax(Q K$^T$ / scaling)",
        ),
        (printed, weights),
        strict=True,
    ):
        sums = table.sum(axis=1)
        shown = np.hstack([table, np.full((len(words), 1), np.nan)])
        ax.imshow(shown, cmap=PALE, vmin=0, vmax=1 / DARKEST, aspect="auto")
        texts = np.char.mod("%.2f", np.column_stack([table, sums]))
        write_cells(ax, texts, fontsize=10)
        ax.axvline(len(words) - 0.5, color=GRAY, lw=1.5)
        ax.set_xticks(range(len(words) + 1), [*words, "sum"])
        ax.set_yticks(range(len(words)), words)
        ax.xaxis.tick_top()
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
        ax.set_title(name)
        ax.set(ylabel="query: who looks")
        ax.set_xlabel("key: at whom", labelpad=6)
    return figure


def save_attention(
    maps: AttentionMap | Sequence[AttentionMap],
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
    path = Path(path)
    if path.exists() and not overwrite:
        raise OutputError(path, "it exists (pass `overwrite=True`)")
    if path.suffix.lower() in (".html", ".htm"):
        return atomic_write(path, attention_page(maps, title))
    return save_figure(attention_heads(maps, title=title), path)


def _places(maps, columns):
    """Returns what stands where, line by line; each map starts a new line."""
    places = []
    for found in maps:
        places += [(found, head) for head in range(len(found.weights))]
        places += [None] * (-len(places) % columns)
    return places


def _draw(axes, found, weights, queries, side, highest=None):
    """Draws a map and its labels on axes that are `side` inches wide."""
    T, S = weights.shape
    image = axes.imshow(
        weights,
        cmap=SEQUENTIAL,
        vmin=0,
        vmax=highest or float(weights.max(initial=0)) or 1.0,
        aspect="equal" if 0.5 < T / S < 2 else "auto",
        interpolation="nearest",
    )
    rows = found.queries if queries is None else list(map(str, queries))
    label_axes(axes, found.tokens, rows, side)
    axes.set(xlabel="key", ylabel="query")
    return image


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
