"""Bits are counted as Shannon does."""

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.tasks.music.evaluation import (
    bits_per_character,
    evaluate_music_model,
)
from mitseq.tasks.music.model import build_music_model
from mitseq.text.vocabulary import Vocabulary


def bigram_model(logits):
    """A model whose next-token logits are a row of a table."""
    vocabulary = Vocabulary("AB", level="character")
    ids = keras.Input((None,), dtype="int32")
    table = keras.initializers.Constant(logits)
    embed = VocabularyEmbedding(vocabulary, 5, embeddings_initializer=table)
    return keras.Model(ids, embed(ids))


def test_bits_per_character_counts_the_end_and_divides_by_characters():
    model = bigram_model(np.zeros((5, 5)))
    # "ABA" and "B": 3 + 1 characters, and two ends: 6 choices among 5
    got = bits_per_character(model, ["ABA", "B"])
    np.testing.assert_allclose(got, 6 * np.log2(5) / 4, rtol=1e-6)


def test_the_order_and_the_company_of_tunes_does_not_matter():
    vocabulary = Vocabulary("AB|", level="character")
    keras.utils.set_random_seed(0)
    model = build_music_model(vocabulary, units=5, layers=1, embedding_dim=3)
    rng = np.random.default_rng(0)
    tunes = ["".join(rng.choice(list("AB|"), n)) for n in (3, 70, 200, 9)]
    whole = bits_per_character(model, tunes) * sum(map(len, tunes))
    single = sum(bits_per_character(model, [t]) * len(t) for t in tunes)
    np.testing.assert_allclose(whole, single, rtol=1e-5)


def test_no_tune_and_negative_samples_are_errors():
    model = bigram_model(np.zeros((5, 5)))
    with pytest.raises(MitseqError, match="at least one tune"):
        bits_per_character(model, [])
    with pytest.raises(MitseqError, match="`samples` must not be negative"):
        evaluate_music_model(model, ["A"], samples=-1)


def test_samples_that_repeat_the_training_are_found():
    # a model that can only write one tune, letter by letter
    tune = "M:2/4\nL:1/8\nK:D\n" + "d2A2|B2c2|" * 5 + "e2f2|]\n"
    pieces = sorted(set(tune))
    vocabulary = Vocabulary(pieces, level="character")
    steps = len(tune) + 1
    model = build_music_model(vocabulary, units=32, layers=1, dropout=0.0)
    model.compile(
        optimizer=keras.optimizers.Adam(0.02),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    row = np.array([[1, *vocabulary.encode(tune), 2]])
    keras.utils.set_random_seed(1)
    model.fit(row[:, :steps], row[:, 1:], epochs=150, verbose=0)
    result = evaluate_music_model(
        model, [tune], samples=4, train_tunes=[tune], seed=0
    )
    assert result["tunes"] == 1
    assert result["characters"] == len(tune)
    assert result["bits_per_character"] < 0.3
    assert result["samples"] == 4
    assert result["copied"] >= 0.5
    assert result["longest_copied_run"] >= 40
    assert 0 <= result["accepted"] <= 1
