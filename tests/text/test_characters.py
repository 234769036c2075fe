"""Character n-grams: the same strings, the same buckets, wherever they are."""

import numpy as np
import pytest
import tensorflow as tf

from mitseq.text.characters import MULTIPLIER, ODD, CharacterNGrams
from mitseq.text.rows import Rows


def bucket(gram, buckets):
    """The hash of the module's docstring, with Python's own integers."""
    h = 0
    for c in gram:
        h = h * MULTIPLIER + ord(c)
    mixed = h * ODD % 2**64
    mixed -= 2**64 if mixed >= 2**63 else 0
    return 1 + (mixed >> 33) % buckets


def test_buckets_are_those_of_the_formula():
    layer = CharacterNGrams(1000, sizes=(3, 4))
    text = " not é😀 "
    expected = {
        bucket(text[i : i + n], 1000)
        for n in (3, 4)
        for i in range(len(text) - n + 1)
    }
    found = layer(tf.constant([["not", "é😀", "", ""]])).numpy()[0]
    assert set(found[found > 0]) == expected


def test_other_texts_of_the_batch_change_nothing():
    layer = CharacterNGrams(5000)
    alone = layer(tf.constant([["bad", "film"]])).numpy()[0]
    beside = layer(
        tf.constant([["bad", "film", ""], ["unwatchable", "x", "y"]])
    ).numpy()[0]
    assert set(alone) - {0} == set(beside) - {0}


def test_empty_and_endless_texts():
    layer = CharacterNGrams(100, max_length=50)
    assert not layer(tf.constant([["", ""]])).numpy().any()
    features = layer(tf.constant([["ab"] * 1000]))
    assert features.shape[1] < 4 * 50


def test_buckets_are_used_evenly():
    words = [f"w{i}" for i in range(3000)]
    layer = CharacterNGrams(64, sizes=(5, 5))
    rows = layer.at_positions(tf.constant([words]))[0].numpy()[0]
    counts = np.bincount(np.unique(rows[rows > 0]), minlength=65)[1:]
    assert counts.sum() == 64


def test_config_keeps_every_argument():
    layer = CharacterNGrams(100, sizes=(2, 4), max_length=30)
    again = CharacterNGrams.from_config(layer.get_config())
    assert (again.buckets, again.sizes, again.max_length) == (100, (2, 4), 30)


@pytest.mark.parametrize("buckets", [64, 1000])
def test_rows_have_the_features_of_the_layer(buckets):
    layer = CharacterNGrams(buckets, sizes=(2, 5), max_length=40)
    tokens = [["not", "é😀", ""], ["a", "", ""], ["", "", ""], ["long"] * 20]
    padded = [row + [""] * (20 - len(row)) for row in tokens]
    features = layer(tf.constant(padded)).numpy()
    joined = [f" {' '.join(filter(None, row))} " for row in tokens]
    codes = [np.array([ord(c) for c in text]) for text in joined]
    found = layer.of_rows(Rows.behind_each_other(codes))
    for row, layers_row in zip(found, features, strict=True):
        np.testing.assert_array_equal(np.sort(row), layers_row[layers_row > 0])
    assert found.lengths.tolist()[2] == (1 if 2 in layer.sizes else 0)
