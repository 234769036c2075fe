"""Recurrence and attention side by side."""

import numpy as np

from mitseq.plots.limits import (
    plot_capabilities,
    plot_limits,
    plot_reach,
    plot_two_ways,
)
from tests.figure_checks import check_figure


def test_curves_are_the_values():
    kept, times = {"a": [64, 64]}, {"a": [1.0, 2.0], "b": [0.5, 4.0]}
    figure = plot_limits((32, 128), kept, times, "T")
    check_figure(figure)
    left, right = figure.axes
    assert list(left.lines[0].get_ydata()) == [64, 64]
    assert [list(line.get_ydata()) for line in right.lines] == list(
        times.values()
    )


def test_what_is_good_has_its_sign_and_its_color():
    figure = plot_capabilities(
        ["one", "two"], {"weights": [("3", True), ("900", False)]}, "T"
    )
    check_figure(figure)
    (axes,) = figure.axes
    texts = [text.get_text() for text in axes.texts]
    assert texts == ["one", "two", "weights", "✓  3", "✗  900"]
    good, bad = (bar.get_facecolor() for bar in axes.patches)
    assert good != bad


def test_reach_is_drawn_by_steps_back():
    figure = plot_reach({"a": np.array([0.1, 0.2, 0.7])}, "T")
    check_figure(figure)
    (line,) = figure.axes[0].lines
    assert list(line.get_ydata()) == [0.7, 0.2, 0.1]


def test_what_is_later_is_left_blank():
    table = np.array([[1.0, np.nan], [0.25, 0.75]])
    figure = plot_two_ways(["a", "b"], table, table.T, "T")
    check_figure(figure)
    cells = [text.get_text() for text in figure.axes[0].texts]
    assert cells == ["1.00", "0.25", "0.75"]
