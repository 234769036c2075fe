"""The slide's MyRNNCell: one call, three callers."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from mitseq.layers.my_rnn_cell import MyRNNCell
from mitseq.layers.rnn import SimpleRNNCell, rnn_step
from tests import numpy_reference
from tests.layer_contract import check_config, check_layer, under_keras_rnn
from tests.layers.arrays import random, values

B, T, D, H, O = 4, 6, 3, 5, 2  # noqa: E741


def over_time(cell, x):
    """The notes' loop: the caller keeps the hidden state."""
    hidden_state, predictions = np.zeros((len(x), cell.rnn_units)), []
    for t in range(x.shape[1]):
        prediction, hidden_state = cell(x[:, t], hidden_state)
        predictions.append(prediction)
    return ops.stack(predictions, axis=1), hidden_state


def test_my_rnn_cell_keeps_the_contract(tmp_path):
    check_layer(
        MyRNNCell,
        {"rnn_units": H, "input_dim": D, "output_dim": O},
        random(B, T, D),
        ["W_xh", "W_hh", "W_hy"],
        tmp_path,
        as_layer=under_keras_rnn,
    )


def test_my_rnn_cell_equals_numpy():
    cell = MyRNNCell(H, D, O)
    x, h_prev = random(B, D), random(B, H, seed=1)
    output, h = cell(x, h_prev)
    expected = numpy_reference.my_rnn_step(x, h_prev, values(cell))
    np.testing.assert_allclose(output, expected[0], atol=1e-6)
    np.testing.assert_allclose(h, expected[1], atol=1e-6)


def test_three_callers_agree():
    cell, x = MyRNNCell(H, D, O), random(B, T, D)
    notes, hidden_state = over_time(cell, x)

    slide = []
    for t in range(T):
        output, h = cell(x[:, t])
        assert h is cell.h
        slide.append(output)

    inputs = keras.Input((None, D))
    outputs = keras.layers.RNN(cell, return_sequences=True, return_state=True)(
        inputs
    )
    sequence, last = keras.Model(inputs, outputs).predict(x, verbose=0)

    np.testing.assert_allclose(ops.stack(slide, axis=1), notes, atol=1e-6)
    np.testing.assert_allclose(cell.h, hidden_state, atol=1e-6)
    np.testing.assert_allclose(sequence, notes, atol=1e-6)
    np.testing.assert_allclose(last, hidden_state, atol=1e-6)


def test_my_rnn_cell_equals_simple_rnn_cell_and_rnn_step():
    my_cell, cell = MyRNNCell(H, D, O), SimpleRNNCell(H, use_bias=False)
    x, h_prev = random(B, D), random(B, H, seed=1)
    cell.build((None, D))
    cell.set_weights(my_cell.get_weights()[:2])
    _, h = my_cell(x, h_prev)
    h_t, [state] = cell(x, [h_prev])
    np.testing.assert_array_equal(h, h_t)
    np.testing.assert_array_equal(h, state)
    np.testing.assert_array_equal(
        h, rnn_step(x, h_prev, my_cell.W_xh.value, my_cell.W_hh.value)
    )


def test_the_notes_list_of_zeros_is_a_hidden_state():
    cell, x = MyRNNCell(4, D, O), random(1, D)
    prediction, hidden_state = cell(x, [0, 0, 0, 0])
    expected, h = cell(x, np.zeros((1, 4)))
    np.testing.assert_array_equal(prediction, expected)
    np.testing.assert_array_equal(hidden_state, h)
    assert hidden_state.shape == (1, 4)


def test_plain_numbers_are_the_state_of_every_row():
    cell, x = MyRNNCell(2, D, O), random(B, D)
    _, h = cell(x, [0.5, -1])
    _, expected = cell(x, np.tile([[0.5, -1.0]], (B, 1)))
    np.testing.assert_allclose(h, expected, atol=1e-6)


def test_state_is_kept_between_calls_until_reset():
    cell, x = MyRNNCell(H, D, O), random(B, D)
    first, _ = cell(x)
    second, _ = cell(x)
    assert np.abs(first - second).max() > 1e-3
    cell.reset_state()
    assert cell.h is None
    np.testing.assert_array_equal(cell(x)[0], first)


def test_a_passed_state_leaves_the_kept_one_alone():
    cell, x = MyRNNCell(H, D, O), random(B, D)
    _, kept = cell(x)
    cell(x, np.ones((B, H)))
    assert cell.h is kept


@pytest.mark.parametrize("keeps_state", [True, False])
def test_gradient_of_the_last_state_reaches_the_first_input(keeps_state):
    """A state in a tf.Variable would cut it without a word."""
    cell = MyRNNCell(H, D, O)
    x = [tf.constant(random(B, D, seed=t)) for t in range(T)]
    with tf.GradientTape() as tape:
        tape.watch(x)
        h = None if keeps_state else np.zeros((B, H))
        for x_t in x:
            output, h = cell(x_t) if keeps_state else cell(x_t, h)
        loss = tf.reduce_sum(h)
    first, *_, last = tape.gradient(loss, x)
    assert np.abs(first).min() > 0
    # The chain rule by hand, for the step before the last and back.
    w = values(cell)
    states = [np.zeros((B, H))]
    for x_t in x:
        states.append(numpy_reference.rnn_step(x_t.numpy(), states[-1], w))
    dh = np.ones((B, H))
    for h_t in reversed(states[1:]):
        dz = dh * (1 - h_t**2)
        dh = dz @ w["W_hh"].T
    np.testing.assert_allclose(first, dz @ w["W_xh"].T, atol=1e-5)


def test_stacked_cells_under_keras_rnn():
    cells = [MyRNNCell(H, D, O), MyRNNCell(4, O, 3)]
    x = random(B, T, D)
    inputs = keras.Input((None, D))
    model = keras.Model(
        inputs, keras.layers.RNN(cells, return_sequences=True)(inputs)
    )
    middle, _ = over_time(cells[0], x)
    expected, _ = over_time(cells[1], middle)
    np.testing.assert_allclose(model.predict(x, verbose=0), expected, atol=1e-6)


def test_without_a_state_a_graph_is_refused_with_the_way_out():
    cell, x = MyRNNCell(H, D, O), tf.constant(random(B, D))
    way_out = r"output, h = cell\(x, h\).*keras.layers.RNN\(cell\)"
    with pytest.raises(RuntimeError, match=way_out):
        tf.function(cell)(x)
    with pytest.raises(RuntimeError, match=way_out):
        cell(keras.Input((D,)))
    # It still works afterwards: nothing leaked out of the graph.
    cell(x)
    graph = tf.function(lambda x, h: cell(x, h))
    np.testing.assert_allclose(
        graph(x, tf.zeros((B, H)))[0],
        cell(x, np.zeros((B, H)))[0],
        atol=1e-6,
    )


def test_kept_state_of_another_batch_is_refused():
    cell = MyRNNCell(H, D, O)
    cell(random(B, D))
    with pytest.raises(ValueError, match=r"`reset_state\(\)`.*\(2, 3\)"):
        cell(random(2, D))
    cell.reset_state()
    assert cell(random(2, D))[0].shape == (2, O)


@pytest.mark.parametrize("shape", [(B, H + 1), (B + 1, H), (H - 1,)])
def test_passed_state_of_another_size_is_refused(shape):
    with pytest.raises(ValueError, match="The hidden state must have"):
        MyRNNCell(H, D, O)(random(B, D), np.zeros(shape))


def test_input_of_another_size_is_refused():
    with pytest.raises(ValueError, match="expected axis -1 .* value 3"):
        MyRNNCell(H, D, O)(random(B, D + 1))


@pytest.mark.parametrize("name", ["rnn_units", "input_dim", "output_dim"])
@pytest.mark.parametrize("size", [0, -1, 1.5, "3", None])
def test_sizes_must_be_positive_ints(name, size):
    arguments = {"rnn_units": H, "input_dim": D, "output_dim": O, name: size}
    with pytest.raises(ValueError, match=f"`{name}` must be a positive int"):
        MyRNNCell(**arguments)


def test_no_argument_is_lost_in_the_config():
    check_config(MyRNNCell, {"rnn_units": 7, "input_dim": 2, "output_dim": 3})
