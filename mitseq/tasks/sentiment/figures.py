"""Reasons drawn word by word, and how far the memory of a model carries.

Slides: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment) and "Model Long-Term Dependencies"
(docs/slides.md#order). Read explain.py and diagnose.py first.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from mitseq.plots.style import BLUE, GRAY, MARKERS, ORANGE, new_figure
from mitseq.tasks.sentiment.explanation import Explanation

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAMES = {
    "leave_one_out": "without the word",
    "integrated_gradients": "integrated gradients",
}
MOST_WORDS = 30


def plot_explanation(explanation: Explanation) -> "Figure":
    """Draws the contributions of the words as bars, one color a method.

    Args:
        explanation: Of a text with at least one word. Of a longer one the
            `MOST_WORDS` words that count most are shown, in their order.

    Returns:
        The figure.

    Example:

    >>> found = Explanation(
    ...     "not bad", ["not", "bad"], "good", 0.9, 2.2,
    ...     {"leave_one_out": np.array([3.0, -1.0])},
    ... )
    >>> [label.get_text() for label in
    ...  plot_explanation(found).axes[0].get_yticklabels()]
    ['not', 'bad']
    """
    first = np.abs(next(iter(explanation.contributions.values())))
    shown = np.sort(np.argsort(-first, kind="stable")[:MOST_WORDS])
    words = [explanation.words[i] for i in shown] or ["(no word)"]
    places = np.arange(len(words))
    figure, axes = new_figure(size=(7, 1.4 + 0.3 * len(words)))
    thickness = 0.8 / len(explanation.contributions)
    for i, (method, values) in enumerate(explanation.contributions.items()):
        axes.barh(
            places + (i - 0.5) * thickness,
            np.asarray(values)[shown] if len(shown) else [0.0],
            thickness,
            color=(BLUE, ORANGE)[i % 2],
            label=NAMES.get(method, method),
        )
    axes.axvline(0, color=GRAY, linewidth=0.8)
    axes.set_yticks(places, words)
    axes.invert_yaxis()
    axes.set(
        xlabel="contribution to the score (log-odds)",
        ylabel="word",
        title=f"Why {explanation.label} "
        f"({explanation.probability:.0%} sure)?".replace("$", r"\$"),
    )
    axes.legend(loc="best")
    return figure


def plot_distances(
    curves: Mapping[str, Mapping[int, float]],
    *,
    trained: tuple[int, int] | None = None,
    title: str = "Reviews with sentences put in: how far memory carries",
) -> "Figure":
    """Draws the accuracy of models against the sentences put in.

    Args:
        curves: For each model the accuracy, 0 to 1, at each distance, as
            `Diagnosis.distances` gives it.
        trained: The smallest and the largest distance of the training texts,
            shaded where given.
        title: Above the figure.

    Returns:
        The figure.

    Example:

    >>> figure = plot_distances({"lstm": {0: 1.0, 4: 0.9}}, trained=(0, 3))
    >>> figure.axes[0].get_ylabel()
    'right answers [%]'
    """
    figure, axes = new_figure(size=(7.6, 4.6))
    if trained is not None:
        axes.axvspan(
            trained[0] - 0.3,
            trained[1] + 0.3,
            color="#e8e8e8",
            label="distances in training",
        )
    axes.axhline(50, color=GRAY, linestyle="--", label="guessing")
    for i, (name, points) in enumerate(curves.items()):
        axes.plot(
            list(points),
            [100 * share for share in points.values()],
            marker=MARKERS[i % len(MARKERS)],
            markersize=5,
            label=name,
        )
    distances = sorted({d for points in curves.values() for d in points})
    axes.set(
        xticks=distances,
        ylim=(min(45, axes.get_ylim()[0]), 102),
        xlabel="sentences put in",
        ylabel="right answers [%]",
        title=title,
    )
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    return figure
