"""The block against its equations, and a stack that is saved and steps."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from mitseq.layers.cross_attention import AdditiveAttention
from mitseq.layers.position import LearnedPosition, SinusoidalPosition
from mitseq.layers.transformer import TransformerBlock
from tests import numpy_reference
from tests.fresh_process import run_fresh
from tests.layer_contract import check_config, check_layer
from tests.layers.arrays import random

B, T, D, N, F = 2, 6, 8, 2, 12
WEIGHTS = {
    "attention.W_q": "W_q",
    "attention.W_k": "W_k",
    "attention.W_v": "W_v",
    "attention.W_o": "W_o",
    "attention_norm.gamma": "gamma_1",
    "attention_norm.beta": "beta_1",
    "feed_forward_norm.gamma": "gamma_2",
    "feed_forward_norm.beta": "beta_2",
    "expand.kernel": "W_1",
    "expand.bias": "b_1",
    "contract.kernel": "W_2",
    "contract.bias": "b_2",
}


@pytest.fixture(autouse=True)
def seed():
    keras.utils.set_random_seed(7)


@pytest.mark.parametrize("norm", ["pre", "post"])
@pytest.mark.parametrize("causal", [False, True])
def test_block_equals_the_equations(norm, causal):
    block, x = TransformerBlock(N, F, norm=norm, causal=causal), random(B, T, D)
    block.build((None, None, D))
    for i, weight in enumerate(block.weights):  # no zeros, no ones
        weight.assign(random(*weight.shape, seed=i) / 2)
    w = {
        symbol: ops.convert_to_numpy(weight.value)
        for symbol, weight in zip(WEIGHTS.values(), block.weights, strict=True)
    }
    mask = np.tril(np.ones((T, T), bool)) if causal else None
    y, weights = block(x, return_attention_scores=True)
    expected = numpy_reference.transformer_block(x, w, N, norm, mask)
    np.testing.assert_allclose(y, expected, atol=1e-4)
    np.testing.assert_allclose(np.sum(weights, -1), 1, atol=1e-6)
    np.testing.assert_allclose(block(x), y, atol=1e-6)


@pytest.mark.parametrize("norm", ["pre", "post"])
def test_block_keeps_the_contract(norm, tmp_path):
    check_layer(
        TransformerBlock,
        {"num_heads": N, "feed_forward_dim": F, "norm": norm},
        random(B, T, D),
        list(WEIGHTS),
        tmp_path,
        use_xla=norm == "pre",
    )


def test_block_keeps_every_argument():
    check_config(
        TransformerBlock,
        {
            "num_heads": 3,
            "feed_forward_dim": 5,
            "head_dim": 4,
            "dropout": 0.1,
            "norm": "post",
            "causal": True,
            "activation": "gelu",
            "position": "rotary",
            "window": 9,
            "chunk": 16,
            "kernel_initializer": "he_normal",
            "seed": 3,
        },
    )


@pytest.mark.parametrize(
    "options",
    [{}, {"norm": "post"}, {"position": "rotary", "window": 3}],
    ids=str,
)
def test_whole_stack_equals_token_by_token(options):
    layers = [SinusoidalPosition(), LearnedPosition(T)]
    layers += [TransformerBlock(N, F, causal=True, **options) for _ in "ab"]
    x = y = random(B, T, D)
    for layer in layers:
        y = layer(y)
    states = [layer.step_state(B, T) for layer in layers]
    for t in range(T):
        y_t = x[:, t]
        for i, layer in enumerate(layers):
            y_t, states[i] = layer.step(y_t, states[i])
        np.testing.assert_allclose(y_t, y[:, t], atol=1e-5)


def test_a_later_token_never_changes_a_causal_output():
    block, x = TransformerBlock(N, F, causal=True), random(B, T, D)
    y = block(x)
    x[:, 4:] += 10
    np.testing.assert_allclose(block(x)[:, :4], y[:, :4], atol=1e-5)
    assert np.abs(block(x)[:, 4:] - y[:, 4:]).max() > 1


def test_padding_does_not_matter_through_a_stack():
    ids = np.array([[3, 1, 2, 0, 0]])
    x = keras.layers.Embedding(4, D, mask_zero=True)(ids)
    blocks = [TransformerBlock(N, F) for _ in "ab"]
    y, expected = x, ops.array(x)[:, :3]
    for block in blocks:
        y, expected = block(y), block(expected)
    np.testing.assert_allclose(y[:, :3], expected, atol=1e-5)
    np.testing.assert_array_equal(y._keras_mask, ids > 0)


def test_dropout_happens_in_training_only():
    block, x = TransformerBlock(N, F, dropout=0.5, seed=1), random(B, T, D)
    np.testing.assert_array_equal(block(x), block(x))
    first, second = block(x, training=True), block(x, training=True)
    assert np.abs(first - second).max() > 0.01


def test_bad_arguments_are_errors():
    with pytest.raises(ValueError, match="`norm` must be 'pre' or 'post'"):
        TransformerBlock(2, 8, norm="none")
    with pytest.raises(ValueError, match="`feed_forward_dim` must be a posi"):
        TransformerBlock(2, 0)
    with pytest.raises(ValueError, match="`dropout` must be a number"):
        TransformerBlock(2, 8, dropout=-1)
    with pytest.raises(ValueError, match="`num_heads` must divide"):
        TransformerBlock(3, 8)(random(B, T, D))
    with pytest.raises(ValueError, match="`causal=True`"):
        TransformerBlock(2, 8).step_state(1, 1)


def test_saved_model_is_the_same_in_a_fresh_process(tmp_path):
    ids = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(5, D, mask_zero=True)(ids)
    x = LearnedPosition(9)(SinusoidalPosition()(x))
    x = TransformerBlock(N, F, causal=True, position="rotary", chunk=2)(x)
    x = AdditiveAttention(3)(keras.layers.GlobalAveragePooling1D()(x), x)
    model = keras.Model(ids, x)
    model.save(tmp_path / "model.keras")
    rows = np.array([[1, 2, 3, 4], [4, 3, 0, 0]])
    np.savez(tmp_path / "data.npz", x=rows, y=model(rows))
    program = (
        "import keras, numpy as np, tensorflow as tf, mitseq.layers\n"
        # all digits on a GPU, as here
        "tf.config.experimental.enable_tensor_float_32_execution(False)\n"
        "data = np.load('data.npz')\n"
        "model = keras.saving.load_model('model.keras')\n"
        "np.testing.assert_allclose(model(data['x']), data['y'], atol=1e-6)\n"
    )
    done = run_fresh(program, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_gradient_reaches_the_first_token_from_the_last():
    block, x = TransformerBlock(N, F, causal=True), tf.constant(random(B, T, D))
    with tf.GradientTape() as tape:
        tape.watch(x)
        last = block(x)[:, -1]
    assert np.abs(tape.gradient(last, x)[:, 0]).max() > 1e-4
