"""Figures of what goes on inside a trained cell: gates, states, one unit.

Slide: Lecture 2, "Gating Mechanisms in Neurons" and "Long Short Term Memory
(LSTM) Networks" (docs/slides.md#inside-a-cell). The values come from
`gate_values` in mitseq/inside/cell.py.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from mitseq.plots.style import (
    BLUE,
    DIVERGING,
    GRAY,
    ORANGE,
    SEQUENTIAL,
    Figure,
    new_figure,
)

MOST_LABELS = 60  # tokens below the picture; of more, some are left out
NAMES = {
    "f": "forget gate f",
    "i": "store gate i",
    "o": "output gate o",
    "z": "update gate z",
    "r": "reset gate r",
    "c_tilde": "candidate c~",
    "h_tilde": "candidate h~",
    "c": "cell state c",
    "h": "hidden state h",
}
GATES = ("f", "i", "o", "z", "r")  # between 0 and 1; the others have a sign


def plot_gates(
    values: Mapping[str, np.ndarray],
    tokens: Sequence[str],
    title: str = "Inside a cell",
    units: Sequence[int] | None = None,
) -> Figure:
    """Returns a heat map of each gate and state: units against tokens.

    Args:
        values: `(T, H)` for each name, one example of what `gate_values`
            returns; only what is here is drawn, from top to bottom.
        tokens: The T words, symbols or notes that were read.
        title: Title of the figure.
        units: Which units to show, in this order; None for all.

    Raises:
        ValueError: if there is not one row of values for each token.
    """
    for name, array in values.items():
        if len(array) != len(tokens):
            raise ValueError(
                "`values` must have one row for each of `tokens`. Received: "
                f"{len(array)} rows of {name!r}, {len(tokens)} tokens."
            )
    figure, axes = new_figure(
        len(values),
        1,
        size=(11, 1.2 + 1.55 * len(values)),
        title=title,
        sharex=True,
        squeeze=False,
    )
    for ax, (name, array) in zip(axes[:, 0], values.items(), strict=True):
        shown = array if units is None else array[:, list(units)]
        if name in GATES:
            scale = {"cmap": SEQUENTIAL, "vmin": 0, "vmax": 1}
        else:
            most = max(float(np.nanmax(np.abs(shown))), 1e-6)
            scale = {"cmap": DIVERGING, "vmin": -most, "vmax": most}
        image = ax.imshow(
            shown.T, aspect="auto", interpolation="nearest", **scale
        )
        ax.set(ylabel="unit", title=NAMES.get(name, name))
        if units is not None and len(units) <= 12:
            ax.set_yticks(range(len(units)), units, fontsize=8)
        figure.colorbar(image, ax=ax, label="value", pad=0.01)
    _label_tokens(axes[-1, 0], tokens)
    return figure


def plot_unit(
    values: np.ndarray,
    tokens: Sequence[str],
    signal: np.ndarray,
    names: tuple[str, str],
    title: str = "A unit that follows",
    marks: Sequence[int] = (),
) -> Figure:
    """Returns the trace of one unit beside what it follows.

    Args:
        values: `(T,)`, the unit at each step.
        tokens: The T tokens that were read.
        signal: `(T,)`, what it follows; NaN where it is not defined.
        names: What `values` and `signal` are, for the axes.
        title: Title of the figure.
        marks: Steps to draw a vertical line at, such as bar lines.
    """
    figure, axes = new_figure(
        2, 1, size=(12, 4.8), title=title, sharex=True, squeeze=False
    )
    for ax, array, name, color in zip(
        axes[:, 0], (values, signal), names, (BLUE, ORANGE), strict=True
    ):
        for mark in marks:
            ax.axvline(mark, color=GRAY, lw=0.8, ls=":")
        ax.plot(array, color=color, marker="o", markersize=3)
        ax.set(ylabel=name)
    axes[0, 0].set_title("dotted: bar lines" if len(marks) else "")
    _label_tokens(axes[1, 0], tokens)
    return figure


def _label_tokens(ax, tokens):
    every = -(-len(tokens) // MOST_LABELS)
    ticks = range(0, len(tokens), every)
    long = max((len(tokens[t]) for t in ticks), default=0) > 2
    ax.set_xticks(
        ticks,
        [tokens[t] for t in ticks],
        rotation=90 if long else 0,
        fontsize=8,
        parse_math=False,
    )
    ax.set_xlabel("what was read, step by step")
