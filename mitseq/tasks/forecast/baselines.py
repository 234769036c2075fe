"""What a forecaster has to be better than: rules, and a linear autoregression.

Slide: Lecture 2, "Sequence Modeling Applications"
(docs/slides.md#applications).
"The last value" is all that one can say of a random walk.

Letters: T values, H horizon, N origins.
"""

import numpy as np

from mitseq.tasks.forecast.windows import next_values

LAST, SEASONAL = "last value", "same time last season"
LINEAR = "linear autoregression"
RIDGE = 1e-6  # keeps a series that repeats itself exactly from dividing by 0


def last_value(
    values: np.ndarray, origins: np.ndarray, horizon: int
) -> np.ndarray:
    """Returns the last value for each of the next ones, `(N, H)`.

    Args:
        values: `(T,)`.
        origins: `(N,)` of int, the last value that is seen.
        horizon: H.

    Example:

    >>> last_value(np.array([1.0, 2.0, 4.0]), np.array([1, 2]), 2)
    array([[2., 2.],
           [4., 4.]])
    """
    return np.repeat(values[origins][:, None], horizon, axis=1)


def seasonal_naive(
    values: np.ndarray, origins: np.ndarray, horizon: int, season: int
) -> np.ndarray:
    """Returns the values at the same time of the last season, `(N, H)`.

    Example:

    >>> seasonal_naive(np.arange(6.0), np.array([5]), 4, season=3)
    array([[3., 4., 5., 3.]])
    """
    ahead = np.arange(1, horizon + 1)
    back = season * -(-ahead // season)
    return values[origins[:, None] + ahead - back]


class LinearAutoregression:
    """The next values as weighted sums of the last ones.

    Each step ahead has weights of its own, fitted by least squares.

    Args:
        known: `(T,)`, the values to fit them to.
        horizon: H.
        lags: The last values that are summed up.

    Example:

    >>> t = np.arange(80)
    >>> wave = np.sin(t / 5)
    >>> linear = LinearAutoregression(wave[:60], horizon=3, lags=4)
    >>> guess = linear.forecast(wave, np.array([70]))
    >>> bool(np.abs(guess - wave[71:74]).max() < 0.01)
    True
    """

    def __init__(self, known: np.ndarray, horizon: int, lags: int):
        self.lags = lags
        self.zero, self.unit = known.mean(), known.std() or 1.0
        windows = self._windows(known)
        targets = next_values((known - self.zero) / self.unit, horizon)
        targets = targets[lags - 1 :]
        windows = windows[: len(targets)]
        square = windows.T @ windows + RIDGE * np.eye(lags + 1)
        self.weights = np.linalg.solve(square, windows.T @ targets)

    def forecast(self, values: np.ndarray, origins: np.ndarray) -> np.ndarray:
        """Returns the next values after each origin, `(N, H)`."""
        windows = self._windows(values)[origins - self.lags + 1]
        return self.zero + self.unit * (windows @ self.weights)

    def _windows(self, values):
        scaled = (values - self.zero) / self.unit
        windows = np.lib.stride_tricks.sliding_window_view(scaled, self.lags)
        return np.concatenate([windows, np.ones((len(windows), 1))], axis=1)


def lags_for(known: int, horizon: int, season: int) -> int:
    """Returns how many last values a linear autoregression gets.

    Two seasons where there are enough values for it, else 24; there must be
    several examples for each weight.
    """
    wish = max(24, min(2 * season, 36), season + 1 if season <= 36 else 0)
    return int(max(2, min(wish, (known - horizon) // 4)))
