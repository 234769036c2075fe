import numpy as np

from mitseq.tasks.tag.figures import MOST_WORDS, plot_scores, plot_tags
from mitseq.tasks.tag.predict import Tagged
from tests.figure_checks import check_figure

NAMES = ("ADP", "NOUN", "VERB", "X")


def tagged(words, probs):
    best = tuple(NAMES[i] for i in np.argmax(probs, axis=1))
    return Tagged(tuple(words), best, np.array(probs), NAMES)


def test_a_column_a_word_and_a_row_a_tag_that_comes_near():
    probs = [[0.01, 0.9, 0.09, 0.0], [0.0, 0.25, 0.75, 0.0]]
    figure = plot_tags(tagged(["Time", "costs"], probs))
    check_figure(figure)
    axes = figure.axes[0]
    assert [t.get_text() for t in axes.get_yticklabels()] == ["NOUN", "VERB"]
    np.testing.assert_allclose(
        axes.images[0].get_array(), [[0.9, 0.25], [0.09, 0.75]]
    )
    written = {t.get_text() for t in axes.texts if t.get_text()}
    assert written == {"0.90", "0.75"}


def test_a_long_sentence_is_cut_and_a_dollar_is_a_dollar():
    words = ["$5", *["internationally"] * 40]
    figure = plot_tags(tagged(words, [[0.1, 0.6, 0.3, 0]] * 41))
    check_figure(figure)
    labels = figure.axes[0].get_xticklabels()
    assert len(labels) == MOST_WORDS and labels[0].get_text() == r"\$5"


def test_scores_have_a_mean_and_a_range_each():
    figure = plot_scores(
        {
            "counted": {"all": [0.5], "unknown": [0.1]},
            "LSTM": {"all": [0.9, 0.8], "unknown": [0.7, 0.6]},
        }
    )
    check_figure(figure)
    _, lstm = figure.axes[0].containers
    np.testing.assert_allclose(lstm.lines[0].get_ydata(), [85, 65])
