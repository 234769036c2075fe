"""The figures show who is relied on, and what was made and found."""

import numpy as np

from mitseq.tasks.forecast.evaluation import evaluate_forecast
from mitseq.tasks.forecast.figures import plot_forecast, plot_stream
from mitseq.tasks.forecast.series import Series
from mitseq.tasks.forecast.stream import Answer
from tests.figure_checks import check_figure
from tests.tasks.forecast.conftest import wave


def test_a_forecast_stands_behind_what_was_seen(model):
    values = wave()
    found = evaluate_forecast(model, values, season=20)
    figure = plot_forecast(Series(values, "a $b$", "x/y.csv"), found)
    check_figure(figure)
    left, right = figure.axes
    lines = {line.get_label(): line for line in left.lines}
    assert f"{found.best} (relied on)" in lines
    seen = lines["seen"].get_xydata()
    np.testing.assert_array_equal(seen[-1], [299, values[-1]])
    np.testing.assert_array_equal(
        lines["last value"].get_xydata(),
        [[t, values[-1]] for t in (300, 301, 302)],
    )
    assert len(left.collections) == 2  # the intervals
    assert len(right.lines) == 4 and right.get_ylim()[0] == 0
    assert "y.csv" in figure.get_suptitle()


def test_faults_that_were_made_are_shaded_and_those_found_marked():
    answers = [
        Answer(n, float(n % 5), 1.0, 0.9 * (n == 7), n == 7, 2.0, 1.0, 3.0)
        for n in range(1, 21)
    ]
    faults = np.zeros(20, int)
    faults[6], faults[10:14] = 1, 2
    figure = plot_stream(answers, faults)
    check_figure(figure)
    top = figure.axes[0]
    marks = {line.get_label(): line for line in top.lines}
    np.testing.assert_array_equal(
        marks["taken for a fault"].get_xydata(), [[7, 2]]
    )
    assert len(top.patches) == 2
