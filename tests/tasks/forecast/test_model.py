"""The model sees the past only, in any unit, and is saved whole."""

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.forecast.model import (
    build_forecast_model,
    has_faults,
    horizon_of,
    load_forecast_model,
    trunk_of,
)
from mitseq.tasks.forecast.pieces import look_back

SMALL = {"horizon": 2, "units": 4, "lags": 2, "season": 5}


def shaken(**options):
    """A model whose weights are not zero."""
    model = build_forecast_model(**SMALL | options)
    rng = np.random.default_rng(0)
    model.set_weights(
        [rng.normal(0, 0.3, w.shape) for w in model.get_weights()]
    )
    return model


def call(model, values):
    return keras.ops.convert_to_numpy(
        model(np.asarray(values, "float32")[..., None], training=False)
    )


@pytest.fixture(scope="module")
def values():
    return np.random.default_rng(0).normal(size=(2, 30)).cumsum(axis=1)


def test_the_future_does_not_change_what_was_said(values):
    model = shaken()
    changed = values.copy()
    changed[:, 20:] += 5
    before, after = call(model, values), call(model, changed)
    np.testing.assert_array_equal(before[:, :20], after[:, :20])
    assert (before[:, 20] != after[:, 20]).any()


def test_what_it_says_scales_with_the_series(values):
    model = shaken()
    np.testing.assert_allclose(
        call(model, values * 500), 500 * call(model, values), rtol=2e-2, atol=5
    )


def test_without_training_the_last_value_is_in_the_middle(values):
    q = call(build_forecast_model(**SMALL), values)
    np.testing.assert_allclose(
        q[..., 2], np.repeat(values[..., None], 2, axis=-1), rtol=1e-5
    )


@pytest.mark.parametrize("faults", [False, True])
def test_the_trunk_gives_what_the_model_gives(values, faults, tmp_path):
    model = shaken(faults=faults)
    assert horizon_of(model) == 2 and has_faults(model) is faults
    trunk = trunk_of(model)
    x = values.astype("float32")[..., None]
    seen = look_back(model, values)
    whole = keras.tree.flatten(model(x, training=False))
    for a, b in zip(whole, keras.tree.flatten(trunk(seen)), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
    model.save(tmp_path / "model.keras")
    loaded = load_forecast_model(tmp_path)
    for a, b in zip(
        whole, keras.tree.flatten(loaded(x, training=False)), strict=True
    ):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    "wrong",
    [
        {"cell": "window"},
        {"horizon": 0},
        {"units": 1.5},
        {"lags": 1},
        {"span": 1},
        {"season": -1},
    ],
)
def test_arguments_out_of_range_are_named(wrong):
    (name,) = wrong
    with pytest.raises(
        MitseqError, match=f"`{name}` must be .*Received: {name}"
    ):
        build_forecast_model(**SMALL | wrong)


def test_another_model_is_refused(tmp_path):
    x = keras.Input((None, 1))
    keras.Model(x, keras.layers.Dense(2)(x)).save(tmp_path / "model.keras")
    with pytest.raises(MitseqError, match="must be one that `mitseq forecast"):
        load_forecast_model(tmp_path)
    with pytest.raises(MitseqError, match="no such model"):
        load_forecast_model(tmp_path / "none")
