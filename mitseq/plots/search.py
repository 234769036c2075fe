"""The figure of a search: how much of each value comes out.

Slide: Lecture 2, "Understanding Attention with Search"
(docs/slides.md#search).
"""

from mitseq.by_hand.search import Found
from mitseq.plots.style import BLUE, ORANGE, Figure, new_figure
from mitseq.plots.token_labels import shorten


def plot_search(found: Found) -> Figure:
    """Returns a figure of the similarity and attention of each key.

    Args:
        found: What `search` found.
    """
    rows = len(found.keys)
    figure, (left, right) = new_figure(
        1,
        2,
        size=(9.5, 1.4 + 0.45 * rows),
        sharey=True,
        title=f"Query: “{shorten(found.query, 60)}”",
    )
    for axes, values, color, name in (
        (left, found.similarity, ORANGE, "1. similarity of query and key"),
        (right, found.weights, BLUE, "2. attention: how much of its value"),
    ):
        axes.barh(range(rows), values, color=color)
        axes.set(xlim=(0, 1.12), xticks=[0, 0.5, 1], xlabel=name)
        for i, value in enumerate(values):
            axes.text(
                max(value, 0) + 0.01, i, f"{value:.2f}", va="center", fontsize=9
            )
    keys = [shorten(key, 40) for key in found.keys]
    left.set_yticks(range(rows), keys, parse_math=False)
    left.invert_yaxis()
    for text in figure.findobj(lambda each: hasattr(each, "set_parse_math")):
        text.set_parse_math(False)
    return figure
