"""Bars of accuracies, and curves over lengths."""

from mitseq.plots.criteria import plot_by_length, plot_criteria
from tests.figure_checks import check_figure


def test_bars_are_the_accuracies():
    outcomes = {
        "order": {"recurrent": 0.9, "feed-forward": 0.5},
        "memory": {"recurrent": 1.0, "feed-forward": 0.4},
    }
    figure = plot_criteria(outcomes, {"order": 0.5, "memory": 0.25})
    check_figure(figure)
    heights = [bar.get_height() for bar in figure.axes[0].patches]
    assert heights == [0.9, 1.0, 0.5, 0.4]


def test_curves_are_the_values():
    for log in (False, True):
        figure = plot_by_length(
            (1, 10), {"a": [1, 100]}, title="T", value="weights", log=log
        )
        check_figure(figure)
        assert list(figure.axes[0].lines[0].get_ydata()) == [1, 100]
        assert figure.axes[0].get_yscale() == ("log" if log else "linear")
