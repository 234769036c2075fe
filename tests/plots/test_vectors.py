"""Words as vectors."""

import numpy as np

from mitseq.plots.vectors import plot_vectors
from tests.figure_checks import check_figure


def test_rows_are_the_words_and_cells_their_cosines():
    vectors = np.array([[1.0, 0.0], [0.6, 0.8]])
    cosines = vectors @ vectors.T
    figure = plot_vectors(["here", "there"], [7, 3], vectors, cosines, "T")
    check_figure(figure)
    left, right = figure.axes[:2]
    np.testing.assert_array_equal(left.images[0].get_array(), vectors)
    labels = [label.get_text() for label in left.get_yticklabels()]
    assert labels == ["here → 7 →", "there → 3 →"]
    cells = [text.get_text() for text in right.texts]
    assert cells == ["1.00", "0.60", "0.60", "1.00"]
