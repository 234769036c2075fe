"""Printed lines of code, what they do, and what works: a table as a figure."""

from collections.abc import Sequence

from mitseq.plots.style import BLUE, GREEN, RED, Figure, new_figure


def plot_printed(rows: Sequence[tuple[str, str, str]]) -> Figure:
    """Returns a table of three columns.

    Args:
        rows: As printed, what happens today, and what works.
    """
    figure, axes = new_figure(
        size=(13, 0.42 * len(rows) + 1.3), title="The slides' code, as printed"
    )
    axes.set(xlim=(0, 1), ylim=(len(rows) + 0.5, -0.9))
    axes.axis("off")
    columns = ((0.0, BLUE), (0.4, RED), (0.59, GREEN))
    heads = ("as printed", "what happens today", "what works")
    for (x, color), head in zip(columns, heads, strict=True):
        axes.text(x, -0.4, head, color=color, weight="bold")
    for i, row in enumerate(rows):
        for (x, color), text in zip(columns, row, strict=True):
            code = color != RED
            axes.text(
                x,
                i + 0.5,
                text.replace("$", r"\$"),
                color=color,
                fontsize=9,
                family="monospace" if code else None,
                va="center",
            )
    return figure
