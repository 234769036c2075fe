"""One step with all its matrices."""

import numpy as np

from mitseq.plots.step import plot_step
from tests.figure_checks import check_figure


def test_every_matrix_of_both_equations_is_drawn():
    rng = np.random.default_rng(0)
    x_t, h_prev, h_t = (rng.normal(size=(1, n)) for n in (3, 4, 4))
    W_xh, W_hh, W_hy = (rng.normal(size=s) for s in ((3, 4), (4, 4), (4, 2)))
    figure = plot_step(x_t, W_xh, h_prev, W_hh, h_t, W_hy)
    check_figure(figure)
    drawn = [axes.images[0].get_array() for axes in figure.axes]
    for image, part in zip(
        drawn, (x_t, W_xh, h_prev, W_hh, h_t, W_hy, h_t @ W_hy), strict=True
    ):
        np.testing.assert_array_equal(image, part)
