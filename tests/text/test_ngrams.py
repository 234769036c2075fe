"""N-grams of words: the layer finds what a set of Python tuples finds."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.text.ngrams import (
    NGrams,
    count_keys,
    distinct,
    distinct_rows,
)
from mitseq.text.rows import Rows

V = 7


def layer_of(keys, size):
    layer = NGrams(V, len(keys), size)
    layer.build((None, None))
    layer.keys.assign(keys)
    return layer


def ngrams_of(ids, size):
    """All n-grams without an unknown word, as tuples."""
    return {
        tuple(ids[i : i + n])
        for n in range(1, size + 1)
        for i in range(len(ids) - n + 1)
        if min(ids[i : i + n]) > 1
    }


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.lists(st.integers(1, V - 1), min_size=1, max_size=9),
        min_size=1,
        max_size=5,
    ),
    st.integers(1, 3),
)
def test_layer_tells_apart_just_what_tuples_tell_apart(texts, size):
    keys = count_keys(map(np.array, texts), V, size)
    everything = set().union(*(ngrams_of(t, size) for t in texts))
    assert len(keys) == sum(len(g) > 1 for g in everything)
    layer = layer_of(keys, size)
    numbers = {}
    for text in texts:
        rows = [r.numpy()[0] for r in layer.at_positions(np.array([text]))]
        for n, row in enumerate(rows, 1):
            for i, feature in enumerate(row):
                gram = tuple(text[i : i + n])
                if min(gram) > 1:
                    assert numbers.setdefault(gram, feature) == feature > 1
                else:
                    assert feature == 0
        found = layer(np.array([text])).numpy()[0]
        assert len(found[found > 0]) == len(ngrams_of(text, size))
    assert len(set(numbers.values())) == len(everything)
    assert max(numbers.values(), default=0) < layer.num_features


def test_an_ngram_that_was_never_seen_is_no_feature():
    layer = layer_of(count_keys([np.array([2, 3])], V), 2)
    assert set(layer(np.array([[3, 2, 4]])).numpy()[0]) == {0, 2, 3, 4}


def test_rare_and_too_many_ngrams_are_left_out():
    texts = [np.array([2, 3, 2, 3]), np.array([2, 3]), np.array([4, 5])]
    # (2, 3) stands in two texts; twice in one text counts once
    assert count_keys(texts, V, min_count=2).tolist() == [2 * V + 3]
    assert count_keys(texts, V, max_keys=1).tolist() == [2 * V + 3]
    assert count_keys([], V).tolist() == []
    assert count_keys([np.array([1])], V, size=3).tolist() == []


def test_padding_changes_nothing_and_one_token_is_enough():
    layer = layer_of(count_keys([np.array([2, 3, 4])], V, 3), 3)
    short = set(layer(np.array([[2, 3, 4]])).numpy()[0]) - {0}
    padded = set(layer(np.array([[2, 3, 4, 0, 0]])).numpy()[0]) - {0}
    assert short == padded and len(short) == 6
    assert layer(np.array([[2]])).numpy().tolist() == [[2]]


def test_distinct_keeps_one_of_each():
    rows = distinct(tf.constant([[5, 5, 0, 2, 5], [1, 2, 3, 4, 5]])).numpy()
    assert sorted(rows[0].tolist()) == [0, 0, 0, 2, 5]
    assert rows[1].tolist() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("argument", ["num_words", "num_keys", "size"])
def test_config_keeps_every_argument(argument):
    given_ = {"num_words": 9, "num_keys": 4, "size": 3}
    config = NGrams(**given_).get_config()
    assert config[argument] == given_[argument]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.integers(1, V - 1), max_size=9), max_size=5),
    st.integers(1, 3),
)
def test_rows_have_the_features_of_the_layer(texts, size):
    known = [np.array(ids, int) for ids in texts[::2]]
    layer = layer_of(count_keys(known, V, size), size)
    found = layer.of_rows(
        Rows.behind_each_other([np.array(ids, int) for ids in texts]),
        layer.keys.numpy(),
    )
    assert len(found) == len(texts)
    for ids, row in zip(texts, found, strict=True):
        features = layer(np.array([ids + [0] * size])).numpy()[0]
        np.testing.assert_array_equal(row, features[features > 0])


def test_many_rows_of_many_features_need_wide_keys():
    rows, features = np.array([0, 2**20, 2**20]), np.array([5, 9, 9])
    found = distinct_rows(rows, features, 2**20 + 1, 2**20)
    assert found[0].tolist() == [5] and found[2**20].tolist() == [9]
    assert found.lengths.sum() == 2
