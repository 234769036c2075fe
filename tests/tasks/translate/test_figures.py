"""The figures show what they are given."""

import numpy as np

from mitseq.inside.attention import CrossAttentionMap
from mitseq.tasks.translate.figures import plot_alignment, plot_by_length
from tests.figure_checks import check_figure


def row(words, share, sentences=20):
    return {"words": words, "accuracy": share, "sentences": sentences}


def test_lengths_with_too_few_sentences_are_left_out():
    curves = {
        "none": [row(4, 0.9), row(8, 0.4), row(9, 0.0, sentences=2)],
        "dot": [row(4, 0.9), row(8, 0.8)],
    }
    figure = plot_by_length(curves, trained=6)
    check_figure(figure)
    (axes,) = figure.axes
    lines = {line.get_label(): line for line in axes.lines}
    assert lines["none"].get_xdata().tolist() == [4, 8]
    np.testing.assert_allclose(lines["none"].get_ydata(), [90, 40])
    assert axes.get_xlabel() == "words of the source sentence"
    (shade,) = axes.patches
    assert shade.get_x() == 0 and shade.get_width() == 6.5  # not up to 7


def test_the_map_has_the_words_and_the_truth():
    weights = np.array([[[0.9, 0.1, 0.0], [0.2, 0.3, 0.5]]])
    found = CrossAttentionMap(
        "alignment", weights, ["the", "cat", "."], ["kato", "lo"]
    )
    figure = plot_alignment(found, truth=[1, 0])
    check_figure(figure)
    axes = figure.axes[0]
    assert [t.get_text() for t in axes.get_yticklabels()] == ["kato", "lo"]
    assert [t.get_text() for t in axes.get_xticklabels()] == ["the", "cat", "."]
    np.testing.assert_array_equal(axes.images[0].get_array(), weights[0])
    assert [(p.get_x(), p.get_y()) for p in axes.patches] == [
        (0.5, -0.5),
        (-0.5, 0.5),
    ]
