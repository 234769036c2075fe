"""The n-gram: a hand-computed case, sums of one, and what it cannot know."""

import numpy as np
import pytest

from mitseq.tasks.words.evaluation import right_answers
from mitseq.tasks.words.grammar import write_texts
from mitseq.tasks.words.ngram import WordNGram


def test_probabilities_are_those_of_the_formula():
    ngram = WordNGram(["a b", "a b", "a c"], order=1)
    b, c = ngram.index.encode(["b", "c"])
    size = len(ngram.index.vocabulary)
    # 9 tokens follow something: a 3, b 2, c 1, end 3
    p_b, p_c = (2 + 4 / size) / (9 + 4), (1 + 4 / size) / (9 + 4)
    probs = ngram.next_probs(["a"])[0]
    assert probs[b] == pytest.approx((2 + 2 * p_b) / (3 + 2))
    assert probs[c] == pytest.approx((1 + 2 * p_c) / (3 + 2))


def test_probabilities_sum_to_one_in_known_and_unknown_contexts():
    ngram = WordNGram(["a b c d", "b c a"], order=3)
    probs = ngram.next_probs(["", "a", "a b", "zebra", "b c d a b"])
    np.testing.assert_allclose(probs.sum(axis=1), 1)


def test_it_knows_its_last_words_only():
    ngram = WordNGram(["x a b c d", "y a b c e"], order=2)
    same = ngram.next_probs(["x a b c", "y a b c"])
    np.testing.assert_array_equal(*same)
    longer = WordNGram(["x a b c d", "y a b c e"], order=4)
    assert (
        np.diff(longer.next_probs(["x a b c", "y a b c"]), axis=0) != 0
    ).any()


def test_far_agreement_is_a_guess_for_it():
    ngram = WordNGram(write_texts(3000, 20, 0))
    for kind, guess in (("number", 1 / 2), ("language", 1 / 12)):
        share = right_answers(
            ngram.next_probs, ngram.index, kind, distance=20, count=200
        )
        # four standard deviations of so many guesses
        assert abs(share - guess) < 4 * (guess * (1 - guess) / 200) ** 0.5
