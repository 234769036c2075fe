"""Values that arrive one at a time: each is answered at once.

Slide: Lecture 2, "RNN State Update and Output": the model makes one step for
each value, and hands its state on. Nothing else is kept, so the millionth value
costs what the first did.

Read look_back.py and `mitseq/generation/one_step_graph.py` first.
"""

import dataclasses

import keras
import numpy as np
import tensorflow as tf
from keras import tree

from mitseq.arguments import is_number, wrong
from mitseq.generation.one_step_graph import OneStepGraph
from mitseq.tasks.forecast.evaluation import coverage_of, quantiles_of
from mitseq.tasks.forecast.intervals import Calibration, calibrate
from mitseq.tasks.forecast.model import (
    INTERVALS,
    MIDDLE,
    has_faults,
    horizon_of,
)
from mitseq.tasks.forecast.series import LARGEST

WARM = 24  # values before anything is called a fault
FAR = 3.0  # widths of the 80 % interval: a fault, if the model does not say
SCORE = 0.5  # from which on a value is called a fault


@dataclasses.dataclass(frozen=True)
class Answer:
    """What there is to say about a value, and about the next.

    Args:
        number: Of the value, from 1 on.
        value: As it came.
        surprise: How far it is from what was expected, in half widths of the
            80 % interval; None for the first values.
        fault: How much it looks like a fault, from 0 to 1; 0 or 1 from a model
            that does not know faults. None for the first values.
        is_fault: Whether it is taken for one.
        next: The value that is expected next.
        low: Lower end of its 80 % interval.
        high: Upper end of its 80 % interval.
    """

    number: int
    value: float
    surprise: float | None
    fault: float | None
    is_fault: bool
    next: float
    low: float
    high: float


class Stream:
    """A model that reads a value at a time.

    Args:
        model: From `build_forecast_model`, with `faults` or without.
        score: From which on a value is called a fault.
        far: The same for a model that does not know faults: half widths of the
            80 % interval off.

    Example:

    >>> from mitseq.tasks.forecast.model import build_forecast_model
    >>> stream = Stream(build_forecast_model(horizon=1, units=4))
    >>> answers = [stream.read(value) for value in (3.0, 3.5, 3.0)]
    >>> answers[-1].number, answers[-1].low < answers[-1].high
    (3, True)
    """

    def __init__(
        self,
        model: keras.Model,
        score: float = SCORE,
        far: float = FAR,
    ):
        if not is_number(score) or not 0 < score < 1:
            raise wrong("score", "be between 0 and 1", score)
        if not is_number(far) or far <= 0:
            raise wrong("far", "be above 0", far)
        horizon_of(model)  # refuses a model of another kind
        one_step = OneStepGraph(model)
        steps = one_step.steps
        self._graph = one_step.graph
        self._packed = [w for step in steps for w in step.pack()]
        self._states = [s for step in steps for s in step.initial_states(1, 0)]
        self._has_faults = has_faults(model)
        self._call = tf.function(self._one_step, autograph=False)
        self._calibration = Calibration(horizon_of(model))
        self._expected: np.ndarray | None = None
        self.score, self.far = score, far
        self.number = 0
        self._zero = 0.0  # the first value, see `from_first`

    def _one_step(self, value, states):
        x = tf.reshape(value, (1, 1, 1))
        outputs = self._graph([x, *states, *self._packed], training=False)
        quantiles, *rest = tree.flatten(outputs)
        fault = tf.zeros(())
        if self._has_faults:
            logit, *rest = rest
            fault = tf.sigmoid(logit[0, 0, 0])
        return quantiles[0, 0], fault, rest

    def read(self, value: float) -> Answer:
        """Reads the next value.

        Raises:
            MitseqError: if it is no finite number; the state stays as it was.
        """
        if not is_number(value) or abs(value) > LARGEST:
            raise wrong("value", f"be a number up to {LARGEST:g}", value)
        if not self.number:
            self._zero = float(value)
        quantiles, fault, self._states = self._call(
            tf.constant(value - self._zero, "float32"), self._states
        )
        self._calibration.observe(value)
        expected = self._expected
        self._expected = self._calibration.forecast(
            quantiles.numpy() + np.float64(self._zero)
        )[0]
        self.number += 1
        surprise = score = None
        if expected is not None and self.number > WARM:
            surprise = surprise_of(value, expected)
            score = float(surprise > self.far)
            if self._has_faults:
                score = float(fault)
        low, high = (self._expected[end] for end in INTERVALS[80])
        return Answer(
            self.number,
            value,
            surprise,
            score,
            score is not None and score >= self.score,
            float(self._expected[MIDDLE]),
            float(low),
            float(high),
        )


def stream_coverage(model: keras.Model, values: np.ndarray) -> dict:
    """Returns the share of next values within the intervals of a stream.

    The first 24 values of each series are left out.

    Args:
        model: From `build_forecast_model`.
        values: `(B, T)`.

    Returns:
        Interval -> share.
    """
    horizon = horizon_of(model)
    said = []
    for row in values:
        quantiles = quantiles_of(model, row)
        said.append(calibrate(quantiles, row, Calibration(horizon)))
    ahead = np.array(said)[:, WARM:-1, :1]  # (B, N, 1, Q)
    return coverage_of(ahead, values[:, WARM + 1 :, None])


def surprise_of(value: float, expected: np.ndarray) -> float:
    """Returns how far a value is from the middle, in widths of its side.

    Args:
        value: That came.
        expected: `(Q,)`, the quantiles that were said of it.

    Example:

    >>> surprise_of(6.0, np.array([-4.0, -1.0, 0.0, 2.0, 4.0]))
    3.0
    """
    low, high = (expected[end] for end in INTERVALS[80])
    off = value - expected[MIDDLE]
    width = high - expected[MIDDLE] if off > 0 else expected[MIDDLE] - low
    return float(abs(off) / max(width, 1e-6 * abs(expected[MIDDLE]), 1e-30))
