"""NaN and infinity are found, named, and training keeps good weights."""

import logging

import keras
import numpy as np
import pytest

from mitseq.layers.rnn import SimpleRNN
from mitseq.training.nan_guard import NaNGuard, first_bad

N, T, D = 16, 5, 2


@pytest.fixture
def model():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((T, D)), SimpleRNN(3, name="rnn")])
    model.compile(optimizer="adam", loss="mse", jit_compile=False)
    return model


def data():
    rng = np.random.default_rng(0)
    return (
        rng.normal(size=(N, T, D)).astype("float32"),
        rng.normal(size=(N, 3)).astype("float32"),
    )


def is_finite(model):
    return all(np.isfinite(w).all() for w in model.get_weights())


def fit(model, x, y, guard, **kwargs):
    return model.fit(
        x,
        y,
        batch_size=4,
        shuffle=False,
        verbose=0,
        callbacks=[guard],
        **kwargs,
    )


def test_training_that_is_well_is_left_alone(model):
    guard = NaNGuard(data()[0], every=2)
    history = fit(model, *data(), guard, epochs=2)
    assert guard.found is None
    assert len(history.history["loss"]) == 2


def test_nan_in_the_inputs_is_named_and_weights_stay(model, caplog):
    x, y = data()
    x[5, 3, 1] = np.nan
    before = model.get_weights()
    guard = NaNGuard({"x": x, "y": y})
    with caplog.at_level(logging.ERROR, logger="mitseq"):
        fit(model, x, y, guard, epochs=3)
    assert guard.found == "NaN in the input `x` at index (5, 3, 1)"
    assert guard.found in caplog.text
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    # The first batch did not stay in the optimizer either.
    fit(model, *data(), NaNGuard())
    assert is_finite(model)


def test_a_batch_that_spoils_the_loss_is_named_and_undone(model, caplog):
    x, y = data()
    y[9, 0] = np.inf  # batch 2
    guard = NaNGuard(every=1)
    with caplog.at_level(logging.ERROR, logger="mitseq"):
        history = fit(model, x, y, guard, epochs=3)
    assert guard.found.startswith("infinity in the loss at batch 2")
    assert "`sequential" in guard.found or "in the weight" in guard.found
    assert len(history.history["loss"]) == 1  # stopped
    assert is_finite(model)
    # The same as if only the two good batches had been seen.
    model_after = [w.copy() for w in model.get_weights()]
    keras.utils.set_random_seed(0)
    twin = keras.Sequential([keras.Input((T, D)), SimpleRNN(3)])
    twin.compile(optimizer="adam", loss="mse", jit_compile=False)
    fit(twin, x[:8], y[:8], NaNGuard())
    for ours, other in zip(model_after, twin.get_weights(), strict=True):
        np.testing.assert_allclose(ours, other, atol=1e-6)
    # The optimizer is good as well: training can go on with clean data.
    fit(model, *data(), NaNGuard())
    assert is_finite(model)


def test_a_bad_weight_is_named_with_its_layer(model):
    x, y = data()

    class Spoil(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            if batch == 3:
                W_hh = model.get_layer("rnn").cell.W_hh
                value = keras.ops.convert_to_numpy(W_hh.value).copy()
                value[1, 2] = np.nan
                W_hh.assign(value)

    guard = NaNGuard(every=1)
    model.fit(
        x,
        y,
        batch_size=4,
        epochs=3,
        verbose=0,
        callbacks=[Spoil(), guard],
    )
    assert "NaN in the loss at batch 3" in guard.found
    assert "in the weight `" in guard.found
    assert "rnn/" in guard.found
    assert is_finite(model)


def test_first_bad_finds_kind_and_place():
    assert first_bad(np.zeros((2, 2))) is None
    assert first_bad(np.array([[0, 1]])) is None
    assert first_bad(np.array(["text"])) is None
    assert first_bad([0.0, -np.inf]) == ("infinity", "index (1,)")


@pytest.mark.parametrize("every", [0, -1, 1.5, True])
def test_every_must_be_a_positive_int(every):
    with pytest.raises(ValueError, match="`every` must be a positive int.*Rec"):
        NaNGuard(every=every)
