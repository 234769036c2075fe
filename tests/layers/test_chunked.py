"""Attention in chunks is attention: outputs, gradients, and less memory."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from mitseq.layers import chunked
from mitseq.layers.attention import scaled_dot_product_attention
from mitseq.layers.chunked import chosen_chunk, chunked_attention, even_chunk
from mitseq.layers.masks import both_masks, causal_mask

B, N, K, C = 2, 3, 8, 4


@pytest.fixture(params=["unrolled", "loop"])
def road(request, monkeypatch):
    """Both ways to go over the tiles, whatever the length."""
    most = 99 if request.param == "unrolled" else 0
    monkeypatch.setattr(chunked, "MAX_CHUNKS", most)
    return request.param


def random(*shape, seed=0, dtype="float32"):
    numbers = np.random.default_rng(seed).normal(size=shape)
    return tf.cast(numbers, dtype)


def inputs(T, S, dtype="float32"):
    sizes = [T, S, S, T]
    return [
        random(B, N, size, K, seed=i, dtype=dtype)
        for i, size in enumerate(sizes)
    ]


def mask_of(kind, T, S):
    if kind is None:
        return None
    rng = np.random.default_rng(5)
    if kind == "padding":
        return rng.random((B, 1, 1, S)) < 0.7
    mask = rng.random((B, 1, T, S)) < 0.6
    mask[0, 0, 3] = False  # a query that sees nothing
    return mask


def with_gradients(attend, query, key, value, dy):
    with tf.GradientTape() as tape:
        tape.watch((query, key, value))
        y = attend(query, key, value)
    return y, *tape.gradient(y, (query, key, value), dy)


def at_once(query, key, value, mask, causal, window):
    if causal:
        T, S = query.shape[2], key.shape[2]
        mask = both_masks(causal_mask(T, S, window), mask)
    return scaled_dot_product_attention(query, key, value, mask)


@pytest.mark.parametrize(
    ("T", "S", "mask", "causal", "window"),
    [
        (8, 8, None, True, None),
        (10, 10, None, True, 3),
        (9, 9, "padding", True, 5),
        (10, 10, "pairs", True, None),
        (10, 7, "padding", False, None),
        (7, 10, "pairs", False, None),
        (5, 13, None, False, None),
        (7, 12, None, True, None),
        (12, 7, None, True, None),
        (3, 3, None, True, None),
    ],
)
def test_outputs_and_gradients_equal_those_at_once(
    T, S, mask, causal, window, road
):
    query, key, value, dy = inputs(T, S)
    mask = mask_of(mask, T, S)

    def attend(query, key, value):
        return chunked_attention(
            *(query, key, value, mask), chunk=C, causal=causal, window=window
        )

    expected = with_gradients(
        lambda *qkv: at_once(*qkv, mask, causal, window), query, key, value, dy
    )
    ways = [with_gradients]
    if mask is not None and causal:
        ways.append(tf.function(with_gradients))
    for way in ways:
        received = way(attend, query, key, value, dy)
        for a, b in zip(received, expected, strict=True):
            np.testing.assert_allclose(a, b, atol=1e-5)


def test_compiled_by_xla_it_gives_the_same(road):
    query, key, value, dy = inputs(10, 10)

    def attend(query, key, value):
        return chunked_attention(
            query, key, value, chunk=C, causal=True, window=6
        )

    expected = with_gradients(attend, query, key, value, dy)
    compiled = tf.function(with_gradients, jit_compile=True)
    received = compiled(attend, query, key, value, dy)
    for a, b in zip(received, expected, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_sums_are_kept_in_float32(dtype, road):
    query, key, value, dy = inputs(12, 12, dtype)

    def attend(query, key, value):
        return chunked_attention(query, key, value, chunk=C)

    expected = with_gradients(
        lambda *qkv: at_once(*qkv, None, False, None),
        *(tf.cast(x, "float32") for x in (query, key, value, dy)),
    )
    received = with_gradients(attend, query, key, value, dy)
    for a, b in zip(received, expected, strict=True):
        assert a.dtype == dtype
        np.testing.assert_allclose(tf.cast(a, "float32"), b, atol=0.05)


def test_dropout_has_the_same_mask_in_the_backward_pass(road):
    """Linear in the values: y = A V, so dL/dV is A^T dY of the same A."""
    query, key, value, dy = inputs(10, 10)
    seed = tf.constant([3, 4])

    def attend(query, key, value):
        return chunked_attention(
            query, key, value, chunk=C, dropout=0.4, seed=seed
        )

    y, *gradients = with_gradients(attend, query, key, value, dy)
    assert np.abs(y - at_once(query, key, value, None, False, None)).max() > 0.1
    step = 1e-2
    for i, gradient in enumerate(gradients):
        moved = [query, key, value]
        direction = random(*moved[i].shape, seed=9)
        losses = []
        for sign in (1, -1):
            moved_i = moved[i] + sign * step * direction
            parts = [*moved[:i], moved_i, *moved[i + 1 :]]
            losses.append(tf.reduce_sum(attend(*parts) * dy))
        slope = (losses[0] - losses[1]) / (2 * step)
        expected = tf.reduce_sum(gradient * direction)
        np.testing.assert_allclose(slope, expected, rtol=0.02, atol=0.05)


def test_dropout_drops_the_share_asked_for(road):
    query, key, value = np.zeros((3, 1, 1, 64, 64), "float32")
    value = np.eye(64, dtype="float32")[None, None]  # the output: the weights
    A = chunked_attention(
        *map(tf.constant, (query, key, value)),
        chunk=16,
        dropout=0.25,
        seed=tf.constant([1, 2]),
    )
    dropped = np.asarray(A) == 0
    assert 0.22 < dropped.mean() < 0.28
    np.testing.assert_allclose(np.asarray(A)[~dropped], 1 / 64 / 0.75)
    tiles = dropped.reshape(4, 16, 4, 16).transpose(0, 2, 1, 3)
    assert len({tile.tobytes() for tile in tiles.reshape(16, 16, 16)}) == 16


def test_it_learns_under_fit_with_unknown_lengths():
    from mitseq.layers.multi_head import MultiHeadAttention

    keras.utils.set_random_seed(1)
    x = keras.Input((None, K))
    y = MultiHeadAttention(2, causal=True, chunk=C, dropout=0.1)(x)
    model = keras.Model(x, y)
    model.compile(optimizer="adam", loss="mse")
    rows = np.random.default_rng(0).normal(size=(8, 10, K)).astype("float32")
    losses = model.fit(rows, rows, epochs=8, verbose=0).history["loss"]
    assert losses[-1] < losses[0]


@pytest.mark.parametrize(
    ("chunk", "num_keys", "causal", "expected"),
    [
        ("auto", 256, True, None),
        ("auto", 257, True, 128),
        ("auto", 1024, False, None),
        ("auto", 2048, False, 256),
        ("auto", 100_000, True, 512),
        ("auto", None, False, 512),
        (None, 100_000, True, None),
        (7, 10, True, 7),
    ],
)
def test_length_decides(chunk, num_keys, causal, expected):
    assert chosen_chunk(chunk, num_keys, causal) == expected


@pytest.mark.parametrize("length", [0, 1, 5, 8, 9, 16, 17, 100])
def test_chunks_are_even_and_as_few_as_may_be(length):
    size = even_chunk(length, most=8)
    chunks = -(-length // 8)
    assert size * chunks - length < max(chunks, 1)
    assert 1 <= size <= 8
    assert even_chunk(tf.constant(length), most=8) == size


def test_who_finds_nothing_or_does_not_ask_gets_zeros():
    x, none = np.ones((2, 1, 5, 4), "float32"), np.ones((2, 1, 0, 4), "float32")
    found = chunked_attention(tf.constant(x), none, none, chunk=2)
    np.testing.assert_array_equal(found, np.zeros_like(x))
    found = chunked_attention(tf.constant(none), x, x, chunk=2)
    assert found.shape == (2, 1, 0, 4)
