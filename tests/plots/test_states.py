"""Hidden states as heat maps."""

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.plots.states import plot_states
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
