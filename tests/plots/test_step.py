"""One step with all its matrices, and the signs between them."""

import numpy as np

from mitseq.plots.step import plot_step
from tests.figure_checks import check_figure


def test_every_matrix_and_every_sign_of_both_equations_is_drawn():
    rng = np.random.default_rng(0)
    x_t, h_prev = (rng.normal(size=(1, n)) for n in (3, 4))
    W_xh, W_hh, W_hy = (rng.normal(size=s) for s in ((3, 4), (4, 4), (4, 2)))
    total = x_t @ W_xh + h_prev @ W_hh
    h_t = np.tanh(total)
    figure = plot_step(x_t, W_xh, h_prev, W_hh, h_t, W_hy)
    check_figure(figure)
    parts = (
        (x_t, W_xh, h_prev, W_hh, total),
        (total, h_t, h_t, W_hy, h_t @ W_hy),
    )
    signs = (["·", "+", "·", "="], [r"$\tanh($", ")", "=", "·", "="])
    for axes, numbers, between in zip(figure.axes, parts, signs, strict=True):
        for image, part in zip(axes.images, numbers, strict=True):
            np.testing.assert_allclose(image.get_array(), part)
        texts = [text.get_text() for text in axes.texts]
        assert [t for t in texts if t in between] == between
