"""Each word gets the tag of its place in the sentence."""

import numpy as np
import pytest

from mitseq.tasks.tag import predict
from mitseq.tasks.tag.model import load_tag_model
from mitseq.tasks.tag.predict import BATCH_SIZE, tag_probs, tag_words
from tests.tasks.tag.conftest import SENTENCES


@pytest.fixture(scope="module")
def model(trained):
    return load_tag_model(trained)


def test_a_word_has_the_tag_of_its_place(model):
    found = tag_words(model, [s.words for s in SENTENCES])
    assert [each.tags for each in found] == [s.tags for s in SENTENCES]
    flies = [each.tags[each.words.index("flies")] for each in found[:2]]
    assert flies == ["VERB", "NOUN"]
    assert found[3].tags[0] == "AUX" and found[3].tags[4] == "NOUN"


def test_a_string_is_cut_into_words(model):
    text = "Can I open the can?"
    (cut,), (given,) = (
        tag_words(model, [each])
        for each in (text, ["Can", "I", "open", "the", "can", "?"])
    )
    assert cut.words == given.words and cut.tags == given.tags


def test_probabilities_are_a_softmax_at_each_word(model):
    (found,) = tag_words(model, [["Time", "flies", "zebra"]])
    assert found.probs.shape == (3, len(found.names))
    np.testing.assert_allclose(found.probs.sum(axis=1), 1, atol=1e-5)
    assert found.probabilities == pytest.approx(found.probs.max(axis=1))
    best = [found.names[i] for i in found.probs.argmax(axis=1)]
    assert list(found.tags) == best and found.unknown == ("zebra",)


def test_many_sentences_of_any_length_come_back_in_their_order(model):
    words = [SENTENCES[i % 6].words[: 1 + i % 5] for i in range(BATCH_SIZE + 9)]
    words.insert(3, ())
    together = tag_probs(model, words)
    assert together[3].shape[0] == 0
    for i in (0, 2, 5, len(words) - 1):
        (alone,) = tag_probs(model, [words[i]])
        np.testing.assert_allclose(together[i], alone, atol=1e-5)
    assert tag_words(model, []) == []


@pytest.mark.parametrize("size", [7, 8, 21, 20])
def test_a_long_sentence_in_pieces_has_each_word_once(model, monkeypatch, size):
    words = [f"w{i % 5}" for i in range(size)]
    # The words that stand beside a piece are read: with all of them the
    # probabilities are those of the whole sentence.
    (whole,) = tag_probs(model, [words])
    monkeypatch.setattr(predict, "PIECE", 7)
    monkeypatch.setattr(predict, "BESIDE", 30)
    monkeypatch.setattr(predict, "MOST_AT_ONCE", 32)
    short, pieces = tag_probs(model, [["time", "flies"], words])
    np.testing.assert_allclose(pieces, whole, atol=1e-5)
    assert short.shape == (2, whole.shape[1])
    monkeypatch.setattr(predict, "BESIDE", 0)
    (alone,) = tag_probs(model, [words[7:14]])
    (pieces,) = tag_probs(model, [words])
    np.testing.assert_allclose(pieces[7:14], alone, atol=1e-5)
    if size > 7:
        assert np.abs(pieces - whole).max() > 1e-4
