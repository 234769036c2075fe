"""Several heads: against NumPy and Keras, whole and token by token."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from mitseq.layers.multi_head import MultiHeadAttention
from tests import numpy_reference
from tests.layer_contract import check_config, check_layer
from tests.layers.arrays import random, values

B, T, S, D, N = 3, 7, 5, 8, 2
WEIGHTS = ["W_q", "W_k", "W_v", "W_o"]


@pytest.fixture(autouse=True)
def seed():
    keras.utils.set_random_seed(7)


def random_mask(*shape, seed=0):
    return np.random.default_rng(seed).random(shape) < 0.6


def built(*args, **kwargs):
    layer = MultiHeadAttention(*args, **kwargs)
    layer.build((None, None, D))
    return layer


def keras_twin(layer, value_dim=D):
    """`keras.layers.MultiHeadAttention` with the same weights."""
    w, K = values(layer), layer.W_q.shape[-1] // layer.num_heads
    twin = keras.layers.MultiHeadAttention(layer.num_heads, K, use_bias=False)
    twin.build((None, None, D), (None, None, value_dim))
    by_heads = [w[name].reshape(-1, N, K) for name in WEIGHTS[:3]]
    # Keras's order: query, key, value, output
    twin.set_weights([*by_heads, w["W_o"].reshape(N, K, D)])
    return twin


@pytest.mark.parametrize(
    "arguments",
    [
        {"num_heads": 2, "causal": True, "position": "rotary"},
        {"num_heads": 2, "causal": True, "chunk": 3, "window": 4},
    ],
    ids=["at once", "in chunks"],
)
def test_layer_keeps_the_contract(arguments, tmp_path):
    # XLA on chunks is in test_chunked.py
    check_layer(
        MultiHeadAttention,
        arguments,
        random(B, T, D),
        WEIGHTS,
        tmp_path,
        use_xla="chunk" not in arguments,
    )


def test_layer_keeps_every_argument():
    check_config(
        MultiHeadAttention,
        {
            "num_heads": 3,
            "head_dim": 4,
            "causal": True,
            "dropout": 0.1,
            "position": "rotary",
            "window": 9,
            "chunk": 16,
            "kernel_initializer": "he_normal",
            "seed": 3,
        },
    )


@pytest.mark.parametrize("causal", [False, True])
def test_layer_equals_the_equations_head_by_head(causal):
    layer, x = MultiHeadAttention(N, causal=causal), random(B, T, D)
    y, weights = layer(x, return_attention_scores=True)
    mask = np.tril(np.ones((T, T), bool)) if causal else None
    expected = numpy_reference.multi_head_attention(
        x, x, values(layer), N, mask
    )
    np.testing.assert_allclose(y, expected[0], atol=1e-5)
    np.testing.assert_allclose(weights, expected[1], atol=1e-5)
    np.testing.assert_allclose(np.sum(weights, -1), 1, atol=1e-6)


@pytest.mark.parametrize("chunk", [None, 3])
@pytest.mark.parametrize("causal", [False, True])
def test_outputs_weights_and_gradients_equal_keras(causal, chunk):
    layer, x = (
        built(N, causal=causal, chunk=chunk),
        tf.constant(random(B, T, D)),
    )
    twin, dy = keras_twin(layer), random(B, T, D, seed=1)
    mask = random_mask(B, T, T) | np.eye(T, dtype=bool)  # no empty row
    results = []
    for call in (
        lambda: layer(x, attention_mask=mask),
        lambda: twin(x, x, attention_mask=mask, use_causal_mask=causal),
    ):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = call()
        owner = layer if not results else twin
        variables = [w.value for w in owner.weights]
        results.append([y, *tape.gradient(y, [x, *variables], dy)])
    for ours, theirs in zip(*results, strict=True):
        np.testing.assert_allclose(
            ours, np.reshape(theirs, ours.shape), atol=1e-5
        )
    _, ours = layer(x, attention_mask=mask, return_attention_scores=True)
    _, theirs = twin(
        *(x, x),
        attention_mask=mask,
        use_causal_mask=causal,
        return_attention_scores=True,
    )
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


@pytest.mark.parametrize("chunk", [None, 3])
def test_cross_attention_equals_keras(chunk):
    layer = MultiHeadAttention(N, chunk=chunk)
    query, value = random(B, T, D), random(B, S, 6, seed=1)
    mask = random_mask(B, S)
    mask[:, 0] = True
    y = layer(query, value, value_mask=mask)
    expected = keras_twin(layer, value_dim=6)(
        query, value, attention_mask=np.broadcast_to(mask[:, None], (B, T, S))
    )
    np.testing.assert_allclose(y, expected, atol=1e-5)


def test_a_mask_for_each_head():
    layer, x = MultiHeadAttention(N), random(B, T, D)
    mask = random_mask(B, N, T, T)
    _, weights = layer(x, attention_mask=mask, return_attention_scores=True)
    assert np.abs(weights.numpy()[~mask]).max() == 0
    assert weights.numpy()[mask].min() > 0


@pytest.mark.parametrize("chunk", [None, 3])
def test_one_mask_for_every_row_and_head(chunk):
    layer, x = built(N, chunk=chunk), random(B, T, D)
    pairs = random_mask(T, T)
    expected = layer(x, attention_mask=np.broadcast_to(pairs, (B, N, T, T)))
    y = layer(x, attention_mask=pairs)
    np.testing.assert_allclose(y, expected, atol=1e-6)


@pytest.mark.parametrize("chunk", [None, 3])
def test_query_that_sees_nothing_gets_zeros(chunk):
    layer, x = MultiHeadAttention(N, chunk=chunk), tf.constant(random(B, T, D))
    mask = np.ones((B, T), bool)
    mask[1] = False
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x, mask=mask)
    np.testing.assert_array_equal(y[1], np.zeros((T, D)))
    assert np.abs(y[0]).max() > 0
    gradient = tape.gradient(y, x)
    assert np.isfinite(gradient).all()
    np.testing.assert_array_equal(gradient[1], np.zeros((T, D)))


@pytest.mark.parametrize(
    ("chunk", "position"), [(None, None), (None, "rotary"), (3, "rotary")]
)
def test_a_later_token_never_changes_a_causal_output(chunk, position):
    layer = MultiHeadAttention(N, causal=True, chunk=chunk, position=position)
    x = random(B, T, D)
    y = layer(x)
    for t in range(T - 1):
        changed = x.copy()
        changed[:, t + 1 :] += 10
        np.testing.assert_allclose(
            layer(changed)[:, : t + 1], y[:, : t + 1], atol=1e-6
        )


@pytest.mark.parametrize("chunk", [None, 3])
def test_what_stands_at_masked_tokens_does_not_matter(chunk):
    layer, x = MultiHeadAttention(N, chunk=chunk), random(B, T, D)
    mask = random_mask(B, T)
    changed = np.where(mask[..., None], x, 1e3).astype("float32")
    y, new = layer(x, mask=mask), layer(changed, mask=mask)
    np.testing.assert_allclose(y[mask], new[mask], atol=1e-6)


@pytest.mark.parametrize("chunk", [None, 3])
def test_order_does_not_matter_without_positions(chunk):
    layer, x = MultiHeadAttention(N, chunk=chunk), random(B, T, D)
    order = np.random.default_rng(3).permutation(T)
    np.testing.assert_allclose(
        layer(x[:, order]), ops.take(layer(x), order, axis=1), atol=1e-6
    )


def test_rotary_positions_see_distances_only():
    layer, x = (
        MultiHeadAttention(N, causal=True, position="rotary"),
        random(B, 2 * T, D),
    )
    x[:, :T] = x[:, T:]  # the same tokens, T places later
    x[:, T - 1], x[:, -1] = x[:, 0], x[:, 0]
    window = MultiHeadAttention(N, causal=True, position="rotary", window=3)
    window.build((None, None, D))
    y = window(x)
    np.testing.assert_allclose(y[:, 2:T], y[:, T + 2 :], atol=1e-5)
    swapped = x[:, [1, 0, *range(2, 2 * T)]]
    assert np.abs(layer(swapped)[:, -1] - layer(x)[:, -1]).max() > 1e-4


@pytest.mark.parametrize("chunk", [None, 3])
def test_window_shows_the_last_tokens_only(chunk):
    layer, x = (
        MultiHeadAttention(N, causal=True, window=2, chunk=chunk),
        random(B, T, D),
    )
    _, weights = layer(x, return_attention_scores=True)
    seen = np.abs(weights.numpy()[0, 0]) > 0
    np.testing.assert_array_equal(
        seen, np.tri(T, dtype=bool) & ~np.tri(T, k=-2, dtype=bool)
    )
    y = layer(x)
    x[:, 0] += 10
    np.testing.assert_allclose(layer(x)[:, 2:], y[:, 2:], atol=1e-6)


@pytest.mark.parametrize("is_compiled", [False, True])
@pytest.mark.parametrize(
    "options",
    [{}, {"position": "rotary"}, {"window": 3}, {"window": 99}]
    + [{"window": 3, "position": "rotary"}],
    ids=str,
)
def test_whole_call_equals_token_by_token(options, is_compiled):
    layer = MultiHeadAttention(N, causal=True, **options)
    x = random(B, T, D)
    y = layer(x)
    step = tf.function(layer.step) if is_compiled else layer.step
    states = layer.step_state(B, T)
    for t in range(T):
        y_t, states = step(x[:, t], states)
        np.testing.assert_allclose(y_t, y[:, t], atol=1e-5)
    if options.get("window") == 3:
        assert states[0].shape == (B, N, 3, D // N)  # room for the window


def test_rows_may_have_read_different_numbers_of_tokens():
    layer, x = built(N, causal=True, position="rotary"), random(2, T, D)
    y = layer(x)
    early = layer.step_state(2, T)
    _, late = layer.step(x[:, 0], early)
    states = [tf.stack([a[0], b[1]]) for a, b in zip(early, late, strict=True)]
    y_t, _ = layer.step(np.stack([x[0, 0], x[1, 1]]), states)
    np.testing.assert_allclose(y_t, [y[0, 0], y[1, 1]], atol=1e-5)


def test_a_layer_that_sees_the_future_has_no_step():
    with pytest.raises(ValueError, match="'looks_ahead'.*`causal=True`"):
        built(N, name="looks_ahead").step_state(1, 1)


@pytest.mark.parametrize("chunk", [None, 3])
def test_dropout_keeps_the_mean_and_happens_in_training_only(chunk):
    layer, x = built(N, dropout=0.5, chunk=chunk, seed=1), random(1, T, D)
    y = layer(x)
    np.testing.assert_array_equal(layer(x, training=False), y)
    drawn = layer(np.repeat(x, 4000, 0), training=True)
    assert np.abs(drawn[0] - drawn[1]).max() > 0.01
    np.testing.assert_allclose(ops.mean(drawn, 0), y[0], atol=0.1)


@pytest.mark.parametrize("chunk", [None, 3, "auto"])
def test_unknown_batch_and_length_in_one_graph(chunk):
    layer = built(N, causal=True, chunk=chunk)
    call = tf.function(
        layer, input_signature=[tf.TensorSpec((None, None, D))], autograph=False
    )
    for shape in [(1, 1, D), (2, 9, D), (5, 3, D)]:
        np.testing.assert_allclose(
            call(random(*shape)), layer(random(*shape)), atol=1e-6
        )


def test_bad_arguments_are_errors():
    with pytest.raises(
        ValueError, match="`num_heads` must divide.*num_heads=3"
    ):
        MultiHeadAttention(3)(random(B, T, D))
    with pytest.raises(ValueError, match="`num_heads` must be a positive int"):
        MultiHeadAttention(0)
    with pytest.raises(ValueError, match="`head_dim` must be a positive int"):
        MultiHeadAttention(2, 1.5)
    with pytest.raises(ValueError, match=r"`dropout` must be a number in \["):
        MultiHeadAttention(2, dropout=1.0)
    with pytest.raises(ValueError, match="`position` must be None or 'rotary'"):
        MultiHeadAttention(2, position="learned")
    with pytest.raises(ValueError, match="`window` must be a positive int"):
        MultiHeadAttention(2, window=0, causal=True)
    with pytest.raises(ValueError, match="`window` must be None without"):
        MultiHeadAttention(2, window=4)
    with pytest.raises(ValueError, match="`chunk` must be a positive int"):
        MultiHeadAttention(2, chunk=-1)
    for make in (
        lambda: MultiHeadAttention(2, 3, position="rotary"),
        lambda: MultiHeadAttention(8, position="rotary")(random(B, T, D)),
    ):
        with pytest.raises(ValueError, match="`head_dim` must be even"):
            make()


def test_bad_inputs_are_errors():
    layer = built(N)
    with pytest.raises(ValueError, match="`query` must have at least one step"):
        MultiHeadAttention(N)(np.ones((2, 0, D), "float32"))
    with pytest.raises(ValueError, match="`value` must have at least one step"):
        MultiHeadAttention(N)(random(B, T, D), np.ones((B, 0, D), "float32"))
    with pytest.raises(ValueError, match="`query` must be a sequence"):
        MultiHeadAttention(N)(random(B, D))
    with pytest.raises(ValueError, match="`attention_mask` must broadcast"):
        layer(random(B, T, D), attention_mask=np.ones((B, T, T + 1), bool))
    with pytest.raises(ValueError, match="`attention_mask` must broadcast"):
        layer(random(B, T, D), attention_mask=np.ones((B, 3, T, T), bool))
    with pytest.raises(ValueError, match="`mask` must have the batch"):
        layer(random(B, T, D), mask=np.ones((B, T + 1), bool))
