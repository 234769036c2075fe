"""LSTMCell and LSTM against the slide's equations.

What the three sequence layers share is in test_recurrent.py.
"""

import keras
import numpy as np
import pytest

from mitseq.layers.lstm import LSTM, LSTMCell
from tests import numpy_reference
from tests.layer_contract import (
    GATED_ARGUMENTS,
    LOOP_ARGUMENTS,
    check_config,
    check_layer,
    under_keras_rnn,
)
from tests.layers.arrays import random, values

B, T, D, H = 4, 6, 3, 5
WEIGHTS = [
    f"{symbol}{gate}" for gate in "fico" for symbol in ("W_x", "W_h", "b_")
]


def cell_with_biases(**biases):
    """A cell whose gates are forced open (100) or shut (-100) by the bias."""
    cell = LSTMCell(H)
    cell.build((None, D))
    for name, bias in biases.items():
        getattr(cell, name).assign(np.full(H, bias, "float32"))
    return cell


def test_cell_equals_the_slides_equations():
    cell = LSTMCell(H, bias_initializer=keras.initializers.RandomNormal())
    x_t, h_prev, c_prev = (random(B, n, seed=n) for n in (D, H, H))
    h_t, [h_again, c_t] = cell(x_t, [h_prev, c_prev])
    expected = numpy_reference.lstm_step(x_t, h_prev, c_prev, values(cell))
    np.testing.assert_allclose(h_t, expected[0], atol=1e-6)
    np.testing.assert_allclose(c_t, expected[1], atol=1e-6)
    np.testing.assert_array_equal(h_t, h_again)


@pytest.mark.parametrize("masked", [False, True])
def test_lstm_equals_numpy_over_time(masked):
    layer = LSTM(
        H,
        bias_initializer=keras.initializers.RandomNormal(),
        return_sequences=True,
        return_state=True,
    )
    x = random(B, T, D)
    states = [random(B, H, seed=1), random(B, H, seed=2)]
    mask = random(B, T, seed=3) > 0 if masked else None
    outputs = layer(x, initial_state=states, mask=mask)
    w = values(layer)
    h_seq, [h_T, c_T] = numpy_reference.over_time(
        lambda *arguments: numpy_reference.lstm_step(*arguments, w),
        x,
        states,
        mask,
    )
    for ours, expected in zip(outputs, (h_seq, h_T, c_T), strict=True):
        np.testing.assert_allclose(ours, expected, atol=1e-5)


def test_open_forget_gate_keeps_the_cell_state():
    cell = cell_with_biases(b_f=100, b_i=-100)
    c_prev = random(B, H, seed=1)
    _, [_, c_t] = cell(random(B, D), [random(B, H, seed=2), c_prev])
    np.testing.assert_array_equal(c_t, c_prev)


def test_shut_forget_gate_writes_the_candidate_alone():
    cell = cell_with_biases(b_f=-100, b_i=100, b_o=100)
    x_t, h_prev = random(B, D), random(B, H, seed=1)
    h_t, [_, c_t] = cell(x_t, [h_prev, random(B, H, seed=2)])
    w = values(cell)
    c_tilde = np.tanh(x_t @ w["W_xc"] + h_prev @ w["W_hc"])
    np.testing.assert_allclose(c_t, c_tilde, atol=1e-6)
    np.testing.assert_allclose(h_t, np.tanh(c_tilde), atol=1e-6)


def test_shut_output_gate_shows_nothing():
    cell = cell_with_biases(b_o=-100)
    h_t, [_, c_t] = cell(random(B, D), [random(B, H), random(B, H, seed=1)])
    np.testing.assert_allclose(h_t, np.zeros((B, H)), atol=1e-30)
    assert np.abs(c_t).max() > 0.1


@pytest.mark.parametrize(
    ("unit_forget_bias", "expected"), [(True, 1), (False, 0)]
)
def test_forget_bias_starts_at_one(unit_forget_bias, expected):
    cell = LSTMCell(H, unit_forget_bias=unit_forget_bias)
    cell.build((None, D))
    w = values(cell)
    np.testing.assert_array_equal(w["b_f"], np.full(H, expected))
    for name in ("b_i", "b_c", "b_o"):
        np.testing.assert_array_equal(w[name], np.zeros(H))


@pytest.mark.parametrize("layer_class", [LSTM, LSTMCell])
def test_lstm_keeps_the_contract(layer_class, tmp_path):
    is_layer = layer_class is LSTM
    check_layer(
        layer_class,
        {"units": H, "return_sequences": True} if is_layer else {"units": H},
        random(B, T, D),
        WEIGHTS,
        tmp_path,
        as_layer=None if is_layer else under_keras_rnn,
        use_xla=is_layer,
    )


def test_no_argument_is_lost_in_the_config():
    arguments = {**GATED_ARGUMENTS, "unit_forget_bias": False}
    check_config(LSTMCell, arguments)
    check_config(LSTM, {**arguments, **LOOP_ARGUMENTS, "use_cudnn": False})
