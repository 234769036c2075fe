"""Figures of translation: the bottleneck, and the alignment."""

from collections.abc import Mapping, Sequence

import numpy as np

from mitseq.inside.attention import AttentionMap
from mitseq.plots.style import (
    MARKERS,
    PALETTE,
    RED,
    Figure,
    new_figure,
)
from mitseq.plots.token_labels import label_axes

# Shares of a figure by length: what is drawn, and how the axis says it.
MEASURES = {
    "accuracy": ("words at their place [%]", 100.0),
    "chrf": ("chrF", 1.0),
    "exact": ("sentences translated exactly [%]", 100.0),
}


def plot_by_length(
    curves: Mapping[str, Sequence[Mapping[str, float]]],
    *,
    measure: str = "accuracy",
    trained: int | None = None,
    fewest: int = 5,
    title: str = "A longer sentence, the same context vector",
) -> Figure:
    """Returns how well models translate, by the length of the source.

    Args:
        curves: For each model "by_length" of `evaluate_translation_model`.
        measure: "accuracy", "chrf" or "exact".
        trained: How long the sources of the training are; the shade ends
            behind it.
        fewest: A length with fewer sentences is left out: it says little.
        title: Above the figure.
    """
    label, scale = MEASURES[measure]
    figure, axes = new_figure(size=(7.6, 4.4))
    if trained is not None:
        axes.axvspan(0, trained + 0.5, color="#eeeeee", label="in training")
    longest = 0
    for i, (name, rows) in enumerate(curves.items()):
        kept = [row for row in rows if row["sentences"] >= fewest]
        longest = max([longest, *(row["words"] for row in kept)])
        axes.plot(
            [row["words"] for row in kept],
            [scale * row[measure] for row in kept],
            marker=MARKERS[i % len(MARKERS)],
            color=PALETTE[i % len(PALETTE)],
            markersize=4,
            label=name,
        )
    axes.set(
        xlim=(0, longest + 1),
        ylim=(-2, 103),
        xlabel="words of the source sentence",
        ylabel=label,
        title=title,
    )
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    return figure


def plot_alignment(
    found: AttentionMap,
    *,
    truth: Sequence[int] | None = None,
    title: str = "Which source word each word was written from",
) -> Figure:
    """Returns the alignment map: a row for each word that was written.

    Args:
        found: From `alignment`.
        truth: The right source word of each written one, if it is known; it
            gets a frame.
        title: Above the figure.
    """
    weights, _ = found.of_head(None)
    T, S = weights.shape
    width, height = 0.42 * S, 0.36 * T
    figure, axes = new_figure(size=(width + 3.2, height + 1.9))
    image = axes.imshow(weights, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    if truth is not None:
        for t, s in enumerate(truth):
            axes.add_patch(_frame(s, t))
    label_axes(axes, found.tokens, found.queries, width)
    axes.set_xticks(np.arange(S), axes.get_xticklabels(), rotation=60)
    axes.set(xlabel="read", ylabel="written", title=title)
    figure.colorbar(image, ax=axes, label="attention weight", shrink=0.9)
    return figure


def _frame(column, row):
    from matplotlib.patches import Rectangle

    return Rectangle(
        (column - 0.5, row - 0.5),
        1,
        1,
        fill=False,
        edgecolor=RED,
        linewidth=1.2,
    )
