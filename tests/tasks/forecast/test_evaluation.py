"""Errors from each origin, against a plain loop; chance is no success."""

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.forecast.baselines import LAST, LINEAR, SEASONAL
from mitseq.tasks.forecast.evaluation import (
    MODEL,
    Evaluation,
    Scores,
    evaluate_forecast,
    is_surely_better,
    quantiles_of,
)
from mitseq.tasks.forecast.intervals import Calibration, calibrate
from mitseq.tasks.forecast.sensors import random_walk
from tests.tasks.forecast.conftest import wave


@pytest.fixture(scope="module")
def found(model):
    return evaluate_forecast(model, wave(), season=20)


def test_each_value_of_the_end_is_an_origin(model, found):
    """H is 3 and 240 of 300 values are before the held-out end."""
    values = wave()
    said = calibrate(quantiles_of(model, values), values, Calibration(3))
    errors = {MODEL: [], LAST: [], SEASONAL: []}
    for t in range(239, 297):
        truth = values[t + 1 : t + 4]
        errors[MODEL].append(truth - said[t, :, 2])
        errors[LAST].append(truth - values[t])
        errors[SEASONAL].append(truth - values[t - 19 : t - 16])
    for name, each in errors.items():
        scores = found.scores[name]
        np.testing.assert_allclose(scores.errors, each, rtol=1e-6)
        np.testing.assert_allclose(scores.mae, np.abs(each).mean())
        np.testing.assert_allclose(scores.rmse, np.square(each).mean() ** 0.5)
    unit = np.abs(np.diff(values[:240])).mean()
    np.testing.assert_allclose(
        found.scores[LAST].mase, found.scores[LAST].mae / unit
    )
    np.testing.assert_allclose(found.ahead[MODEL], said[-1])
    np.testing.assert_allclose(found.ahead[LAST][:, 2], values[-1])


def test_who_is_better_is_said(found):
    assert found.naive == SEASONAL and found.best in (MODEL, LINEAR)
    assert "less error than the same time last season" in found.verdict()
    assert found.gain == pytest.approx(
        1 - found.scores[MODEL].mae / found.scores[SEASONAL].mae
    )
    told = found.scores[MODEL].as_dict()
    assert 0.6 < told["coverage"]["80"] < 0.97
    assert len(told["mae_by_step"]) == 3


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_on_a_random_walk_nothing_is_better_than_the_last_value(model, seed):
    found = evaluate_forecast(model, random_walk(600, seed))
    assert found.best == LAST
    assert found.verdict().startswith("nothing is better than the last value")


def test_a_rule_has_its_own_errors_as_intervals():
    found = evaluate_forecast_of_walk()
    low, high = found.ahead[LAST][:, 1], found.ahead[LAST][:, 3]
    errors = found.scores[LAST].errors
    np.testing.assert_allclose(
        high - low,
        np.quantile(errors, 0.9, 0) - np.quantile(errors, 0.1, 0),
        rtol=1e-5,
    )
    assert (np.diff(high - low) > 0).all()  # farther ahead, less is known


def evaluate_forecast_of_walk():
    from mitseq.tasks.forecast.model import build_forecast_model

    model = build_forecast_model(horizon=3, units=2, lags=2)
    return evaluate_forecast(model, random_walk(600, 5))


def test_neighbors_that_share_their_luck_count_less():
    """The same gains, one after another or in runs of 20 of a kind."""
    gains = np.where(np.arange(100) % 5 < 3, 1.0, -1.0)
    zero = np.zeros((100, 10))
    for order, sure in ((gains, True), (np.sort(gains), False)):
        errors = np.maximum(-order, 0)[:, None] + zero
        others = np.maximum(order, 0)[:, None] + zero
        assert is_surely_better(errors, others) is sure


def test_the_last_value_wins_by_itself_and_a_naive_one_is_named():
    small, large = np.full((50, 2), 0.1), np.full((50, 2), 1.0)
    scores = {
        MODEL: Scores(large, 1.0),
        LAST: Scores(large, 1.0),
        SEASONAL: Scores(small, 1.0),
    }
    found = Evaluation(scores, {}, 12, 200)
    assert found.verdict().startswith("nothing is better than the same time")
    scores[LINEAR] = Scores(small / 2, 1.0)
    assert "the linear autoregression is better than the model" in (
        Evaluation(scores, {}, 12, 200).verdict()
    )


def test_a_series_that_repeats_itself_exactly_has_a_verdict():
    zero, large = np.zeros((50, 2)), np.full((50, 2), 1.0)
    scores = {
        MODEL: Scores(large, 1.0),
        LAST: Scores(large, 1.0),
        SEASONAL: Scores(zero, 1.0),
    }
    found = Evaluation(scores, {}, 12, 200)
    assert found.verdict().startswith("nothing is better than the same time")
    assert found.gain == 0


def test_too_short_a_series_is_refused(model):
    with pytest.raises(MitseqError, match="b.csv: 20 values are too few"):
        evaluate_forecast(model, wave(20), source="b.csv")
