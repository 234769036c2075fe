"""Probabilities of the next word, and the losses of the steps."""

import numpy as np

from mitseq.plots.next_word import (
    plot_completed,
    plot_next_words,
    plot_step_losses,
    plot_two_guesses,
)
from tests.figure_checks import check_figure


def test_columns_are_words_read_and_rows_candidates():
    probs = np.array([[0.1, 0.9, 0.0], [0.2, 0.3, 0.5]])
    figure = plot_next_words(["I", "love"], ["I", "love", "it"], probs)
    check_figure(figure)
    image = figure.axes[0].images[0]
    np.testing.assert_array_equal(image.get_array(), probs.T)


def test_the_stack_is_as_high_as_the_total():
    losses = np.array([[1.0, 2.0, 3.0], [0.5, 0.25, 0.125]])
    figure = plot_step_losses(losses, ["a", "b", "c"], [0, 9])
    check_figure(figure)
    left, right = figure.axes
    assert [bar.get_height() for bar in left.patches] == losses.ravel().tolist()
    tops = [bar.get_y() + bar.get_height() for bar in right.patches]
    assert max(tops) == 6.0


def test_every_word_looks_different_and_the_legend_stands_as_the_stack():
    words = [f"w{t}" for t in range(8)]
    figure = plot_step_losses(np.ones((2, 8)), words, [0, 9])
    check_figure(figure)
    right = figure.axes[1]
    bars = right.patches[::2]
    assert len({(bar.get_facecolor(), bar.get_hatch()) for bar in bars}) == 8
    legend = [text.get_text() for text in right.get_legend().get_texts()]
    assert legend == words[::-1]


def test_two_guesses_are_bars_with_their_percent():
    figure = plot_two_guesses(
        ["a", "b"], [0.75, 0.25], [0.5, 0.5], "x y", "y", "T"
    )
    check_figure(figure)
    (axes,) = figure.axes
    assert [bar.get_width() for bar in axes.patches] == [75, 25, 50, 50]
    texts = [text.get_text() for text in axes.texts]
    assert texts == ["75 %", "25 %", "50 %", "50 %"]


def test_a_panel_a_text_with_both_guesses():
    rows = [("I am", ["here", ""], [0.9, 0.1], [0.25, 0.5])] * 2
    figure = plot_completed(rows, "T")
    check_figure(figure)
    first, second = figure.axes
    assert [bar.get_width() for bar in first.patches] == [90, 10, 25, 50]
    labels = [label.get_text() for label in second.get_yticklabels()]
    assert labels == ["here", "(end)"]
