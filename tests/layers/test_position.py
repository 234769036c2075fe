"""Positions: the paper's formula, and learned rows."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from mitseq.layers.position import (
    LearnedPosition,
    SinusoidalPosition,
    sinusoids,
)
from tests import numpy_reference
from tests.layer_contract import check_config, check_layer
from tests.layers.arrays import random

B, T, D = 2, 5, 6


@pytest.mark.parametrize("D", [1, 2, 5, 8])
def test_sinusoids_equal_the_papers_formula(D):
    expected = [
        [numpy_reference.sinusoid(t, i, D) for i in range(D)] for t in range(T)
    ]
    np.testing.assert_allclose(sinusoids(ops.arange(T), D), expected, atol=1e-6)


def test_place_0_is_0_1_0_1():
    y = SinusoidalPosition()(np.zeros((1, 1, 4), "float32"))
    np.testing.assert_array_equal(y, [[[0, 1, 0, 1]]])


def test_learned_place_is_its_row():
    layer = LearnedPosition(9)
    x = random(B, T, D)
    P = ops.convert_to_numpy
    y = layer(x)
    np.testing.assert_allclose(y, x + P(layer.P.value)[:T], atol=1e-6)


def test_layers_keep_the_contract(tmp_path):
    x = random(B, T, D)
    check_layer(LearnedPosition, {"max_length": 9}, x, ["P"], tmp_path)
    layer = SinusoidalPosition(max_wavelength=100.0)
    again = SinusoidalPosition.from_config(layer.get_config())
    np.testing.assert_array_equal(again(x), layer(x))
    half = SinusoidalPosition(dtype="mixed_float16")(x)
    assert half.dtype == "float16"


def test_layers_keep_every_argument():
    check_config(
        LearnedPosition,
        {"max_length": 4, "embeddings_initializer": "he_normal"},
    )
    check_config(SinusoidalPosition, {"max_wavelength": 50.0})


@pytest.mark.parametrize(
    "layer", [SinusoidalPosition(), LearnedPosition(9)], ids=["sin", "learned"]
)
def test_whole_call_equals_token_by_token(layer):
    x = random(B, T, D)
    y, states = layer(x), layer.step_state(B, T)
    for t in range(T):
        y_t, states = layer.step(x[:, t], states)
        np.testing.assert_allclose(y_t, y[:, t], atol=1e-6)


def test_a_sequence_longer_than_the_positions_is_an_error():
    message = "'places'.*Received: length=5, max_length=4"
    layer = LearnedPosition(4, name="places")
    with pytest.raises(ValueError, match=message):
        layer(random(B, 5, D))
    layer = LearnedPosition(4, name="places")
    layer(random(B, 4, D))
    with pytest.raises(ValueError, match=message):
        layer(random(B, 5, D))
    with pytest.raises(ValueError, match=message):
        layer.step_state(B, 5)
    layer.step_state(B, 4)


def test_a_longer_sequence_is_an_error_where_the_graph_knows_no_length():
    layer = LearnedPosition(4)
    layer.build((None, None, D))
    call = tf.function(layer, input_signature=[tf.TensorSpec((None, None, D))])
    assert call(random(B, 4, D)).shape == (B, 4, D)
    with pytest.raises(tf.errors.InvalidArgumentError, match="not be longer"):
        call(random(B, 5, D))


def test_bad_arguments_are_errors():
    with pytest.raises(ValueError, match="`max_length` must be a positive int"):
        LearnedPosition(0)
    with pytest.raises(
        ValueError, match="`max_wavelength` must be a number ab"
    ):
        SinusoidalPosition(max_wavelength=1)
    with pytest.raises(ValueError, match="`x` must have at least one step"):
        SinusoidalPosition()(np.ones((2, 0, 3), "float32"))


def test_masks_are_passed_on():
    ids = np.array([[1, 2, 0]])
    x = keras.layers.Embedding(3, 4, mask_zero=True)(ids)
    np.testing.assert_array_equal(SinusoidalPosition()(x)._keras_mask, ids > 0)
