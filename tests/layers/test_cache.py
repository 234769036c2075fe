"""The cache of keys and values: who is read, and where it is written."""

import numpy as np
import pytest
import tensorflow as tf

from mitseq.layers.cache import empty_cache, read_into
from tests.layers.arrays import random

B, N, K = 2, 3, 4


@pytest.mark.parametrize("window", [None, 3])
def test_the_last_tokens_are_kept(window):
    steps = 5
    tokens = random(steps, B, N, 1, K)
    cache = empty_cache(B, N, steps, K, window)
    room = window or steps
    for t in range(steps):
        cache, is_read = read_into(cache, tokens[t], -tokens[t], window)
        keys, values, count = cache
        kept = {s % room: s for s in range(t + 1)}  # place to its last token
        for slot, s in kept.items():
            np.testing.assert_array_equal(keys[:, :, slot], tokens[s][:, :, 0])
            np.testing.assert_array_equal(values[:, :, slot], -keys[:, :, slot])
        assert np.sum(is_read, 1).tolist() == [len(kept)] * B
        assert count.numpy().tolist() == [t + 1] * B


def test_rows_write_where_they_stand():
    cache = empty_cache(B, N, 4, K)
    cache[2] = tf.constant([0, 2])
    token = tf.ones((B, N, 1, K))
    (keys, _, count), is_read = read_into(cache, token, token)
    np.testing.assert_array_equal(
        np.sum(keys, (1, 3)), [[N * K, 0, 0, 0], [0, 0, N * K, 0]]
    )
    assert count.numpy().tolist() == [1, 3]
    assert np.sum(is_read, 1).tolist() == [1, 3]


def test_a_window_needs_no_more_room_than_itself():
    assert empty_cache(B, N, 9, K, window=3)[0].shape == (B, N, 3, K)
    assert empty_cache(B, N, 2, K, window=3)[0].shape == (B, N, 2, K)
    unknown = empty_cache(B, N, tf.constant(9), K, window=3, dtype="float16")
    assert unknown[0].shape == (B, N, 3, K) and unknown[0].dtype == "float16"
