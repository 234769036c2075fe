"""The figures show pictures, captions and looks, and nothing is cut off."""

import numpy as np
import pytest

from mitseq.plots.style import RED
from mitseq.tasks.caption.figures import (
    plot_grid,
    plot_looks,
    plot_probabilities,
)
from mitseq.tasks.caption.predict import Caption
from tests.figure_checks import check_figure
from tests.tasks.caption.conftest import CAPTIONS, bar


def caption(text, looks=None):
    words = (*text.rstrip(".").split(), ".", "")
    return Caption(text, words, (0.9,) * len(words), looks)


def test_a_grid_has_each_picture_and_says_what_is_wrong():
    pictures = [bar(where)[..., None] for where in CAPTIONS]
    captions = [caption(text) for text in CAPTIONS.values()]
    right = [(text,) for text in CAPTIONS.values()]
    right[1] = ("A wall that is very long, and costs $5, or is it $6?",)
    figure = plot_grid(pictures, captions, right=right, columns=3)
    check_figure(figure)
    assert len(figure.axes) == 4
    for axes, picture in zip(figure.axes, pictures, strict=True):
        shown = axes.images[0].get_array()
        np.testing.assert_array_equal(shown, picture[..., 0])
    labels = [axes.get_xlabel() for axes in figure.axes]
    assert labels[0] == "A bar at the top.\n48 %"
    assert "right: A wall" in labels[1]
    colors = [axes.xaxis.label.get_color() == RED for axes in figure.axes]
    assert colors == [False, True, False, False]


def test_a_grid_is_drawn_of_24_at_most_and_of_colors():
    pictures = [np.full((8, 8, 3), 5 * i, "uint8") for i in range(30)]
    figure = plot_grid(pictures, [caption("A page.")] * 30)
    assert len(figure.axes) == 24
    assert figure.axes[3].images[0].get_array().shape == (8, 8, 3)


def test_looks_lie_over_the_picture_where_they_are():
    looks = np.zeros((7, 2, 2))
    looks[:, 1, 0] = 1.0
    said = caption("A bar at the top.", looks)
    figure = plot_looks(bar("top")[..., None], said, title="Where?")
    check_figure(figure)
    assert [a.get_title().split("\n")[0] for a in figure.axes] == [
        *("A", "bar", "at", "the", "top", ".", "(end)"),
    ]
    glow = figure.axes[0].images[1]
    assert glow.get_array()[..., 3].argmax() == 2  # the cell at bottom left
    assert tuple(glow.get_extent()) == (-0.5, 15.5, 15.5, -0.5)


@pytest.mark.parametrize("doubt", [None, 0.5])
def test_probabilities_are_drawn_as_shares_below(doubt):
    found = {
        "people, unseen": np.array([0.9, 1.0]),
        "noise": np.array([0.1, 0.3, 0.6, 0.7]),
    }
    figure = plot_probabilities(found, doubt=doubt)
    check_figure(figure)
    scenes, noise = figure.axes[0].lines[:2]
    assert np.interp(0.5, *noise.get_data()) == 50
    assert np.interp(0.5, *scenes.get_data()) == 0
