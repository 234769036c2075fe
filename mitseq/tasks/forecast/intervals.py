"""Intervals that cover what they say: they learn from each value that comes.

A model says where 80 of 100 values will lie. It may be too sure of itself, or
times may change. So each end of an interval is moved outwards a bit when a
value lies beyond it, and inwards a bit less when none does: in the long run
the shares come right, whatever the series does (Gibbs and Candes, "Adaptive
Conformal Inference Under Distribution Shift", 2021). Only what is known at the
time is used. The state has a fixed size.

Letters: H horizon, Q quantiles.
"""

import numpy as np

from mitseq.tasks.forecast.model import LEVELS, MIDDLE

RATE = 0.05  # how far an end moves; faster follows sooner and wavers more
BOUND = 4.0  # no width is changed by more than a factor of e to this
LOW, HIGH = np.array(LEVELS[:MIDDLE]), np.array(LEVELS[MIDDLE + 1 :])
# How often a value is to lie beyond each end.
BEYOND = np.concatenate([LOW, 1 - HIGH])


class Calibration:
    """The widths of intervals, as the values so far have set them right.

    Args:
        horizon: H.
        rate: How fast widths follow.

    Example:

    >>> calibration = Calibration(horizon=1)
    >>> q = np.array([[-2.0, -1.0, 0.0, 1.0, 2.0]])
    >>> for _ in range(100):
    ...     q_now = calibration.forecast(q)
    ...     calibration.observe(1.5)  # always above the 80 % interval
    >>> q_now[0, 3] > 1.4
    np.True_
    """

    def __init__(self, horizon: int, rate: float = RATE):
        self.rate = rate
        self.widths = np.zeros((horizon, len(BEYOND)))  # logarithms
        # What was said for the next value 1, 2, ... H steps before.
        self.said = np.full((horizon, horizon, len(LEVELS)), np.nan)

    def forecast(self, quantiles: np.ndarray) -> np.ndarray:
        """Returns the quantiles `(H, Q)` of a model, set right.

        What is returned is remembered until the values come.
        """
        middle = quantiles[:, MIDDLE : MIDDLE + 1]
        off = np.delete(quantiles - middle, MIDDLE, axis=1)
        off = off * np.exp(self.widths)
        right = np.insert(middle + off, MIDDLE, middle[:, 0], axis=1)
        right = np.sort(right, axis=1)
        self.said = np.roll(self.said, 1, axis=0)
        self.said[0] = right
        return right

    def observe(self, value: float) -> None:
        """Learns from the value that came after the last forecast."""
        # said[k] was made k + 1 values ago, and its row k is about this one
        steps = np.arange(len(self.said))
        about = self.said[steps, steps]  # (H, Q)
        beyond = np.concatenate(
            [value < about[:, :MIDDLE], value > about[:, MIDDLE + 1 :]], axis=1
        )
        move = self.rate * (beyond - BEYOND)
        move[np.isnan(about[:, 0])] = 0
        self.widths = np.clip(self.widths + move, -BOUND, BOUND)


def calibrate(
    quantiles: np.ndarray, values: np.ndarray, calibration: Calibration
) -> np.ndarray:
    """Sets the quantiles of one value after another right.

    Args:
        quantiles: `(T, H, Q)`, said after each value.
        values: `(T,)`.
        calibration: Goes on from what it has learned.

    Returns:
        `(T, H, Q)`.
    """
    result = np.empty(quantiles.shape)
    for t, value in enumerate(values):
        calibration.observe(value)
        result[t] = calibration.forecast(quantiles[t])
    return result
