"""Heads: split, joined, and each attending alone."""

import keras
import numpy as np
import pytest
from keras import ops

from mitseq.layers.attention import scaled_dot_product_attention
from mitseq.layers.heads import attend, join_heads, split_heads
from mitseq.layers.masks import both_masks, causal_mask
from tests.layers.arrays import random

B, N, T, K = 2, 3, 5, 4


def test_head_n_has_the_columns_from_n_k_on():
    x = random(B, T, N * K)
    heads = split_heads(x, N)
    assert heads.shape == (B, N, T, K)
    for n in range(N):
        np.testing.assert_array_equal(heads[:, n], x[..., n * K : n * K + K])
    np.testing.assert_array_equal(join_heads(heads), x)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("window", [None, 2])
def test_each_head_attends_as_the_slide_says(masked, window):
    query, key, value = (random(B, N, T, K, seed=i) for i in range(3))
    mask = random(B, 1, 1, T, seed=3) > -0.5 if masked else None
    y, weights = attend(query, key, value, mask, causal=True, window=window)
    expected = scaled_dot_product_attention(
        query,
        key,
        value,
        both_masks(mask, causal_mask(T, window=window)),
        return_attention_scores=True,
    )
    np.testing.assert_allclose(y, expected[0], atol=1e-5)
    np.testing.assert_allclose(weights, expected[1], atol=1e-6)


def test_dropout_is_not_in_the_weights_returned():
    x, seed = random(1, 1, 64, K), keras.random.SeedGenerator(1)
    y, weights = attend(x, x, x, dropout=0.5, seed=seed)
    np.testing.assert_allclose(ops.sum(weights, -1), np.ones((1, 1, 64)), 1e-5)
    assert np.abs(y - attend(x, x, x)[0]).max() > 0.01
