"""GRUCell and GRU against their equations, with the reset after and before.

What the three sequence layers share is in test_recurrent.py.
"""

import keras
import numpy as np
import pytest

from mitseq.layers.gru import GRU, GRUCell
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
    f"{symbol}{gate}" for gate in "zrh" for symbol in ("W_x", "W_h", "b_")
]


@pytest.fixture(params=[True, False], ids=["reset after", "reset before"])
def reset_after(request):
    return request.param


def cell_with_biases(reset_after=True, **biases):
    """A cell whose gates are forced open (100) or shut (-100) by the bias."""
    cell = GRUCell(H, reset_after=reset_after)
    cell.build((None, D))
    for name, bias in biases.items():
        getattr(cell, name).assign(np.full(H, bias, "float32"))
    return cell


def test_cell_equals_the_equations(reset_after):
    cell = GRUCell(
        H,
        reset_after=reset_after,
        bias_initializer=keras.initializers.RandomNormal(),
    )
    x_t, h_prev = random(B, D), random(B, H, seed=1)
    h_t, [state] = cell(x_t, [h_prev])
    expected = numpy_reference.gru_step(x_t, h_prev, values(cell), reset_after)
    np.testing.assert_allclose(h_t, expected, atol=1e-6)
    np.testing.assert_array_equal(h_t, state)


@pytest.mark.parametrize("masked", [False, True])
def test_gru_equals_numpy_over_time(reset_after, masked):
    layer = GRU(
        H,
        reset_after=reset_after,
        bias_initializer=keras.initializers.RandomNormal(),
        return_sequences=True,
        return_state=True,
    )
    x, h_0 = random(B, T, D), random(B, H, seed=1)
    mask = random(B, T, seed=2) > 0 if masked else None
    h_seq, h_T = layer(x, initial_state=[h_0], mask=mask)
    w = values(layer)
    expected, [last] = numpy_reference.over_time(
        lambda x_t, h: [numpy_reference.gru_step(x_t, h, w, reset_after)],
        x,
        [h_0],
        mask,
    )
    np.testing.assert_allclose(h_seq, expected, atol=1e-5)
    np.testing.assert_allclose(h_T, last, atol=1e-5)


def test_the_two_resets_differ():
    """Where r_t is neither 0 nor 1 it matters where it acts."""
    x_t, h_prev = random(B, D), random(B, H, seed=1)
    cells = [GRUCell(H, reset_after=after) for after in (True, False)]
    for cell in cells:
        cell.build((None, D))
    cells[1].set_weights(cells[0].get_weights()[:-1])  # b_hh is zero
    after, before = (cell(x_t, [h_prev])[0] for cell in cells)
    assert np.abs(after - before).max() > 1e-3


def test_open_update_gate_copies_the_state(reset_after):
    """z_t = 1 keeps the old state: h_t = z_t h_prev + (1 - z_t) h_tilde."""
    cell = cell_with_biases(reset_after, b_z=100)
    h_prev = random(B, H, seed=1)
    np.testing.assert_array_equal(cell(random(B, D), [h_prev])[0], h_prev)


def test_shut_gates_see_the_input_alone(reset_after):
    cell = cell_with_biases(reset_after, b_z=-100, b_r=-100)
    x_t = random(B, D)
    h_t, _ = cell(x_t, [random(B, H, seed=1)])
    np.testing.assert_allclose(
        h_t, np.tanh(x_t @ values(cell)["W_xh"]), atol=1e-6
    )


def test_recurrent_dropout_spares_the_copy(reset_after):
    """Where z_t is one the state survives, whatever the mask drops."""
    cell = GRUCell(H, reset_after=reset_after, recurrent_dropout=0.5, seed=1)
    cell.build((None, D))
    cell.b_z.assign(np.full(H, 100.0, "float32"))
    h_prev = random(B, H, seed=1)
    h_t, _ = cell(random(B, D), [h_prev], training=True)
    np.testing.assert_array_equal(h_t, h_prev)


@pytest.mark.parametrize("layer_class", [GRU, GRUCell])
def test_gru_keeps_the_contract(layer_class, reset_after, tmp_path):
    is_layer = layer_class is GRU
    arguments = {"units": H, "reset_after": reset_after}
    if is_layer:
        arguments["return_sequences"] = True
    check_layer(
        layer_class,
        arguments,
        random(B, T, D),
        [*WEIGHTS, "b_hh"] if reset_after else WEIGHTS,
        tmp_path,
        as_layer=None if is_layer else under_keras_rnn,
        use_xla=is_layer,
    )


def test_no_argument_is_lost_in_the_config():
    arguments = {**GATED_ARGUMENTS, "reset_after": False}
    check_config(GRUCell, arguments)
    check_config(GRU, {**arguments, **LOOP_ARGUMENTS, "use_cudnn": False})
