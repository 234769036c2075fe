"""The design criteria without training; all examples: test_recurrence.py."""

import numpy as np

from mitseq.slides.criteria import LENGTHS, REVIEWS, one_hot, order


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
