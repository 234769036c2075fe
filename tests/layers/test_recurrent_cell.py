"""What every cell has in common; with the layers it is in test_recurrent.py."""

import numpy as np
import pytest

from mitseq.layers.equations import Packed
from mitseq.layers.lstm import LSTMCell
from mitseq.layers.recurrent_cell import RecurrentCell, affine
from mitseq.layers.rnn import SimpleRNNCell


def test_affine_adds_input_past_and_bias():
    x_t, h_prev = np.array([[1.0, 2.0]]), np.array([[3.0]])
    W_x, W_h, b = [[10.0], [100.0]], [[1000.0]], [0.5]
    assert float(affine(x_t, W_x, h_prev, W_h)[0, 0]) == 3210.0
    assert float(affine(x_t, W_x, h_prev, W_h, b)[0, 0]) == 3210.5


def test_each_gate_is_three_weights_by_its_letter():
    cell = LSTMCell(4)
    cell.build((None, 3))
    names = [f"{w}{gate}" for gate in "fico" for w in ("W_x", "W_h", "b_")]
    assert [weight.name for weight in cell.weights] == names
    assert cell.W_xf.shape == (3, 4) and cell.b_o.shape == (4,)


def test_states_begin_as_zeros():
    h, c = LSTMCell(4).get_initial_state(2)
    np.testing.assert_array_equal(h, np.zeros((2, 4)))
    np.testing.assert_array_equal(c, np.zeros((2, 4)))


@pytest.mark.parametrize(("activation", "known"), [("relu", 1), ("silu", 0)])
def test_weights_are_packed_where_the_derivative_is_written(activation, known):
    cell = SimpleRNNCell(4, activation)
    cell.build((None, 3))
    assert isinstance(cell.packed(), Packed if known else type(None))


def test_a_cell_of_ones_own_need_not_be_packed():
    assert RecurrentCell(2).packed() is None
