"""Reasons drawn: what each word of a text adds to a verdict, by each method.

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment). Read mitseq/tasks/sentiment/explain.py first.
"""

from typing import TYPE_CHECKING

import numpy as np

from mitseq.plots.style import BLUE, GRAY, ORANGE, new_figure
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
