"""Pieces are of the series, others in each epoch; sensors come with faults."""

import keras
import numpy as np
import pytest

from mitseq.tasks.forecast.model import build_forecast_model
from mitseq.tasks.forecast.pieces import (
    RARE,
    UNSURE,
    FaultySensors,
    Pieces,
    look_back,
    sensor_batch,
)
from mitseq.tasks.forecast.sensors import Sensors


@pytest.fixture(scope="module")
def model():
    return build_forecast_model(horizon=2, units=2, lags=2, season=3)


def test_the_past_is_what_the_layer_sees(model):
    values = np.random.default_rng(0).normal(size=(2, 20))
    layer = model.get_layer("look_back")
    expected = layer(values[..., None].astype("float32"))
    np.testing.assert_allclose(look_back(model, values), expected, atol=1e-5)


def test_a_piece_knows_all_of_the_past_and_what_follows(model):
    values = np.arange(300.0) ** 1.5
    pieces = Pieces(model, values, seed=0, steps=2, batch=4)
    pieces.start(1)
    seen, targets, weights = pieces[1]
    whole = look_back(model, values[None])[0]
    for row in range(4):
        start = int(np.abs(values - seen[row, 0, -3]).argmin())
        at = start + np.arange(seen.shape[1])
        np.testing.assert_allclose(seen[row], whole[at], rtol=1e-5)
        np.testing.assert_allclose(
            targets[row, :, 1], values[at + 2], rtol=1e-6
        )
    assert not weights[:, :UNSURE].any() and (weights[:, UNSURE:] > 0).all()


def test_epochs_differ_and_come_again(model):
    pieces = Pieces(model, np.arange(300.0), seed=0, steps=1, batch=8)
    drawn = []
    for epoch in (1, 2, 1):
        pieces.start(epoch)
        drawn.append(pieces[0][0])
    np.testing.assert_array_equal(drawn[0], drawn[2])
    assert (drawn[0] != drawn[1]).any()


def test_a_short_series_has_short_pieces(model):
    pieces = Pieces(model, np.arange(12.0), seed=0, steps=1, batch=2)
    seen, targets, weights = pieces[0]
    assert seen.shape[1] == targets.shape[1] == 5 and weights.any()


def test_sensors_are_forecast_as_if_whole_and_spikes_count_more():
    model = build_forecast_model(horizon=1, units=2, lags=2, faults=True)
    clean = np.sin(np.arange(60.0))[None]
    values, faults = clean.copy(), np.zeros((1, 60), int)
    values[0, 30], faults[0, 30], faults[0, 40:44] = 9, 1, 2
    x, (targets, is_fault), (_, asked) = sensor_batch(
        model, Sensors(values, clean, faults)
    )
    np.testing.assert_allclose(targets[0, 29], clean[0, 30], rtol=1e-6)
    assert x[0, 30, -3] == 9
    assert np.flatnonzero(is_fault[0, :, 0]).tolist() == [30, 40, 41, 42, 43]
    assert asked[0, 30] == RARE and asked[0, 41] == asked[0, 50] == 1
    assert not asked[0, :UNSURE].any()


def test_without_faults_sensors_are_only_forecast(model):
    batches = FaultySensors(model, seed=0, steps=2, batch=3, length=50)
    shapes = [each.shape for each in keras.tree.flatten(batches[1])]
    assert shapes == [
        (3, 48, model.get_layer("look_back").cell.output_size),
        (3, 48, 2),
        (3, 48),
    ]
