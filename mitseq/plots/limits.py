"""Recurrence and attention side by side: what each keeps, needs and reaches.

Slides: Lecture 2, "Limitations of Recurrent Models", "Goal of Sequence
Modeling", "Attention Is All You Need" and the summary (docs/slides.md#limits).
"""

from collections.abc import Mapping, Sequence

import numpy as np

from mitseq.plots.style import (
    BLUE,
    DARKEST,
    MARKERS,
    ORANGE,
    PALE,
    PALETTE,
    Figure,
    new_figure,
)


def plot_limits(
    lengths: Sequence[int],
    kept: Mapping[str, Sequence[float]],
    milliseconds: Mapping[str, Sequence[float]],
    title: str,
) -> Figure:
    """Returns what is kept of a sequence, and the time to read it.

    Args:
        lengths: Numbers of steps.
        kept: Name -> numbers that are kept, at each length.
        milliseconds: Name -> time, at each length.
        title: What to see.
    """
    figure, axes = new_figure(1, 2, size=(12, 4.6), title=title)
    for ax, curves, name, value in zip(
        axes,
        (kept, milliseconds),
        (
            "Bottleneck: what is kept of what was read",
            "Time to read, on this machine",
        ),
        ("numbers kept", "time [ms]"),
        strict=True,
    ):
        for i, (label, values) in enumerate(curves.items()):
            look = {"color": PALETTE[i], "marker": MARKERS[i], "lw": 2}
            ax.plot(lengths, values, label=label, **look)
        ax.set(title=name, xlabel="length of the sequence [steps]")
        ax.set(ylabel=value, xscale="log", yscale="log")
        ax.set_xticks(lengths, lengths, minor=False)
        ax.set_xticks([], minor=True)
        ax.yaxis.set_major_formatter("{x:g}")
        ax.yaxis.set_minor_formatter(
            lambda x, _: f"{x:g}" if x < 100 and f"{x:g}"[0] in "25" else ""
        )
        ax.legend(loc="upper left")
    return figure


def plot_capabilities(
    models: Sequence[str],
    cells: Mapping[str, Sequence[tuple[str, bool]]],
    title: str,
) -> Figure:
    """Returns a table: what each model needs, and which of it is good.

    Args:
        models: The names of the columns.
        cells: Name of a row -> a text and whether it is good, for each model.
        title: What to see.
    """
    figure, axes = new_figure(size=(11.5, 0.8 * len(cells) + 1.5), title=title)
    axes.set(xlim=(-1.25, len(models) - 0.5), ylim=(len(cells) - 0.5, -1.0))
    axes.axis("off")
    look = {"va": "center", "fontsize": 12}
    for j, model in enumerate(models):
        axes.text(j, -0.75, model, ha="center", weight="bold", **look)
    for i, (name, row) in enumerate(cells.items()):
        axes.text(-1.25, i, name, ha="left", **look)
        for j, (text, good) in enumerate(row):
            color = BLUE if good else ORANGE
            axes.bar(j, 0.8, 0.94, bottom=i - 0.4, color=color, alpha=0.3, lw=0)
            sign = "✓" if good else "✗"
            axes.text(j, i, f"{sign}  {text}", ha="center", **look)
    return figure


def plot_reach(reach: Mapping[str, np.ndarray], title: str) -> Figure:
    """Returns how much each input counts in the last output, by distance.

    Args:
        reach: Name -> `(T,)`, the gradients at x_1 to x_T.
        title: What to see.
    """
    figure, axes = new_figure(size=(8.2, 4.8), title=title)
    for i, (name, values) in enumerate(reach.items()):
        back = np.arange(len(values))
        axes.plot(
            back,
            np.asarray(values)[::-1],
            color=PALETTE[i],
            marker=MARKERS[i],
            markevery=max(1, len(values) // 10),
            lw=2,
            label=name,
        )
    axes.set_yscale("log")
    axes.set(
        xlabel="steps before the last one",
        ylabel="share of the whole gradient [1]",
    )
    axes.legend(loc="lower left")
    return figure


def plot_two_ways(
    words: Sequence[str],
    recurrent: np.ndarray,
    attention: np.ndarray,
    title: str,
) -> Figure:
    """Returns what each step takes from each word, by recurrence and attention.

    Args:
        words: The T words.
        recurrent: `(T, T)`, the share of word s in the state of step t.
        attention: `(T, T)`, the weight of word s for step t.
        title: What to see.
    """
    figure, axes = new_figure(1, 2, size=(12.5, 5), title=title)
    for ax, table, name in zip(
        axes,
        (recurrent, attention),
        (
            "Recurrence: the state, the past fades",
            "Attention: the weights, each word chooses",
        ),
        strict=True,
    ):
        ax.imshow(table, cmap=PALE, vmin=0, vmax=1 / DARKEST, aspect="auto")
        for (i, j), share in np.ndenumerate(table):
            if np.isfinite(share):
                at = {"ha": "center", "va": "center", "fontsize": 10}
                ax.text(j, i, f"{share:.2f}", **at)
        ax.set_xticks(range(len(words)), words)
        ax.set_yticks(range(len(words)), words)
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
        ax.set(title=name, xlabel="takes from this word", ylabel="at this word")
    return figure
