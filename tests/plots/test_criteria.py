"""Bars of accuracies, and curves over lengths."""

from mitseq.plots.criteria import plot_by_length, plot_criteria
from tests.figure_checks import check_figure


def test_bars_are_the_means_and_lines_the_ranges():
    outcomes = {
        "order": {"recurrent": [0.5, 1.0], "bag": [0.5]},
        "memory": {"recurrent": [1.0], "slice": [0.25, 0.75]},
    }
    figure = plot_criteria(outcomes, {"order": 0.5, "memory": 0.25})
    check_figure(figure)
    (axes,) = figure.axes
    bars = [(bar.get_height(), bar.get_label()) for bar in axes.patches]
    assert [height for height, _ in bars] == [0.75, 1.0, 0.5, 0.5]
    at = [round(bar.get_x() + bar.get_width() / 2) for bar in axes.patches]
    assert at == [0, 1, 0, 1]  # recurrent at both, bag at one, slice at another
    ranges = [
        tuple(segment[:, 1])
        for lines in axes.collections
        for segment in lines.get_segments()
    ]
    assert ranges == [(0.5, 1.0), (1.0, 1.0), (0.5, 0.5), (0.25, 0.75)]


def test_curves_are_the_values():
    for log in (False, True):
        figure = plot_by_length(
            (1, 10), {"a": [1, 100]}, title="T", value="weights", log=log
        )
        check_figure(figure)
        assert list(figure.axes[0].lines[0].get_ydata()) == [1, 100]
        assert figure.axes[0].get_yscale() == ("log" if log else "linear")
