import numpy as np
import pytest

from mitseq.plots.classification import (
    plot_confusion_matrix,
    plot_reliability,
)
from mitseq.training.metrics import calibration_error
from tests.figure_checks import check_figure


def test_confusion_matrix_shows_counts_and_shares():
    matrix = np.array([[90, 10], [0, 50]])
    figure = plot_confusion_matrix(matrix, ["neg", "pos"])
    check_figure(figure)
    axes = figure.axes[0]
    texts = [text.get_text() for text in axes.texts]
    expected = ["90\n90.0 %", "10\n10.0 %", "0\n0.0 %", "50\n100.0 %"]
    assert texts == expected
    assert axes.get_title() == "accuracy 93.3 %, 150 texts"
    np.testing.assert_allclose(axes.images[0].get_array()[0], [0.9, 0.1])


@pytest.mark.parametrize("size", [1, 3, 8, 15])
def test_confusion_matrix_of_any_size_with_long_names(size):
    names = [f"a rather long name {i}" for i in range(size)]
    matrix = np.eye(size, dtype=int)
    matrix[0] = 0  # a class that is nowhere
    matrix[0, -1] = 7
    check_figure(plot_confusion_matrix(matrix, names, title="T"))


def test_reliability_shows_the_accuracy_of_each_bin():
    draw = np.random.default_rng(0)
    confidences = draw.uniform(0.5, 1, 500)
    hits = draw.uniform(size=500) < 0.8
    figure = plot_reliability(confidences, hits, bins=5)
    check_figure(figure)
    above, below = figure.axes
    error = calibration_error(confidences, hits, 5)
    assert f"{error:.3f}" in figure.get_suptitle()
    bars = [bar.get_height() for bar in above.patches]
    third = (confidences > 0.4) & (confidences <= 0.6)
    np.testing.assert_allclose(bars[0], hits[third].mean())
    assert sum(bar.get_height() for bar in below.patches) == 500
