"""One ball with its guesses."""

import numpy as np

from mitseq.plots.ball import plot_ball
from tests.figure_checks import check_figure


def test_figure_shows_path_guesses_and_errors():
    path = np.linspace(0.1, 0.8, 10).reshape(5, 2)
    figure = plot_ball(
        path, {"a": [0.5, 0.5], "b": [0.6, 0.6]}, {"a": [0.1] * 4, "b": [0] * 4}
    )
    check_figure(figure)
    left, right = figure.axes
    np.testing.assert_array_equal(left.lines[0].get_xydata(), path[:-1])
    lines = {line.get_label(): line for line in left.lines}
    walls = lines["walls"].get_xydata()
    assert set(map(tuple, walls)) == {(0, 0), (1, 0), (1, 1), (0, 1)}
    assert [list(line.get_ydata()) for line in right.lines] == [
        [0.1] * 4,
        [0] * 4,
    ]


def test_now_is_seen_through_a_guess_that_it_stays():
    path = np.linspace(0.1, 0.8, 10).reshape(5, 2)
    figure = plot_ball(path, {"stay": path[-2]}, {"stay": [0.1] * 4})
    lines = {line.get_label(): line for line in figure.axes[0].lines}
    now, stay = lines["now"], lines["stay"]
    np.testing.assert_array_equal(now.get_xydata(), stay.get_xydata())
    assert now.get_zorder() > stay.get_zorder()
    assert stay.get_fillstyle() == "none"
    assert stay.get_markersize() > now.get_markersize()
    assert [text.get_text() for text in figure.axes[0].texts] == ["now"]


def test_a_guess_beyond_the_wall_is_on_the_picture():
    path = np.linspace(0.1, 0.8, 10).reshape(5, 2)
    figure = plot_ball(path, {"a": [1.3, -0.4]}, {"a": [0.1] * 4})
    check_figure(figure)
    left = figure.axes[0]
    assert left.get_xlim()[1] > 1.3 and left.get_ylim()[0] < -0.4
