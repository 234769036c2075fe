"""The naive ones by hand; the linear one against a series it can know."""

import numpy as np

from mitseq.tasks.forecast.baselines import (
    LinearAutoregression,
    lags_for,
    last_value,
    seasonal_naive,
)


def test_naive_forecasts_by_hand():
    values = np.array([1.0, 2, 3, 4, 5, 6])
    at = np.array([3, 5])
    assert last_value(values, at, 2).tolist() == [[4, 4], [6, 6]]
    assert seasonal_naive(values, at, 3, 2).tolist() == [[3, 4, 3], [5, 6, 5]]


def test_the_linear_one_is_least_squares():
    """Each step ahead on its own, as NumPy solves it."""
    values = np.random.default_rng(0).normal(size=80).cumsum()
    linear = LinearAutoregression(values[:60], horizon=2, lags=3)
    rows = np.array([[*values[t - 2 : t + 1], 1] for t in range(2, 58)])
    targets = np.array([values[t + 1 : t + 3] for t in range(2, 58)])
    weights, *_ = np.linalg.lstsq(rows, targets, rcond=None)
    expected = np.array([[*values[67:70], 1]]) @ weights
    found = linear.forecast(values, np.array([69]))
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_lags_leave_several_examples_for_each_weight():
    assert lags_for(2000, 12, 0) == 24
    assert lags_for(2000, 12, 12) == 24 and lags_for(2000, 12, 30) == 36
    assert lags_for(60, 12, 12) == 12 and lags_for(10, 9, 0) == 2
