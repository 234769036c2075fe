"""The figure of a search shows both of its steps."""

import numpy as np

from mitseq.by_hand.search import search
from mitseq.plots.search import plot_search
from tests.figure_checks import check_figure


def test_bars_are_similarity_and_attention():
    found = search(
        "jig in $G", {"A jig in $G$": "a", "A slow air": "b", "x" * 90: "c"}
    )
    figure = plot_search(found)
    check_figure(figure)
    left, right, third = figure.axes
    for axes, values in ((left, found.similarity), (right, found.weights)):
        lengths = [bar.get_width() for bar in axes.patches]
        np.testing.assert_allclose(lengths, values)
    written = [text.get_text() for text in third.texts]
    assert written == ["a", "b", "c"]
    (bold,) = [t for t in third.texts if t.get_weight() == "bold"]
    assert bold.get_text() == found.value == "a"
    assert left.get_yticklabels()[0].get_text() == "A jig in $G$"
