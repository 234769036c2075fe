"""One tile after another is the softmax over all of them."""

import numpy as np
import pytest
import tensorflow as tf

from mitseq.layers.attention import scaled_dot_product_attention
from mitseq.layers.tile_loops import UnrolledTiles
from mitseq.layers.tiles import finish, rowsum_of, start
from tests.layers.arrays import random

B, N, C, K = 2, 3, 4, 5


@pytest.fixture
def tensors():
    """Queries, keys and values of one chunk and of two, and dL/dY."""
    shapes = [(B, N, C, K), (B, N, 2 * C, K), (B, N, 2 * C, K), (B, N, C, K)]
    return [tf.constant(random(*s, seed=i)) for i, s in enumerate(shapes)]


def found_by(tiles, q, k, v):
    found = start(q)
    for j in range(2):
        part = slice(j * C, j * C + C)
        found = tiles.add(q, k[:, :, part], v[:, :, part], None, j, *found)
    return finish(*found, q.dtype)


def test_two_tiles_are_the_softmax_over_both(tensors):
    q, k, v, _ = tensors
    output, logsum = found_by(UnrolledTiles(C), q, k, v)
    expected = scaled_dot_product_attention(q * K**0.5, k, v)
    np.testing.assert_allclose(output, expected, atol=1e-5)
    scores = tf.matmul(q, k, transpose_b=True)
    np.testing.assert_allclose(
        logsum[..., 0], tf.reduce_logsumexp(scores, -1), atol=1e-5
    )


def test_gradients_of_the_tiles_add_up(tensors):
    q, k, v, dy = tensors
    tiles = UnrolledTiles(C)
    with tf.GradientTape() as tape:
        tape.watch([q, k, v])
        y = scaled_dot_product_attention(q * K**0.5, k, v)
    expected = tape.gradient(y, [q, k, v], dy)
    output, logsum = found_by(tiles, q, k, v)
    rowsum = rowsum_of(output, dy)
    parts = [
        tiles.gradients(q, k[:, :, s], v[:, :, s], None, 0, logsum, rowsum, dy)
        for s in (slice(0, C), slice(C, 2 * C))
    ]
    (dq_0, *d_0), (dq_1, *d_1) = parts
    got = [dq_0 + dq_1, *(tf.concat(d, 2) for d in zip(d_0, d_1, strict=True))]
    for a, b in zip(got, expected, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


def test_a_query_that_sees_no_key_finds_zeros(tensors):
    q, k, v, _ = tensors
    hidden = tf.zeros((C, 2 * C), tf.bool)
    found = UnrolledTiles(C).add(q, k, v, hidden, 0, *start(q))
    output, _ = finish(*found, q.dtype)
    np.testing.assert_array_equal(output, np.zeros((B, N, C, K)))


@pytest.mark.parametrize("window", [None, 1, 5, 9])
def test_first_chunk_is_that_of_the_first_key_in_the_window(window):
    tiles = UnrolledTiles(C, causal=True, window=window)
    for i in range(5):
        first_key = 0 if window is None else max(i * C - window + 1, 0)
        assert tiles.first(i) == first_key // C
