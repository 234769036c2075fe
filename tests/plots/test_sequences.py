"""Sequences above their shuffled selves."""

import numpy as np

from mitseq.plots.sequences import plot_sequences
from tests.figure_checks import check_figure


def test_left_as_it_is_and_right_the_same_values_shuffled():
    values = np.arange(30.0)
    figure = plot_sequences({"a ramp [m]": values, "a drop [kg]": -values})
    check_figure(figure)
    left, right = figure.axes[:2]
    np.testing.assert_array_equal(left.lines[0].get_ydata(), values)
    shuffled = right.lines[0].get_ydata()
    assert (shuffled != values).any()
    np.testing.assert_array_equal(np.sort(shuffled), values)
