"""Gates and states of a trained model are those of the equations."""

import keras
import numpy as np
import pytest
from keras import ops

from mitseq.inside.cell import correlations, gate_values
from mitseq.layers.gru import GRU
from mitseq.layers.lstm import LSTM
from mitseq.layers.rnn import SimpleRNN

B, T, D, H = 3, 6, 2, 4


def data(seed=0):
    return np.random.default_rng(seed).normal(size=(B, T, D)).astype("float32")


def model_of(layer):
    inputs = keras.Input((T, D))
    return keras.Model(inputs, keras.layers.Dense(1)(layer(inputs)))


def sequences_of(layer, x):
    """The layer's own outputs, by its fast path."""
    twin = type(layer).from_config(
        {**layer.get_config(), "return_sequences": True}
    )
    twin.build(x.shape)
    twin.set_weights(layer.get_weights())
    return ops.convert_to_numpy(twin(x))


def test_lstm_gates_and_states_obey_the_slides_equations():
    layer, x = LSTM(H), data()
    layer.build(x.shape)
    layer.cell.b_f.assign(np.linspace(-1, 1, H))
    v = gate_values(model_of(layer), x)
    assert list(v) == ["f", "i", "c_tilde", "o", "c", "h"]
    c_prev = np.concatenate([np.zeros((B, 1, H)), v["c"][:, :-1]], axis=1)
    np.testing.assert_allclose(
        v["c"], v["f"] * c_prev + v["i"] * v["c_tilde"], atol=1e-6
    )
    np.testing.assert_allclose(v["h"], v["o"] * np.tanh(v["c"]), atol=1e-6)
    np.testing.assert_allclose(v["h"], sequences_of(layer, x), atol=1e-6)
    # the first step by hand: h_0 = 0
    W_xf, b_f = (
        ops.convert_to_numpy(w) for w in (layer.cell.W_xf, layer.cell.b_f)
    )
    np.testing.assert_allclose(
        v["f"][:, 0], 1 / (1 + np.exp(-(x[:, 0] @ W_xf + b_f))), rtol=1e-5
    )


@pytest.mark.parametrize("reset_after", [True, False])
def test_gru_gates_and_state_obey_the_equations(reset_after):
    layer, x = GRU(H, reset_after=reset_after), data()
    v = gate_values(model_of(layer), x)
    assert list(v) == ["z", "r", "h_tilde", "h"]
    h_prev = np.concatenate([np.zeros((B, 1, H)), v["h"][:, :-1]], axis=1)
    np.testing.assert_allclose(
        v["h"], v["z"] * h_prev + (1 - v["z"]) * v["h_tilde"], atol=1e-6
    )
    np.testing.assert_allclose(v["h"], sequences_of(layer, x), atol=1e-6)


def test_backwards_values_stand_at_their_inputs():
    layer, x = GRU(H, go_backwards=True), data()
    v = gate_values(model_of(layer), x)
    outputs = sequences_of(layer, x)  # in the order in which they are made
    np.testing.assert_allclose(v["h"], outputs[:, ::-1], atol=1e-6)


def test_masked_steps_have_no_gates_and_keep_the_states():
    ids = keras.Input((4,), dtype="int32")
    embedded = keras.layers.Embedding(5, D, mask_zero=True)(ids)
    model = keras.Model(ids, LSTM(H)(embedded))
    v = gate_values(model, np.array([[1, 2, 0, 3]]))
    assert np.isnan(v["f"][0, 2]).all()
    assert np.isfinite(v["f"][0, [0, 1, 3]]).all()
    np.testing.assert_array_equal(v["c"][0, 2], v["c"][0, 1])
    assert (v["c"][0, 3] != v["c"][0, 2]).any()


def test_layer_is_chosen_by_name_and_the_model_is_not_changed():
    inputs = keras.Input((T, D), batch_size=B)
    first = SimpleRNN(H, return_sequences=True, stateful=True, name="first")
    model = keras.Model(inputs, LSTM(2, name="second")(first(inputs)))
    x = data()
    model(x)
    before = [ops.convert_to_numpy(v.value) for v in model.variables]
    assert list(gate_values(model, x)) == ["h"]
    assert gate_values(model, x, "second")["c"].shape == (B, T, 2)
    for variable, value in zip(model.variables, before, strict=True):
        np.testing.assert_array_equal(
            ops.convert_to_numpy(variable.value), value
        )
    assert "inner_loop" not in vars(first)


def test_what_has_no_cell_is_said():
    dense = keras.Sequential([keras.Input((D,)), keras.layers.Dense(1)])
    with pytest.raises(ValueError, match="`layer` must be a SimpleRNN"):
        gate_values(dense, np.ones((1, D)))
    inputs = keras.Input((T, D))
    layer = GRU(D, return_sequences=True)
    twice = keras.Model(inputs, layer(layer(inputs)))
    with pytest.raises(ValueError, match="`layer` must be used once"):
        gate_values(twice, data())


def test_correlations_equal_numpys_and_skip_what_does_not_count():
    rng = np.random.default_rng(0)
    values, signal = rng.normal(size=(B, T, H)), rng.normal(size=(B, T))
    signal[0, 0] = np.nan
    flat, y = values.reshape(-1, H)[1:], signal.ravel()[1:]
    expected = [np.corrcoef(flat[:, k], y)[0, 1] for k in range(H)]
    np.testing.assert_allclose(correlations(values, signal), expected)
    assert (correlations(np.ones((5, 2)), np.arange(5.0)) == 0).all()
