"""Figures of a model: against sums by hand, and of answers set by hand."""

import keras
import numpy as np
import pytest

from mitseq.tasks.words.evaluation import (
    agreement,
    chance,
    evaluate_words_model,
    right_answers,
)
from mitseq.tasks.words.grammar import write_cases, write_texts
from mitseq.tasks.words.model import build_words_model, load_words_model
from mitseq.text.words import WordIndex, word_vocabulary
from tests.tasks.words.conftest import SENTENCES


def test_a_model_that_knows_nothing_hesitates_among_all():
    vocabulary = word_vocabulary(["a b c"])
    model = build_words_model(vocabulary, units=4)
    logits = model.get_layer("logits")
    logits.set_weights([np.zeros_like(w) for w in logits.get_weights()])
    found = evaluate_words_model(model, ["a b", "c x"])
    assert found["perplexity"] == pytest.approx(len(vocabulary), rel=1e-5)
    assert found["words"] == 6 and found["texts"] == 2
    assert found["unknown"] == pytest.approx(1 / 6)


def test_perplexity_and_accuracy_equal_keras_own(trained):
    model = load_words_model(trained)
    found = evaluate_words_model(model, SENTENCES)
    from mitseq.tasks.words.model import embedding_of
    from mitseq.tasks.words.rows import encode_texts, rows_of

    index = WordIndex(embedding_of(model).vocabulary)
    x, y = rows_of(encode_texts(index, SENTENCES), 20)
    logits = np.asarray(model(x))[y > 0]
    nats = keras.ops.sparse_categorical_crossentropy(
        y[y > 0], logits, from_logits=True
    )
    assert found["perplexity"] == pytest.approx(np.exp(np.mean(nats)), rel=1e-4)
    assert found["accuracy"] == np.mean(logits.argmax(-1) == y[y > 0])


def test_who_knows_the_answers_is_right_and_who_knows_one_word_guesses():
    vocabulary = word_vocabulary(write_texts(2000, 20))
    index = WordIndex(vocabulary)

    def oracle(texts):
        cases = write_cases("language", len(texts), 12, seed=5)
        assert [case.prompt for case in cases] == list(texts)
        ids = index.encode([case.answer for case in cases])
        return np.eye(len(vocabulary))[ids]

    assert (
        right_answers(oracle, index, "language", distance=12, count=40, seed=5)
        == 1.0
    )

    def stubborn(texts):
        (at,) = index.encode(["is"])
        return np.tile(np.eye(len(vocabulary))[at], (len(texts), 1))

    share = right_answers(stubborn, index, "number", distance=7, count=300)
    # "is" is right where the noun is one, and ties are for the first, "was"
    assert share == pytest.approx(0.5, abs=0.1)


def test_agreement_has_every_distance_of_both_kinds():
    vocabulary = word_vocabulary(write_texts(2000, 20))

    def uniform(texts):
        return np.ones((len(texts), len(vocabulary)))

    found = agreement(uniform, WordIndex(vocabulary), 8, count=4)
    assert list(found["number"]) == [0, 3, 4, 5, 6, 7, 8]
    assert list(found["language"]) == [4, 5, 7, 8]
    assert chance("number") == 1 / 2 and chance("language") == 1 / 12
