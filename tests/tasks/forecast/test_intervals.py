"""Intervals cover what they say, whoever the model is, from the past alone."""

import numpy as np
import pytest

from mitseq.tasks.forecast.evaluation import coverage_of
from mitseq.tasks.forecast.intervals import RATE, Calibration, calibrate
from mitseq.tasks.forecast.windows import next_values


@pytest.mark.parametrize("width", [0.2, 1.0, 5.0])
def test_they_cover_what_they_say_however_sure_the_model_is(width):
    """Noise around 0, and a model whose widths are wrong by a factor."""
    rng = np.random.default_rng(0)
    values, H = rng.normal(size=3000), 3
    ends = width * np.array([-1.96, -1.28, 0, 1.28, 1.96])
    said = np.tile(ends, (3000, H, 1))
    right = calibrate(said, values, Calibration(H))
    at = np.arange(1000, 3000 - H)
    covered = coverage_of(right[at], next_values(values, H)[at])
    assert abs(covered[80] - 0.80) < 0.02 and abs(covered[95] - 0.95) < 0.02


def test_an_interval_is_widened_by_a_value_beyond_it_and_not_before():
    calibration = Calibration(2)
    q = np.array([[-2.0, -1, 0, 1, 2]] * 2)
    np.testing.assert_allclose(calibration.forecast(q), q)
    calibration.observe(1.5)  # beyond the 80 %, for one step ahead
    now = calibration.forecast(q)
    np.testing.assert_allclose(now[0, 3], np.exp(RATE * 0.9))
    np.testing.assert_allclose(now[0, 1], -np.exp(-RATE * 0.1))
    np.testing.assert_allclose(now[1], q[1])  # nothing is known of two steps
    calibration.observe(-3)
    # what was said two values ago for two steps ahead is about this one
    assert calibration.forecast(q)[1, 1] < -1


def test_the_future_does_not_change_an_interval():
    rng = np.random.default_rng(0)
    values = rng.normal(size=50)
    said = np.sort(rng.normal(size=(50, 2, 5)), axis=-1)
    before = calibrate(said, values, Calibration(2))
    values[30:] += 9
    after = calibrate(said, values, Calibration(2))
    np.testing.assert_array_equal(before[:30], after[:30])
    assert (np.diff(after, axis=-1) >= 0).all()
