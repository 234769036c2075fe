"""The decoder's block against its equations, and step by step."""

import operator

import keras
import numpy as np
import pytest
from keras import ops

from mitseq.layers.transformer_decoder import TransformerDecoderBlock
from tests import numpy_reference
from tests.layer_contract import check_config, check_layer
from tests.layers.arrays import random
from tests.layers.test_transformer import WEIGHTS

B, T, S, D, E, N, F = 2, 5, 4, 8, 6, 2, 12
CROSS = {
    "cross_attention.W_q": "W_q",
    "cross_attention.W_k": "W_k",
    "cross_attention.W_v": "W_v",
    "cross_attention.W_o": "W_o",
    "cross_attention_norm.gamma": "gamma",
    "cross_attention_norm.beta": "beta",
}
KEPT = np.array([[1, 1, 1, 0], [1, 0, 1, 1]], bool)


@pytest.fixture(autouse=True)
def seed():
    keras.utils.set_random_seed(7)


def numbers(block, names):
    return {
        symbol: ops.convert_to_numpy(operator.attrgetter(path)(block).value)
        for path, symbol in names.items()
    }


@pytest.mark.parametrize("norm", ["pre", "post"])
def test_block_equals_the_equations(norm):
    block = TransformerDecoderBlock(N, F, norm=norm)
    x, value = random(B, T, D), random(B, S, E, seed=1)
    block.build((None, None, D), (None, None, E))
    for i, weight in enumerate(block.weights):  # no zeros, no ones
        weight.assign(random(*weight.shape, seed=i) / 2)
    y, weights = block(x, value, value_mask=KEPT, return_attention_scores=True)
    expected = numpy_reference.transformer_decoder_block(
        *(x, value, numbers(block, WEIGHTS), numbers(block, CROSS)),
        *(N, norm, KEPT[:, None]),
    )
    np.testing.assert_allclose(y, expected, atol=1e-4)
    assert weights.shape == (B, N, T, S)
    np.testing.assert_allclose(np.sum(weights, -1), 1, atol=1e-6)
    hidden = np.broadcast_to(~KEPT[:, None, None], weights.shape)
    assert np.abs(np.asarray(weights)[hidden]).max() == 0


def test_block_keeps_the_contract(tmp_path):
    check_layer(
        TransformerDecoderBlock,
        {"num_heads": N, "feed_forward_dim": F},
        (random(B, T, D), random(B, S, E, seed=1)),
        [
            *list(WEIGHTS)[:4],
            *list(CROSS)[:4],
            *list(WEIGHTS)[4:],
            *list(CROSS)[4:],
        ],
        tmp_path,
    )


def test_block_keeps_every_argument():
    check_config(
        TransformerDecoderBlock,
        {
            "num_heads": 3,
            "feed_forward_dim": 5,
            "head_dim": 4,
            "dropout": 0.1,
            "norm": "post",
            "activation": "gelu",
            "position": "rotary",
            "window": 9,
            "chunk": 16,
            "kernel_initializer": "he_normal",
            "seed": 3,
        },
    )


@pytest.mark.parametrize("norm", ["pre", "post"])
def test_whole_block_equals_token_by_token(norm):
    block = TransformerDecoderBlock(N, F, norm=norm)
    x, value = random(B, T, D), random(B, S, E, seed=1)
    y = block(x, value, value_mask=KEPT)
    states = block.step_state(B, T)
    for t in range(T):
        y_t, states = block.step(x[:, t], states, value, KEPT)
        np.testing.assert_allclose(y_t, y[:, t], atol=1e-5)


def test_what_comes_later_and_what_is_masked_does_not_matter():
    block = TransformerDecoderBlock(N, F)
    x, value = random(B, T, D), random(B, S, E, seed=1)
    y = block(x, value, value_mask=KEPT)
    x[:, 3:] += 10
    value[~KEPT] += 10
    again = block(x, value, value_mask=KEPT)
    np.testing.assert_allclose(again[:, :3], y[:, :3], atol=1e-5)
    assert np.abs(again[:, 3:] - y[:, 3:]).max() > 1
    value[KEPT] += 10
    other = block(x, value, value_mask=KEPT)
    assert np.abs(other[:, :3] - y[:, :3]).max() > 0.1


def test_a_wrong_mask_is_an_error():
    block = TransformerDecoderBlock(N, F)
    with pytest.raises(ValueError, match="`mask` must have the batch"):
        block(random(B, T, D), random(B, S, E), value_mask=KEPT[:, :3])
