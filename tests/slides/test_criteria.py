"""The design criteria without training; all examples: test_recurrence.py."""

import numpy as np

from mitseq.slides.criteria import (
    LENGTHS,
    REVIEWS,
    lecture_completed,
    long_term,
    one_hot,
    order,
    similar_words,
)


def test_a_bag_of_words_cannot_tell_the_two_reviews_apart(capsys):
    good, bad = one_hot(REVIEWS)
    np.testing.assert_array_equal(good.sum(axis=1), bad.sum(axis=1))
    assert (good != bad).any()
    order()
    bag, states = capsys.readouterr().out.splitlines()
    assert "bags of words: 0 apart" in bag
    assert float(states.split()[2]) > 0.1


def test_sentences_keep_their_lengths_and_share_their_words():
    x = one_hot(LENGTHS)
    assert [each.shape[1] for each in x] == [4, 6, 9]
    assert len({each.shape[2] for each in x}) == 1
    we = [each[0, 0].argmax() for each in x[1:]]
    assert we[0] == we[1]


def test_the_lectures_sentences_end_as_they_should(capsys):
    lecture_completed()
    cat, france, clouds = capsys.readouterr().out.splitlines()
    assert "for a walk (" in cat and "fluent French (" in france
    assert "in the sky (" in clouds


def test_a_bigram_does_not_complete_them(capsys):
    figure = lecture_completed()
    for axes in figure.axes:
        model, bigram = np.split(
            np.array([bar.get_width() for bar in axes.patches]), 2
        )
        assert model[0] > 90 > 30 > bigram.max()


def test_the_share_of_the_first_input_begins_at_one():
    for line in long_term().axes[0].lines:
        shares = line.get_ydata()
        np.testing.assert_allclose(shares[0], 1, rtol=1e-5)
        assert (np.diff(shares) < 0).all()
    rnn, lstm = (line.get_ydata()[-1] for line in long_term().axes[0].lines)
    assert lstm > 100 * rnn  # as seen.py says


def test_similar_words_are_printed(capsys):
    from mitseq.tasks.words.lexicon import ANIMALS

    similar_words()
    lines = dict(
        line.removeprefix("near ").split(": ")
        for line in capsys.readouterr().out.splitlines()
    )
    assert list(lines) == ["France", "cat", "clouds"]
    assert set(lines["cat"].split(", ")) <= set(ANIMALS)
