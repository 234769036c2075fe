"""How good is a forecaster? From each place in the held-out end, look ahead.

The origin rolls: after each value of the last fifth the next H are forecast,
by the model and by what it has to be better than, and compared with what came.
Whether it is better by more than chance is asked, too: on a random walk nothing
is better than the last value, and then that is the answer.

Letters: T values, H horizon, N origins, Q quantiles.
"""

import dataclasses

import keras
import numpy as np
import tensorflow as tf

from mitseq.tasks.forecast.baselines import (
    LAST,
    LINEAR,
    SEASONAL,
    LinearAutoregression,
    lags_for,
    last_value,
    seasonal_naive,
)
from mitseq.tasks.forecast.held_out import check_length, held_out_from
from mitseq.tasks.forecast.intervals import Calibration, calibrate
from mitseq.tasks.forecast.model import (
    INTERVALS,
    LEVELS,
    MIDDLE,
    horizon_of,
    trunk_of,
)
from mitseq.tasks.forecast.pieces import look_back
from mitseq.tasks.forecast.windows import from_first, next_values

MODEL = "the model"
SURE = 1.645  # standard errors: one chance in twenty that it is none


@dataclasses.dataclass(frozen=True)
class Scores:
    """How far off one forecaster is.

    Args:
        errors: `(N, H)`, what came minus what was said.
        unit: The mean change from a value to the next, before the held-out end.
        coverage: Interval -> share of the values in it; None if it has none.
    """

    errors: np.ndarray
    unit: float
    coverage: dict[int, float] | None = None

    @property
    def mae(self) -> float:
        """Mean absolute error."""
        return float(np.abs(self.errors).mean())

    @property
    def rmse(self) -> float:
        """Root of the mean squared error."""
        return float(np.sqrt(np.square(self.errors).mean()))

    @property
    def mase(self) -> float:
        """Mean absolute error in mean changes from a value to the next."""
        return self.mae / self.unit

    @property
    def by_step(self) -> np.ndarray:
        """Mean absolute error 1, 2, ... H steps ahead."""
        return np.abs(self.errors).mean(axis=0)

    def as_dict(self) -> dict:
        """Returns all of it, for `--json`."""
        told = {"mae": self.mae, "mase": self.mase, "rmse": self.rmse}
        told["mae_by_step"] = self.by_step.tolist()
        if self.coverage is not None:
            told["coverage"] = {str(k): v for k, v in self.coverage.items()}
        return told


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """What the held-out end says.

    Args:
        scores: By name of the forecaster.
        ahead: By name, `(H, Q)`, what it says after the last value; a rule has
            its own errors in the held-out end as intervals.
        season: Values of a season, or 0.
        first: The first value of the held-out end.
    """

    scores: dict[str, Scores]
    ahead: dict[str, np.ndarray]
    season: int
    first: int

    @property
    def naive(self) -> str:
        """The better of the naive forecasters."""
        known = [name for name in (LAST, SEASONAL) if name in self.scores]
        return min(known, key=lambda name: self.scores[name].mae)

    @property
    def best(self) -> str:
        """Who has the least error; the last value, if that may be chance."""
        best = min(self.scores, key=lambda name: self.scores[name].mae)
        sure = is_surely_better(
            self.scores[best].errors, self.scores[LAST].errors
        )
        return best if sure else LAST

    @property
    def gain(self) -> float:
        """By what share the model's error is below that of the better naive."""
        return self._gain_of(MODEL)

    def _gain_of(self, name: str) -> float:
        naive = self.scores[self.naive].mae
        if not naive:  # a series that repeats itself exactly
            return 0.0
        return 1 - self.scores[name].mae / naive

    def verdict(self) -> str:
        """Returns in a line what to rely on."""
        best, naive = self.best, self.naive
        count, horizon = self.scores[MODEL].errors.shape
        where = f"on {count} forecasts of the held-out end"
        if best == LAST:
            return (
                "nothing is better than the last value by more than chance, "
                f"{where}: the forecast is the last value"
            )
        if best == naive:
            return f"nothing is better than the {naive}, {where}"
        told = f"{self._gain_of(best):.0%} less error than the {naive}, {where}"
        if best != MODEL:
            return f"the {best} is better than the model: {told}"
        return f"the model has {told}"


def quantiles_of(model: keras.Model, values: np.ndarray) -> np.ndarray:
    """Returns what a model says after each value, `(T, H, Q)`.

    Args:
        model: From `build_forecast_model`.
        values: `(T,)`.
    """
    trunk = trunk_of(model)
    call = tf.function(
        lambda x: tf.nest.flatten(trunk(x, training=False))[0],
        reduce_retracing=True,
    )
    values, zero = from_first(values)
    said = call(tf.constant(look_back(model, values[None]))).numpy()[0]
    return said.astype("float64") + zero


def evaluate_forecast(
    model: keras.Model,
    values: np.ndarray,
    season: int = 0,
    source: str = "`values`",
) -> Evaluation:
    """Measures a model and its peers on the held-out end of a series.

    Args:
        model: From `build_forecast_model`.
        values: `(T,)`, the whole series.
        season: Values of a season, for those who repeat the last one; 0 if
            there is none.
        source: Where the series comes from, for errors.

    Returns:
        The `Evaluation`.

    Raises:
        MitseqError: if the series is too short for the model's horizon.
    """
    values = np.asarray(values, "float64")
    horizon = horizon_of(model)
    check_length(len(values), horizon, source)
    first = held_out_from(len(values))
    origins = np.arange(first - 1, len(values) - horizon)
    truth = next_values(values, horizon)[origins]
    said = quantiles_of(model, values)
    said = calibrate(said, values, Calibration(horizon))
    at = np.append(origins, len(values) - 1)  # the last one is for the future
    guesses = {
        MODEL: said[at, :, MIDDLE],
        LAST: last_value(values, at, horizon),
    }
    if 0 < season < first:
        guesses[SEASONAL] = seasonal_naive(values, at, horizon, season)
    linear = LinearAutoregression(
        values[:first], horizon, lags_for(first, horizon, season)
    )
    guesses[LINEAR] = linear.forecast(values, at)
    unit = float(np.abs(np.diff(values[:first])).mean()) or 1.0
    scores, ahead = {}, {}
    for name, guess in guesses.items():
        errors = truth - guess[:-1]
        if name == MODEL:
            coverage = coverage_of(said[origins], truth)
            ahead[name] = said[-1]
        else:
            coverage = None
            ends = np.quantile(errors, LEVELS, axis=0).T  # (H, Q)
            ends[:, MIDDLE] = 0
            ahead[name] = guess[-1][:, None] + np.sort(ends, axis=1)
        scores[name] = Scores(errors, unit, coverage)
    return Evaluation(scores, ahead, season, first)


def coverage_of(quantiles: np.ndarray, truth: np.ndarray) -> dict[int, float]:
    """Returns the share of values within each interval.

    Args:
        quantiles: `(N, H, Q)`.
        truth: `(N, H)`.

    Example:

    >>> quantiles = np.array([[[-2.0, -1.0, 0.0, 1.0, 2.0]]] * 4)
    >>> coverage_of(quantiles, np.array([[0.0], [1.5], [-1.0], [3.0]]))
    {80: 0.5, 95: 0.75}
    """
    return {
        share: float(
            np.mean(
                (truth >= quantiles[..., low]) & (truth <= quantiles[..., high])
            )
        )
        for share, (low, high) in INTERVALS.items()
    }


def is_surely_better(errors: np.ndarray, others: np.ndarray) -> bool:
    """Tells whether errors are smaller by more than chance.

    Forecasts of neighboring origins share most of what they are compared with,
    so they count as fewer than they are: the variance of the mean difference
    includes what neighbors have in common (Diebold and Mariano, 1995, with the
    weights of Newey and West).

    Args:
        errors: `(N, H)`.
        others: `(N, H)`, of the same origins.

    Example:

    >>> rng = np.random.default_rng(0)
    >>> noise = rng.normal(size=(200, 2))
    >>> is_surely_better(noise, 2 * noise), is_surely_better(noise, noise)
    (True, False)
    """
    gains = (np.abs(others) - np.abs(errors)).mean(axis=1)
    count, together = len(gains), 2 * errors.shape[1]
    mean, off = gains.mean(), gains - gains.mean()
    variance = off @ off
    for k in range(1, min(together, count - 1)):
        variance += 2 * (1 - k / together) * (off[k:] @ off[:-k])
    error = np.sqrt(max(variance, 0.0)) / count
    return bool(mean > SURE * error and mean > 0)
