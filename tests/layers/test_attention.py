"""Attention against its equation, and what must hold for any input."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from mitseq.layers.attention import (
    SelfAttentionHead,
    masked_softmax,
    scaled_dot_product_attention,
)
from tests import numpy_reference
from tests.layer_contract import check_config, check_layer
from tests.layers.arrays import random, values

B, T, D, K = 3, 6, 5, 4


@pytest.fixture(autouse=True)
def seed():
    keras.utils.set_random_seed(7)


def random_mask(*shape, seed=0):
    mask = np.random.default_rng(seed).random(shape) < 0.6
    mask[..., 0] = True
    return mask


# The function


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("axes", [(), (2,), (2, 3)])
def test_function_equals_the_slides_equation(masked, causal, axes):
    S = 7
    query, key = random(*axes, T, K), random(*axes, S, K, seed=1)
    value = random(*axes, S, 2, seed=2)
    mask = random_mask(T, S) if masked else None
    expected_mask = np.ones((T, S), bool) if mask is None else mask
    if causal:
        expected_mask = np.tril(expected_mask)
    output, weights = scaled_dot_product_attention(
        query, key, value, mask, causal=causal, return_attention_scores=True
    )
    expected = numpy_reference.attention(query, key, value, expected_mask)
    np.testing.assert_allclose(output, expected[0], atol=1e-6)
    np.testing.assert_allclose(weights, expected[1], atol=1e-6)
    np.testing.assert_allclose(np.sum(weights, -1), 1, atol=1e-6)


def test_weights_are_those_that_one_computes_by_hand():
    query, key = [[1.0]], [[0.0], [1.0]]
    _, weights = scaled_dot_product_attention(
        query, key, [[0.0], [0.0]], return_attention_scores=True
    )
    e = np.e
    np.testing.assert_allclose(weights, [[1 / (1 + e), e / (1 + e)]], atol=1e-6)


def test_row_that_sees_nothing_is_zeros_and_its_gradient_is_no_nan():
    query, key, value = (tf.constant(random(2, K, seed=i)) for i in range(3))
    with tf.GradientTape() as tape:
        tape.watch((query, key, value))
        output, weights = scaled_dot_product_attention(
            query,
            key,
            value,
            np.array([[False, False], [True, False]]),
            return_attention_scores=True,
        )
    np.testing.assert_array_equal(output, [np.zeros(K), value[0]])
    np.testing.assert_array_equal(weights, [[0, 0], [1, 0]])
    for gradient in tape.gradient(output, (query, key, value)):
        assert np.isfinite(gradient).all()


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_softmax_of_large_scores_in_half_precision(dtype):
    scores = ops.cast([[6e4, -6e4, 6e4]], dtype)
    weights = masked_softmax(scores, np.array([True, True, False]))
    assert weights.dtype == dtype
    np.testing.assert_array_equal(ops.cast(weights, "float32"), [[1, 0, 0]])


@pytest.mark.parametrize(
    "shapes",
    [
        [(T, K), (T, K + 1), (T, K)],
        [(T, K), (T, K), (T + 1, K)],
        [(K,), (T, K), (T, K)],
    ],
)
def test_sizes_that_do_not_fit_are_an_error(shapes):
    with pytest.raises(ValueError, match="`query` and `key` must have the sa"):
        scaled_dot_product_attention(*map(np.ones, shapes))


@pytest.mark.parametrize("shapes", [[(0, K), (T, K)], [(T, K), (0, K)]])
def test_empty_sequence_is_an_error(shapes):
    query, key = map(np.ones, shapes)
    with pytest.raises(ValueError, match="at least one step"):
        scaled_dot_product_attention(query, key, key)


def test_mask_that_does_not_fit_is_an_error():
    x = np.ones((T, K), "float32")
    with pytest.raises(ValueError, match="mask` must broadcast"):
        scaled_dot_product_attention(x, x, x, np.ones((T, T - 1), bool))


# The head


def test_head_keeps_the_contract(tmp_path):
    check_layer(
        SelfAttentionHead,
        {"head_dim": K, "causal": True},
        random(B, T, D),
        ["W_q", "W_k", "W_v"],
        tmp_path,
    )


def test_head_keeps_every_argument():
    check_config(
        SelfAttentionHead,
        {"head_dim": 3, "causal": True, "kernel_initializer": "he_normal"},
    )


@pytest.mark.parametrize("causal", [False, True])
def test_head_equals_the_slides_equations(causal):
    head, x = SelfAttentionHead(K, causal=causal), random(B, T, D)
    mask = random_mask(B, T)
    y, weights = head(x, mask=mask, return_attention_scores=True)
    seen = np.broadcast_to(mask[:, None], (B, T, T))
    expected = numpy_reference.self_attention_head(
        x, values(head), np.tril(seen) if causal else seen
    )
    np.testing.assert_allclose(y, expected[0], atol=1e-5)
    np.testing.assert_allclose(weights, expected[1], atol=1e-5)
    np.testing.assert_array_equal(y, head(x, mask=mask))


def test_matrices_start_different():
    head = SelfAttentionHead(
        K, kernel_initializer=keras.initializers.get("he_normal")
    )
    head.build((None, None, D))
    W_q, W_k, W_v = values(head).values()
    assert np.abs(W_q - W_k).min() > 0 and np.abs(W_k - W_v).min() > 0


def test_order_does_not_matter_without_positions():
    head, x = SelfAttentionHead(K), random(B, T, D)
    order = np.random.default_rng(3).permutation(T)
    np.testing.assert_allclose(
        head(x[:, order]), ops.take(head(x), order, axis=1), atol=1e-6
    )


def test_a_later_token_never_changes_a_causal_output():
    head, x = SelfAttentionHead(K, causal=True), random(B, T, D)
    y = head(x)
    for t in range(T - 1):
        changed = x.copy()
        changed[:, t + 1] += 10
        new = head(changed)
        np.testing.assert_array_equal(new[:, : t + 1], y[:, : t + 1])
        assert np.abs(new[:, t + 1] - y[:, t + 1]).max() > 0.01


def test_what_stands_at_masked_tokens_does_not_matter():
    head, x = SelfAttentionHead(K), random(B, T, D)
    mask = random_mask(B, T)
    changed = np.where(mask[..., None], x, 1e4).astype("float32")
    y, new = head(x, mask=mask), head(changed, mask=mask)
    np.testing.assert_array_equal(y[mask], new[mask])
    assert np.abs(head(changed) - head(x)).max() > 1


def test_mask_of_an_embedding_is_used_also_beside_an_attention_mask():
    ids = np.array([[3, 1, 0, 0], [2, 0, 0, 0]])
    x = keras.layers.Embedding(4, D, mask_zero=True)(ids)
    head, everything = SelfAttentionHead(K), np.ones((4, 4), bool)
    expected = head(ops.array(x), mask=ids > 0)
    np.testing.assert_array_equal(head(x), expected)
    np.testing.assert_array_equal(head(x, attention_mask=everything), expected)
    np.testing.assert_array_equal(head(x)._keras_mask, ids > 0)


def test_weights_are_not_kept_on_the_layer():
    head = SelfAttentionHead(K)
    head(random(B, T, D), return_attention_scores=True)
    kept = [v for v in vars(head).values() if isinstance(v, tf.Tensor)]
    assert kept == []


def test_a_single_token_gets_its_own_value():
    head, x = SelfAttentionHead(K), random(B, 1, D)
    np.testing.assert_allclose(head(x), x @ values(head)["W_v"], atol=1e-6)


def test_unknown_batch_and_length_in_one_graph():
    head = SelfAttentionHead(K, causal=True)
    head.build((None, None, D))
    call = tf.function(
        head, input_signature=[tf.TensorSpec((None, None, D))], autograph=False
    )
    for shape in [(1, 1, D), (2, 9, D), (5, 3, D)]:
        np.testing.assert_allclose(
            call(random(*shape)), head(random(*shape)), atol=1e-6
        )


def test_bad_arguments_and_inputs_are_errors():
    with pytest.raises(ValueError, match="`head_dim` must be a positive int"):
        SelfAttentionHead(0)
    with pytest.raises(ValueError, match="`x` must be a sequence of vectors"):
        SelfAttentionHead(K)(np.ones((2, 3), "float32"))
    with pytest.raises(ValueError, match="`x` must have at least one step"):
        SelfAttentionHead(K)(np.ones((2, 0, 3), "float32"))
