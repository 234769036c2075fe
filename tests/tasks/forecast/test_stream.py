"""A value at a time gives what the whole gives, in a state that stays."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.tasks.forecast.evaluation import quantiles_of
from mitseq.tasks.forecast.faults import fault_scores
from mitseq.tasks.forecast.intervals import Calibration, calibrate
from mitseq.tasks.forecast.model import build_forecast_model
from mitseq.tasks.forecast.stream import (
    WARM,
    Stream,
    stream_coverage,
    surprise_of,
)
from tests.tasks.forecast.conftest import wave


@pytest.fixture(scope="module")
def faulty():
    model = build_forecast_model(
        horizon=2, cell="gru", units=3, lags=3, season=7, faults=True
    )
    rng = np.random.default_rng(0)
    weights = model.get_weights()
    model.set_weights([rng.normal(0, 0.5, w.shape) for w in weights])
    return model


@settings(max_examples=3, deadline=None)
@given(
    st.lists(st.floats(-1e4, 1e4, width=32), min_size=2, max_size=40),
    st.floats(1e-3, 1e3),
)
def test_step_by_step_is_as_the_whole(faulty, values, unit):
    values = unit * np.array(values)
    stream = Stream(faulty)
    answers = [stream.read(float(value)) for value in values]
    whole = calibrate(quantiles_of(faulty, values), values, Calibration(2))
    scale = 1e-4 * (1 + np.abs(values).max())
    for name, at in (("low", 1), ("next", 2), ("high", 3)):
        said = [getattr(answer, name) for answer in answers]
        np.testing.assert_allclose(said, whole[:, 0, at], atol=scale, rtol=1e-3)
    faults = fault_scores(faulty, values[None])[0]
    for answer in answers[WARM:]:
        assert abs(answer.fault - faults[answer.number - 1]) < 1e-3


def test_the_state_does_not_grow(faulty):
    """Nothing that a stream keeps is larger after 200 values than after 1."""

    def size(stream):
        arrays = [stream._calibration.widths, stream._calibration.said]
        return [np.size(each) for each in [*stream._states, *arrays]]

    stream = Stream(faulty)
    stream.read(1.0)
    before, traced = size(stream), stream._call.experimental_get_tracing_count()
    for value in wave(200):
        stream.read(value)
    assert size(stream) == before
    assert stream._call.experimental_get_tracing_count() == traced == 1


def test_a_model_without_faults_goes_by_the_surprise(model):
    values = wave(120)
    values[100] += 40
    stream = Stream(model)
    answers = [stream.read(value) for value in values]
    assert answers[100].is_fault and answers[100].surprise > 3
    assert sum(answer.is_fault for answer in answers[:100]) <= 2
    assert all(answer.fault is None for answer in answers[:WARM])
    careless = Stream(model, far=1e9)
    assert not any(careless.read(value).is_fault for value in values)


def test_what_is_no_number_leaves_the_state_as_it_was(model):
    streams = Stream(model), Stream(model)
    for value in wave(30):
        for stream in streams:
            stream.read(value)
    for wrong in (np.nan, np.inf, 1e35):
        with pytest.raises(MitseqError, match="`value` must be a number"):
            streams[0].read(wrong)
    assert streams[0].read(50.0) == streams[1].read(50.0)
    with pytest.raises(MitseqError, match="`score` must be between"):
        Stream(model, score=1.5)


def test_surprise_is_counted_in_widths_of_the_side():
    expected = np.array([-9.0, -1.0, 0.0, 4.0, 9.0])
    assert surprise_of(8.0, expected) == 2 and surprise_of(-3.0, expected) == 3


def test_next_values_are_within_the_intervals_as_often_as_they_say(model):
    covered = stream_coverage(model, np.array([wave(1000, 3), wave(1000, 4)]))
    assert abs(covered[80] - 0.8) < 0.05 and abs(covered[95] - 0.95) < 0.05


def test_where_zero_is_makes_no_difference(model):
    """A pressure in pascals, and the same from its first value on."""
    values = wave(60)
    near, far = Stream(model), Stream(model)
    for value in values:
        one, other = near.read(value), far.read(value + 1e7)
        assert abs(other.next - 1e7 - one.next) < 1e-2
        assert abs((other.high - other.low) - (one.high - one.low)) < 1e-2
