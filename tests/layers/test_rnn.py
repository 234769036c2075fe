"""rnn_step, SimpleRNNCell and SimpleRNN against the slide."""

import keras
import numpy as np
import pytest

from mitseq.layers.rnn import SimpleRNN, SimpleRNNCell, rnn_step
from tests import numpy_reference
from tests.layer_contract import (
    CELL_ARGUMENTS,
    LOOP_ARGUMENTS,
    check_config,
    check_layer,
    under_keras_rnn,
)
from tests.layers.arrays import random, values

B, T, D, H = 4, 6, 3, 5


# The equation


@pytest.mark.parametrize("use_bias", [False, True])
def test_rnn_step_equals_the_slides_equation(use_bias):
    x_t, h_prev = random(B, D), random(B, H, seed=1)
    w = {"W_xh": random(D, H, seed=2), "W_hh": random(H, H, seed=3)}
    if use_bias:
        w["b_h"] = random(H, seed=4)
    np.testing.assert_allclose(
        rnn_step(x_t, h_prev, **w),
        numpy_reference.rnn_step(x_t, h_prev, w),
        atol=1e-6,
    )


def test_rnn_step_is_the_transpose_of_the_slides_columns():
    """tanh(W_hh^T h + W_xh^T x), with x and h as columns."""
    x, h = random(D, 1), random(H, 1, seed=1)
    W_xh, W_hh = random(D, H, seed=2), random(H, H, seed=3)
    column = np.tanh(W_hh.T @ h + W_xh.T @ x)
    np.testing.assert_allclose(
        rnn_step(x.T, h.T, W_xh, W_hh), column.T, atol=1e-6
    )


@pytest.mark.parametrize("masked", [False, True])
def test_simple_rnn_equals_numpy_over_time(masked):
    layer = SimpleRNN(
        H,
        bias_initializer=keras.initializers.RandomNormal(),
        return_sequences=True,
        return_state=True,
    )
    x, h_0 = random(B, T, D), random(B, H, seed=1)
    mask = random(B, T, seed=2) > 0 if masked else None
    h_seq, h_T = layer(x, initial_state=[h_0], mask=mask)
    w = values(layer)
    expected, [last] = numpy_reference.over_time(
        lambda x_t, h: [numpy_reference.rnn_step(x_t, h, w)], x, [h_0], mask
    )
    np.testing.assert_allclose(h_seq, expected, atol=1e-5)
    np.testing.assert_allclose(h_T, last, atol=1e-5)


def test_linear_scalar_rnn_forgets_by_half_each_step():
    """h_t = h/2 + x/2: an input of 1 counts 1/2, then 1/4, then 1/8."""
    layer = SimpleRNN(
        1,
        activation="linear",
        use_bias=False,
        kernel_initializer=keras.initializers.Constant(0.5),
        recurrent_initializer=keras.initializers.Constant(0.5),
        return_sequences=True,
    )
    h_seq = layer(np.array([[[1.0], [0.0], [0.0]]], "float32"))
    np.testing.assert_array_equal(h_seq, [[[0.5], [0.25], [0.125]]])


# The contract


@pytest.mark.parametrize(
    ("layer_class", "arguments"),
    [
        (SimpleRNN, {"units": H, "return_sequences": True}),
        (SimpleRNNCell, {"units": H}),
    ],
)
def test_simple_rnn_keeps_the_contract(layer_class, arguments, tmp_path):
    is_layer = layer_class is SimpleRNN
    check_layer(
        layer_class,
        arguments,
        random(B, T, D),
        ["W_xh", "W_hh", "b_h"],
        tmp_path,
        as_layer=None if is_layer else under_keras_rnn,
        use_xla=is_layer,
    )


def test_no_argument_is_lost_in_the_config():
    check_config(SimpleRNNCell, CELL_ARGUMENTS)
    check_config(SimpleRNN, {**CELL_ARGUMENTS, **LOOP_ARGUMENTS})
