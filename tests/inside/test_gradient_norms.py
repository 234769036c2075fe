"""`GradientNorms` looks on, in `fit` and TensorBoard, and changes nothing."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from mitseq.inside.gradient_norms import GradientNorms, scalars
from mitseq.inside.gradients import gradient_flow
from mitseq.layers.gru import GRU
from mitseq.layers.lstm import LSTM
from mitseq.layers.rnn import SimpleRNN

B, T, D, H = 4, 6, 2, 3


def data():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(4 * B, T, D)).astype("float32")
    return x, rng.normal(size=(4 * B, H)).astype("float32")


def compiled(**compile_options):
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((T, D)),
            LSTM(H, return_sequences=True, dropout=0.2, name="first"),
            GRU(H, name="second"),
        ]
    )
    model.compile("adam", loss="mse", metrics=["mae"], **compile_options)
    return model


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Two epochs of four batches, watched every third."""
    x, y = data()
    model = compiled()
    folder = tmp_path_factory.mktemp("tensorboard")
    norms = GradientNorms(x[:B], y[:B], every=3, log_dir=folder)
    start = gradient_flow(model, x[:B], y[:B], "first")
    history = model.fit(
        x, y, batch_size=B, epochs=2, callbacks=[norms], verbose=0
    )
    return model, norms, folder, history.history, start


def test_looks_are_before_within_and_after_the_training(run):
    model, norms, _, _, start = run
    assert norms.batches == [0, 3, 6, 8]
    assert set(norms.flows) == {"first", "second"}
    for looks in [*norms.flows.values(), norms.weight_norms]:
        assert len(looks) == 4
    first = norms.flows["first"]
    np.testing.assert_allclose(first[0].dL_dh, start.dL_dh, rtol=1e-5)
    x, y = data()
    end = gradient_flow(model, x[:B], y[:B], "first")
    np.testing.assert_allclose(first[-1].dhT_dc, end.dhT_dc, rtol=1e-5)
    assert first[-1].matrices == end.matrices != first[0].matrices


def test_training_is_the_same_without_it(run):
    watched, _, _, history, _ = run
    x, y = data()
    model = compiled()
    alone = model.fit(x, y, batch_size=B, epochs=2, verbose=0)
    assert alone.history == history
    for a, b in zip(model.get_weights(), watched.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_tensorboard_has_the_curves(run):
    _, norms, folder, _, _ = run
    curves = read_tensorboard(folder)
    names = set(curves)
    assert "gradient_norms/weights" in names
    assert "gradient_norms/second/dL_dh/t=1" in names
    assert "gradient_norms/first/dhT_dc/t=6" in names
    assert "gradient_norms/first/spectral_radius/W_hf" in names
    assert "gradient_norms/second/largest_singular_value/W_hz" in names
    steps, values = curves["gradient_norms/first/dL_dh/t=1"]
    assert steps == norms.batches
    expected = [flow.dL_dh[0] for flow in norms.flows["first"]]
    np.testing.assert_allclose(values, expected, rtol=1e-6)


def read_tensorboard(folder):
    from tensorboard.backend.event_processing.event_accumulator import (
        EventAccumulator,
    )

    events = EventAccumulator(str(folder)).Reload()
    return {
        tag: (
            [e.step for e in events.Tensors(tag)],
            [
                float(tf.make_ndarray(e.tensor_proto))
                for e in events.Tensors(tag)
            ],
        )
        for tag in events.Tags()["tensors"]
    }


def test_chosen_layers_only_and_no_jacobian():
    x, y = data()
    model = compiled()
    norms = GradientNorms(x, y, layers=["second"], examples=0)
    model.fit(x, y, callbacks=[norms], verbose=0)
    assert list(norms.flows) == ["second"]
    assert norms.flows["second"][0].dhT_dh is None
    assert set(scalars(norms.flows["second"][0], steps=2)) == {
        "second/dL_dh/t=1",
        f"second/dL_dh/t={T}",
        *(
            f"second/{name}/{matrix}"
            for name in ("spectral_radius", "largest_singular_value")
            for matrix in ("W_hz", "W_hr", "W_hh")
        ),
    }


def test_weight_norm_is_what_clipping_looks_at():
    inputs = keras.Input((1, 1))
    layer = SimpleRNN(1, "linear", use_bias=False)
    model = keras.Model(inputs, layer(inputs))
    model.compile(keras.optimizers.SGD(0.0), loss=lambda y, h_T: 5 * h_T)
    x, y = np.full((1, 1, 1), 2.0), np.zeros((1, 1))
    norms = GradientNorms(x, y)
    model.fit(x, y, callbacks=[norms], verbose=0)
    # dL/dW_xh = 5 x = 10, dL/dW_hh = 5 h_0 = 0
    assert norms.weight_norms == pytest.approx([10.0, 10.0])


def test_what_cannot_be_watched_is_said():
    x, y = data()
    with pytest.raises(ValueError, match="`every` must be.*every=0"):
        GradientNorms(x, y, every=0)
    model = keras.Sequential([keras.Input((H,)), keras.layers.Dense(H)])
    model.compile(loss="mse")
    with pytest.raises(ValueError, match="`model` must have a SimpleRNN"):
        model.fit(y, y, callbacks=[GradientNorms(y, y)], verbose=0)
