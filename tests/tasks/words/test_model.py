"""The network: the future decides nothing, and the vocabulary is saved."""

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.words.model import (
    CELLS,
    build_words_model,
    embedding_of,
    load_words_model,
)
from mitseq.text.words import word_vocabulary
from mitseq.training.saved import ModelError

VOCABULARY = word_vocabulary(["I took my cat for a walk."])


@pytest.mark.parametrize("cell", CELLS)
def test_the_past_decides_and_the_future_does_not(cell):
    keras.utils.set_random_seed(0)
    model = build_words_model(VOCABULARY, cell=cell, units=8, embedding_dim=4)
    x = np.array([[1, 100, 101, 102]])
    later, earlier = x.copy(), x.copy()
    later[0, 3], earlier[0, 0] = 103, 103
    logits, same, other = (
        np.asarray(model(i))[0, 2] for i in (x, later, earlier)
    )
    np.testing.assert_allclose(logits, same, atol=1e-6)
    assert np.abs(logits - other).max() > 1e-5


def test_it_is_saved_with_its_words(tmp_path):
    model = build_words_model(VOCABULARY, units=8)
    model.save(tmp_path / "model.keras")
    loaded = load_words_model(tmp_path)
    assert embedding_of(loaded).vocabulary == VOCABULARY
    x = np.array([[1, 100, 101]])
    np.testing.assert_array_equal(model(x), loaded(x))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"cell": "cnn"}, "`cell` must be one of"),
        ({"units": 0}, "`units` must be a positive int"),
        ({"layers": 0}, "`layers` must be a positive int"),
        ({"embedding_dim": 2.5}, "`embedding_dim` must be a positive int"),
        ({"dropout": 1.0}, r"`dropout` must be in \[0, 1\)"),
        ({"cell": "transformer", "units": 12}, "must be a multiple of 8"),
    ],
)
def test_arguments_that_do_not_fit_are_named(arguments, message):
    with pytest.raises(MitseqError, match=message):
        build_words_model(VOCABULARY, **arguments)


def test_a_model_of_another_kind_is_named(tmp_path):
    x = keras.Input((3,))
    keras.Model(x, keras.layers.Dense(2)(x)).save(tmp_path / "model.keras")
    with pytest.raises(ModelError, match="must be a model of words"):
        load_words_model(tmp_path)
