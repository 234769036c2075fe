"""A perceptron's answer in the plane."""

import numpy as np

from mitseq.plots.perceptron import plot_perceptron
from tests.figure_checks import check_figure


def test_color_is_the_output_and_the_curve_the_losses():
    x, labels = np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([1, 0])
    figure = plot_perceptron(x, labels, np.array([1.0, 1.0]), 0.0, [0.7, 0.1])
    check_figure(figure)
    image = np.asarray(figure.axes[0].images[0].get_array())
    assert image[-1, -1] > 0.85 and image[0, 0] < 0.15
    assert "x_1$ + 1.0 $x_2$ + 0.0" in figure.axes[0].get_title()
    assert list(figure.axes[1].lines[0].get_ydata()) == [0.7, 0.1]
    check_figure(plot_perceptron(x, labels, np.ones(2), 0.0))
