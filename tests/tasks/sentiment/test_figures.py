"""The figure of an explanation shows its numbers."""

import numpy as np
import pytest

from mitseq.tasks.sentiment.explanation import Explanation
from mitseq.tasks.sentiment.figures import (
    MOST_WORDS,
    plot_distances,
    plot_explanation,
)
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


@pytest.mark.parametrize("models", [1, 7])
def test_one_curve_a_model_in_percent(models):
    curves = {
        f"model {i}": {0: 1.0, 4: 0.9 - 0.05 * i, 8: 0.6} for i in range(models)
    }
    figure = plot_distances(curves, trained=(0, 3))
    check_figure(figure)
    axes = figure.axes[0]
    lines = {line.get_label(): line for line in axes.lines}
    assert set(curves) < set(lines)
    assert list(lines["model 0"].get_xdata()) == [0, 4, 8]
    assert list(lines["model 0"].get_ydata()) == [100, 90, 60]
    assert len({line.get_color() for line in axes.lines}) == models + 1
