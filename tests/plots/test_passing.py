"""Students on the answers of a neuron."""

import numpy as np

from mitseq.plots.passing import plot_passing
from tests.figure_checks import check_figure


def test_students_stand_in_their_units_and_curves_above_the_optimum():
    x = np.array([[0.0, 0.5], [1.0, 0.25], [0.5, 1.0]])
    passed = np.array([0, 1, 1])
    losses = {"by hand": [0.9, 0.5, 0.4], "by fit": [0.9, 0.6, 0.4]}
    figure = plot_passing(
        x, passed, np.array([2.0, 1.0]), -1.0, (12, 20), losses, 0.3
    )
    check_figure(figure)
    failed, well = figure.axes[0].lines
    np.testing.assert_allclose(failed.get_xydata(), [[0, 10]])
    np.testing.assert_allclose(well.get_xydata(), [[12, 5], [6, 20]])
    hand = figure.axes[1].lines[0]
    np.testing.assert_allclose(hand.get_ydata(), [0.6, 0.2, 0.1])
    # the chance of who did nothing: sigmoid(-1)
    image = figure.axes[0].images[0].get_array()
    np.testing.assert_allclose(image[0, 0], 1 / (1 + np.e))
