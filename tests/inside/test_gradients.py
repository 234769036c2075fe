"""|dL/dh_t| of a real training step, against loops written by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from mitseq.inside import gradients
from mitseq.inside.gradients import gradient_flow, gradients_through_time
from mitseq.layers.gru import GRU
from mitseq.layers.lstm import LSTM
from mitseq.layers.rnn import SimpleRNN

B, T, D, H = 3, 5, 2, 4
LAYERS = {"rnn": SimpleRNN, "lstm": LSTM, "gru": GRU}


def data(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def compiled(*layers, loss="mse"):
    model = keras.Sequential([keras.Input((T, D)), *layers])
    model.compile(optimizer="adam", loss=loss)
    return model


@pytest.mark.parametrize("kind", LAYERS)
def test_norms_equal_those_of_a_loop_by_hand(kind):
    layer = LAYERS[kind](H, return_sequences=True)
    model = compiled(layer, keras.layers.Dense(1))
    x, y = data(B, T, D), data(B, T, 1, seed=1)
    got = gradients_through_time(model, x, y)
    states, h_seq = layer.cell.get_initial_state(B), []
    with tf.GradientTape() as tape:
        tape.watch(states)
        for t in range(T):
            h_t, states = layer.cell(tf.constant(x[:, t]), states)
            h_t = states[0]
            h_seq.append(h_t)
        prediction = model.layers[-1](tf.stack(h_seq, axis=1))
        loss = tf.reduce_mean((prediction - y) ** 2)
    expected = [np.linalg.norm(g) for g in tape.gradient(loss, h_seq)]
    np.testing.assert_allclose(got, expected, rtol=1e-5)


@pytest.mark.parametrize("w", [0.5, 1.0, 2.0])
def test_one_linear_unit_gives_powers_of_its_weight(w):
    layer = SimpleRNN(1, activation="linear", use_bias=False)
    model = compiled(layer, loss=lambda y, h_T: h_T)
    layer.set_weights([np.ones((D, 1)), np.full((1, 1), w)])
    norms = gradients_through_time(model, data(1, T, D), np.zeros((1, 1)))
    np.testing.assert_allclose(norms, w ** np.arange(T - 1.0, -1, -1))


def test_the_model_is_not_changed():
    layer = GRU(H, dropout=0.5, recurrent_dropout=0.5, seed=1)
    model = compiled(layer)
    x, y = data(B, T, D), data(B, H, seed=1)
    model.train_on_batch(x, y)
    before = [keras.ops.convert_to_numpy(v.value) for v in model.variables]
    once = gradients_through_time(model, x, y)
    for variable, value in zip(model.variables, before, strict=True):
        np.testing.assert_array_equal(
            keras.ops.convert_to_numpy(variable.value), value
        )
    assert "inner_loop" not in vars(layer)
    # The same dropout masks are drawn again; without dropout it differs.
    np.testing.assert_allclose(gradients_through_time(model, x, y), once)
    other = gradients_through_time(model, x, y, training=False)
    assert np.abs(other - once).max() > 1e-6


def test_masked_steps_only_hand_the_gradient_on():
    inputs = keras.Input((T,), dtype="int32")
    embedded = keras.layers.Embedding(5, D, mask_zero=True)(inputs)
    model = keras.Model(inputs, LSTM(H)(embedded))
    model.compile(loss="mse")
    ids, y = np.array([[1, 2, 3, 0, 0]]), data(1, H)
    norms = gradients_through_time(model, ids, y)
    # nothing happens between step 3 and the end
    np.testing.assert_allclose(norms[2:], norms[2])
    assert norms[1] != pytest.approx(norms[2])


def test_layers_are_found_by_name_and_inside_bidirectional():
    model = compiled(
        keras.layers.Bidirectional(LSTM(H, return_sequences=True), name="both"),
        GRU(H, name="second"),
    )
    x, y = data(B, T, D), data(B, H, seed=1)
    first = gradients_through_time(model, x, y)
    backward = gradients_through_time(
        model, x, y, model.get_layer("both").backward_layer
    )
    second = gradients_through_time(model, x, y, "second")
    assert len(first) == len(backward) == len(second) == T
    assert len({tuple(first), tuple(backward), tuple(second)}) == 3


def test_what_cannot_be_derived_is_said():
    x, y = data(B, T, D), data(B, H)
    with pytest.raises(ValueError, match="`layer` must be a SimpleRNN.*None"):
        gradients_through_time(compiled(keras.layers.Dense(H)), x, y)
    model = keras.Sequential([keras.Input((T, D)), LSTM(H)])
    with pytest.raises(ValueError, match="`model` must be compiled.*Received"):
        gradients_through_time(model, x, y)
    inputs = keras.Input((T, D))
    layer = GRU(D, return_sequences=True)
    twice = keras.Model(inputs, layer(layer(inputs)))
    twice.compile(loss="mse")
    with pytest.raises(ValueError, match="`layer` must be used once"):
        gradients_through_time(twice, x, data(B, T, D))


@pytest.mark.parametrize("kind", LAYERS)
def test_jacobian_equals_one_gradient_for_each_unit(kind):
    layer = LAYERS[kind](H)
    x = data(B, T, D)
    flow = gradient_flow(compiled(layer), x, data(B, H), examples=2)
    expected = {"h": [], "c": []}
    for b in range(2):
        states, kept = layer.cell.get_initial_state(1), []
        with tf.GradientTape(persistent=True) as tape:
            for t in range(T):
                _, states = layer.cell(tf.constant(x[b : b + 1, t]), states)
                states = [tf.identity(s) for s in states]
                tape.watch(states)
                kept.append(states)
            units = tf.unstack(states[0][0])
        for i, name in enumerate("hc"[: len(states)]):
            sources = [s[i] for s in kept]
            rows = [
                tape.gradient(u, sources, unconnected_gradients="zero")
                for u in units
            ]  # H x T x (1, H)
            J = np.stack([[g[0] for g in row] for row in rows], axis=1)
            expected[name].append(np.linalg.norm(J, 2, axis=(1, 2)))
    np.testing.assert_allclose(
        flow.dhT_dh, np.mean(expected["h"], axis=0), rtol=1e-4
    )
    if kind == "lstm":
        np.testing.assert_allclose(
            flow.dhT_dc, np.mean(expected["c"], axis=0), rtol=1e-4, atol=1e-7
        )
    else:
        assert flow.dhT_dc is None and flow.dL_dc is None


def test_jacobian_is_the_same_in_small_pieces(monkeypatch):
    model, x, y = compiled(LSTM(H)), data(B, T, D), data(B, H)
    whole = gradient_flow(model, x, y)
    monkeypatch.setattr(gradients, "MOST_NUMBERS", 3 * T * H)  # 3 rows, then 1
    pieces = gradient_flow(model, x, y)
    np.testing.assert_allclose(pieces.dhT_dh, whole.dhT_dh, rtol=1e-5)
    assert whole.dhT_dh[-1] == pytest.approx(1.0)


def test_open_forget_gate_lets_the_cell_state_gradient_through_unchanged():
    """f = 1 at every step: dL/dc_t is the same for all t, dL/dh_t is not."""
    layer = LSTM(H, kernel_initializer="zeros", recurrent_initializer="zeros")
    model = compiled(layer)
    layer.cell.b_f.assign([30.0] * H)
    flow = gradient_flow(model, data(B, T, D), data(B, H, seed=1))
    np.testing.assert_allclose(flow.dL_dc[:-1], flow.dL_dc[0], rtol=1e-5)
    assert flow.dL_dc[0] > 0
    np.testing.assert_allclose(flow.dL_dh[:-1], 0, atol=1e-7)


def test_jacobian_of_masked_steps_is_the_identity():
    inputs = keras.Input((T,), dtype="int32")
    embedded = keras.layers.Embedding(5, D, mask_zero=True)(inputs)
    model = keras.Model(inputs, GRU(H)(embedded))
    model.compile(loss="mse")
    ids = np.array([[1, 2, 3, 0, 0]])
    flow = gradient_flow(model, ids, data(1, H))
    np.testing.assert_allclose(flow.dhT_dh[2:], 1.0, rtol=1e-5)
    assert flow.dhT_dh[1] != pytest.approx(1.0)


def test_gradient_beyond_all_numbers_is_nan_not_an_error():
    inputs = keras.Input((None, 2))
    rnn = SimpleRNN(2, "linear", recurrent_initializer="identity")
    model = keras.Model(inputs, rnn(inputs))
    rnn.cell.W_hh.assign(3.0 * np.eye(2))
    model.compile(loss="mse")
    x = np.full((1, 100, 2), 1e-20, "float32")
    flow = gradient_flow(model, x, np.ones((1, 2)))
    # 3^99 is more than float32 can hold, 3^49 is not
    expected = [np.nan, 3.0**49, 1]
    np.testing.assert_allclose(flow.dhT_dh[[0, 50, -1]], expected, rtol=1e-5)
