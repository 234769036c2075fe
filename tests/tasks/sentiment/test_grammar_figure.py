import pytest

from mitseq.tasks.sentiment.grammar_figure import plot_distances
from tests.figure_checks import check_figure


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
