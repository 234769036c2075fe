"""Probabilities of the next word."""

import numpy as np

from mitseq.plots.next_word import plot_next_words
from tests.figure_checks import check_figure


def test_columns_are_words_read_and_rows_candidates():
    probs = np.array([[0.1, 0.9, 0.0], [0.2, 0.3, 0.5]])
    figure = plot_next_words(["I", "love"], ["I", "love", "it"], probs)
    check_figure(figure)
    image = figure.axes[0].images[0]
    np.testing.assert_array_equal(image.get_array(), probs.T)
