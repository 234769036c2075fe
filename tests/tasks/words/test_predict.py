"""Predictions: right, of probability one together, and of unknown words."""

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.words import predict
from mitseq.tasks.words.model import load_words_model
from mitseq.tasks.words.predict import next_probs, next_words, write_on
from tests.tasks.words.conftest import SENTENCES


@pytest.fixture(scope="module")
def model(trained):
    return load_words_model(trained)


def test_the_word_that_was_learned_is_the_likeliest(model):
    found = next_words(
        model, ["I took my cat for a", "i took MY bike for a", SENTENCES[2]], 2
    )
    assert [each.words[0] for each in found] == ["walk", "ride", ""]
    assert all(each.probabilities[0] > 0.8 for each in found)
    assert all(len(each.words) == 2 for each in found)


def test_probabilities_are_of_words_and_sum_to_one(model):
    probs = next_probs(model, ["", "We took the", "I " * 40])
    np.testing.assert_allclose(probs.sum(axis=1), 1, rtol=1e-5)
    assert (probs[:, :2] == 0).all()  # padding and the beginning


def test_texts_of_any_number_and_length_are_as_alone(model):
    texts = ["We took", "I took my cat for a", ""] * 30
    together = next_probs(model, texts)
    alone = np.concatenate([next_probs(model, [t]) for t in texts[:3]])
    np.testing.assert_allclose(together[:3], alone, atol=1e-5)
    np.testing.assert_allclose(together[:3], together[-3:], atol=1e-5)


def test_of_a_long_text_the_last_words_are_read(model, monkeypatch):
    texts = ["I took my cat for a", "We took the cat for a", "We took my cat"]
    whole, other, _ = next_probs(model, texts)
    assert (whole != other).any()
    monkeypatch.setattr(predict, "MOST_READ", 3)
    whole, other, last = next_probs(model, texts)
    np.testing.assert_array_equal(whole, other)
    assert (whole != last).any()
    (first,), (second,) = (
        write_on(model, text, words=4, temperature=0, seed=0)
        for text in texts[:2]
    )
    assert first.startswith(texts[0]) and second.startswith(texts[1])
    assert first[len(texts[0]) :] == second[len(texts[1]) :] != ""


def test_unknown_words_are_told_and_nothing_else_is_an_error(model):
    (found,) = next_words(model, ["I took my zebra for a"])
    assert found.unknown == ("zebra",)
    with pytest.raises(MitseqError, match="'zebra xyz'.*none of these words"):
        next_words(model, ["zebra xyz"])


def test_a_text_goes_on_as_it_was_learned(model):
    assert write_on(model, "I took my bike", temperature=0, seed=0) == [
        SENTENCES[1]
    ]
    texts = write_on(model, "", count=6, seed=1)
    assert texts == write_on(model, "", count=6, seed=1)
    assert sum(text in SENTENCES for text in texts) >= 4
    (short,) = write_on(model, "I took", words=1, temperature=0, seed=0)
    assert short == "I took my"
