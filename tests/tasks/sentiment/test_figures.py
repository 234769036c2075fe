"""The figure of an explanation shows its numbers."""

import numpy as np
import pytest

from mitseq.tasks.sentiment.explanation import Explanation
from mitseq.tasks.sentiment.figures import MOST_WORDS, plot_explanation
from tests.figure_checks import check_figure


def explanation(words):
    values = np.random.default_rng(0).normal(size=len(words))
    return Explanation(
        " ".join(words),
        words,
        "positive",
        0.9,
        2.2,
        {"leave_one_out": values, "integrated_gradients": 2 * values},
    )


@pytest.mark.parametrize("count", [1, 8, 200])
def test_bars_are_the_contributions(count):
    found = explanation([f"word{i}" for i in range(count)])
    figure = plot_explanation(found)
    check_figure(figure)
    axes = figure.axes[0]
    words = [label.get_text() for label in axes.get_yticklabels()]
    assert len(words) == min(count, MOST_WORDS)
    widths = [bar.get_width() for bar in axes.patches]
    values = dict(
        zip(found.words, found.contributions["leave_one_out"], strict=True)
    )
    expected = [values[word] for word in words]
    np.testing.assert_allclose(widths[: len(words)], expected)
    np.testing.assert_allclose(widths[len(words) :], 2 * np.array(expected))


def test_signs_of_mathtext_are_harmless():
    check_figure(plot_explanation(explanation(["$", "_", "a^b", "\\alpha"])))
