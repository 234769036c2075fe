"""Hidden states as heat maps."""

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.plots.states import plot_same_states, plot_states
from tests.figure_checks import check_figure


def test_maps_share_one_scale_that_is_even_around_zero():
    states = {"one": np.eye(4), "two": -2 * np.eye(12)}
    figure = plot_states(states, {"one": list("abcd"), "two": []})
    check_figure(figure)
    for axes, h in zip(figure.axes, states.values(), strict=False):
        (image,) = axes.images
        np.testing.assert_array_equal(image.get_array(), h.T)
        assert image.get_clim() == (-2, 2)


def test_zeros_are_drawn_and_nothing_is_an_error():
    check_figure(plot_states({"zeros": np.zeros((3, 2))}))
    with pytest.raises(MitseqError, match="`states`"):
        plot_states({})
    with pytest.raises(MitseqError, match="steps by units"):
        plot_states({"h": np.zeros(3)})


def test_one_map_and_the_differences_of_the_others():
    states = np.array([[0.5, -1.0], [0.25, 0.0], [1.0, 1.0]])
    apart = {"a": np.zeros(3), "b": np.array([1e-8, 3e-7, 0.0])}
    figure = plot_same_states(states, apart, title="T")
    check_figure(figure)
    left, right = figure.axes[:2]
    np.testing.assert_array_equal(left.images[0].get_array(), states.T)
    heights = [bar.get_height() for bar in right.patches]
    assert heights == [0, 0, 0, 1e-8, 3e-7, 0]
    labels = [text.get_text() for text in right.get_legend().get_texts()]
    assert "a: at most 0" in labels and "b: at most 3e-07" in labels
