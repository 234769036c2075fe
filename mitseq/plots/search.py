"""The figure of a search: how much of each value comes out.

Slide: Lecture 2, "Understanding Attention with Search"
(docs/slides.md#search).
"""

from mitseq.by_hand.search import Found
from mitseq.plots.style import BLACK, BLUE, GRAY, ORANGE, Figure, new_figure
from mitseq.plots.token_labels import shorten


def plot_search(found: Found) -> Figure:
    """Returns a figure of the similarity and attention of each key.

    Args:
        found: What `search` found.
    """
    rows = len(found.keys)
    shows = len(found.values) == rows
    figure, axes = new_figure(
        1,
        2 + shows,
        size=(9.5 + 3 * shows, 1.9 + 0.5 * rows),
        sharey=True,
        width_ratios=(1, 1, 0.8)[: 2 + shows],
        title=f"The query “{shorten(found.query, 60)}” finds the value of the "
        "most similar key",
    )
    left, right = axes[:2]
    for ax, values, color, name in (
        (left, found.similarity, ORANGE, "1. query and key: how similar?"),
        (right, found.weights, BLUE, "2. attention: how much of its value?"),
    ):
        ax.barh(range(rows), values, color=color)
        ax.set(xlim=(0, 1.15), xticks=[0, 0.5, 1], xlabel=name)
        for i, value in enumerate(values):
            ax.text(
                max(value, 0) + 0.01, i, f"{value:.2f}", va="center", fontsize=9
            )
    if shows:
        best = int(found.weights.argmax())
        for i, value in enumerate(found.values):
            axes[2].text(
                0.05,
                i,
                shorten(str(value), 24),
                va="center",
                fontsize=11,
                color=BLACK if i == best else GRAY,
                weight="bold" if i == best else "normal",
                bbox={"boxstyle": "round,pad=0.3", "fc": "white", "lw": 2}
                | {"ec": BLUE if i == best else "white"},
            )
        axes[2].set_xticks([0.5], [" "])  # as high as the other labels
        axes[2].set(xlim=(0, 1), xlabel="3. the value that comes out")
        axes[2].xaxis.labelpad = 0
        axes[2].spines[:].set_visible(False)
        axes[2].tick_params(length=0)
    keys = [shorten(key, 40) for key in found.keys]
    left.set_yticks(range(rows), keys, parse_math=False)
    left.invert_yaxis()
    for text in figure.findobj(lambda each: hasattr(each, "set_parse_math")):
        text.set_parse_math(False)
    return figure
