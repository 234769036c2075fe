"""Where each weight goes; that whole models agree is in test_convert.py."""

import keras
import numpy as np
import pytest

import mitseq
from mitseq.errors import MitseqError
from mitseq.layers.convert import from_keras
from mitseq.layers.convert_weights import all_inside, move

L = keras.layers


def test_the_gates_stand_where_the_slides_name_them():
    """By hand: only the forget gate, or the update gate, is open."""
    layer = L.LSTM(2)
    layer.build((None, None, 1))
    kernel, recurrent, _ = layer.get_weights()
    bias = np.repeat([1.0, 2.0, 3.0, 4.0], 2)  # i, f, c, o
    layer.set_weights([kernel, recurrent, bias])
    cell = from_keras(layer).cell
    found = [cell.b_i, cell.b_f, cell.b_c, cell.b_o]
    assert [float(b[0]) for b in found] == [1.0, 2.0, 3.0, 4.0]
    layer = L.GRU(1)
    layer.build((None, None, 1))
    bias = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
    layer.set_weights([*layer.get_weights()[:2], bias])
    cell = from_keras(layer).cell
    found = [cell.b_z, cell.b_r, cell.b_h, cell.b_hh]
    assert [float(b[0]) for b in found] == [11.0, 22.0, 3.0, 30.0]


def test_kept_states_come_along():
    layer, x = L.GRU(3, stateful=True), np.ones((2, 4, 3), "float32")
    first = layer(x)
    converted = from_keras(layer)
    second = converted(x)  # each goes on from its first batch
    np.testing.assert_allclose(second, layer(x), atol=1e-6)
    assert np.abs(second - first).max() > 1e-3


def test_every_layer_in_keras_s_containers_is_found():
    inner = keras.Sequential(
        [keras.Input((None, 2)), L.Bidirectional(L.GRU(2))]
    )
    cells = L.RNN([L.LSTMCell(2), mitseq.LSTMCell(2)])
    inputs = keras.Input((3, None, 2))
    model = keras.Model(inputs, cells(L.TimeDistributed(inner)(inputs)))
    names = [type(each).__name__ for each in all_inside(model)]
    assert names.count("LSTMCell") == names.count("GRU") == 2
    assert {"Sequential", "StackedRNNCells", "Bidirectional"} < set(names)


def test_a_layer_whose_inside_changed_is_named():
    one, other = L.Dense(2, name="one"), L.Dense(3, name="other")
    for layer in (one, other):
        layer.build((None, 4))
    with pytest.raises(MitseqError, match="'one'.*makes layers of its own"):
        move(one, other)
