"""The picture shows walls, path and prediction where they are."""

import numpy as np

from mitseq.by_hand.ball import ball_paths
from mitseq.tasks.ball.evaluation import Errors
from mitseq.tasks.ball.figures import plot_errors, plot_prediction
from mitseq.tasks.ball.paths import Box
from tests.figure_checks import check_figure


def test_path_and_prediction_stand_between_the_walls():
    box = Box(0, 0, 640, 480)
    path = box.from_unit(ball_paths(1, 30, seed=0)[0])
    figure = plot_prediction(
        path[:10],
        {"model": path[10:] + 16, "rule": path[10:]},
        truth=path[10:25],
        box=box,
    )
    check_figure(figure)
    left, right = figure.axes
    walls, seen, now, went, model, rule = (
        line.get_xydata() for line in left.lines
    )
    assert {tuple(p) for p in walls} == {(0, 0), (640, 0), (640, 480), (0, 480)}
    np.testing.assert_array_equal(seen, path[:10])
    np.testing.assert_array_equal(went, path[10:25])
    np.testing.assert_array_equal(rule, path[10:])
    assert left.get_xlim()[0] < 0 and left.get_xlim()[1] > 640
    # 16 of 640 and 16 of 480
    off = np.hypot(1 / 40, 1 / 30)
    np.testing.assert_allclose(right.lines[0].get_ydata(), [off] * 15)
    np.testing.assert_allclose(right.lines[1].get_ydata(), 0, atol=1e-9)


def test_without_the_truth_there_is_nothing_to_compare():
    path = ball_paths(1, 12, seed=0)[0]
    figure = plot_prediction(
        path[:10], {"model": path[10:] + 2}, truth=path[:0]
    )
    check_figure(figure)
    (axes,) = figure.axes
    assert axes.get_xlim()[1] > path[10:, 0].max() + 2  # beyond the wall


def test_errors_are_means_and_ranges():
    ahead = np.array([[0.1, 0.2], [0.3, 0.4]])
    nothing = np.zeros(2)
    figure = plot_errors(
        {
            "model": Errors(nothing, nothing, ahead),
            "rule": Errors(nothing, nothing, 0 * ahead),
            "no feedback": Errors(nothing, nothing),
        }
    )
    check_figure(figure)
    (model,) = figure.axes[0].lines  # a logarithm has no 0
    np.testing.assert_allclose(model.get_ydata(), [0.2, 0.3])
    title = figure.axes[0].get_legend().get_title().get_text()
    assert title == "mean and range of 2\nrule: below 0.0001"
