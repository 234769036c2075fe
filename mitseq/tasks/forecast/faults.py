"""Which faults are found, how soon, and how often a whole sensor is blamed.

What is counted are faults, not values: one is found if any of its values is
taken for one. A run of such values that touches no fault is a false alarm.
"""

import dataclasses
import math

import keras
import numpy as np
import tensorflow as tf

from mitseq.errors import MitseqError
from mitseq.tasks.forecast.model import has_faults, trunk_of
from mitseq.tasks.forecast.pieces import look_back
from mitseq.tasks.forecast.sensors import KINDS, NORMAL, Sensors
from mitseq.tasks.forecast.stream import SCORE, WARM
from mitseq.tasks.forecast.windows import from_first

Z = 1.96  # of a 95 % interval


@dataclasses.dataclass(frozen=True)
class Counts:
    """What was found in some sensors.

    Args:
        found: Kind -> how many faults of it were found.
        faults: Kind -> how many there were.
        delays: Kind -> `(found,)`, values from the beginning of a fault until
            it was found.
        alarms: False alarms.
        normal: Values of whole sensors.
    """

    found: dict[str, int]
    faults: dict[str, int]
    delays: dict[str, np.ndarray]
    alarms: int
    normal: int

    def as_dict(self) -> dict:
        """Returns shares with their 95 % intervals, for `--json`."""
        told: dict = {"faults": {}}
        for kind in KINDS:
            found, count = self.found[kind], self.faults[kind]
            told["faults"][kind] = {
                "found": found,
                "of": count,
                "share": found / count if count else None,
                "interval": share_interval(found, count),
                "median_delay": float(np.median(self.delays[kind]))
                if found
                else None,
            }
        told["false_alarms"] = self.alarms
        told["normal_values"] = self.normal
        told["alarms_per_thousand"] = 1000 * self.alarms / max(self.normal, 1)
        return told


def share_interval(found: int, count: int) -> tuple[float, float] | None:
    """Returns the 95 % interval of a share (Wilson, 1927); None of nothing.

    Example:

    >>> [round(end, 3) for end in share_interval(8, 10)]
    [0.49, 0.943]
    """
    if not count:
        return None
    share, z2 = found / count, Z * Z / count
    middle = (share + z2 / 2) / (1 + z2)
    half = math.sqrt(share * (1 - share) * z2 + z2 * z2 / 4) / (1 + z2)
    return max(0.0, middle - half), min(1.0, middle + half)


def fault_scores(model: keras.Model, values: np.ndarray) -> np.ndarray:
    """Returns how much each value looks like a fault, from 0 to 1.

    The first 24 of a sensor are 0, as `Stream` has them.

    Args:
        model: From `build_forecast_model` with `faults`.
        values: `(B, T)`.

    Raises:
        MitseqError: if the model does not know faults.
    """
    if not has_faults(model):
        raise MitseqError(
            "`model` must be one that was trained with `faults`: this one only "
            "forecasts"
        )
    trunk = trunk_of(model)
    call = tf.function(
        lambda x: tf.sigmoid(trunk(x, training=False)[1][..., 0]),
        reduce_retracing=True,
    )
    values, _ = from_first(values)
    found = call(tf.constant(look_back(model, values))).numpy()
    found[:, :WARM] = 0
    return found


def count_faults(flags: np.ndarray, made: Sensors) -> Counts:
    """Counts which faults are found.

    Args:
        flags: `(B, T)` of bool, the values that are taken for faults.
        made: The sensors.

    Example:

    >>> values = np.zeros((1, 8))
    >>> faults = np.array([[0, 1, 0, 0, 2, 2, 0, 0]])
    >>> flags = np.array([[0, 0, 0, 0, 0, 1, 1, 0]], bool)
    >>> counts = count_faults(flags, Sensors(values, values, faults))
    >>> counts.found, counts.alarms, counts.normal
    ({'spike': 0, 'stuck': 1, 'drift': 0}, 0, 5)
    >>> counts.delays["stuck"]
    array([1])
    """
    found = dict.fromkeys(KINDS, 0)
    count = dict.fromkeys(KINDS, 0)
    delays: dict[str, list] = {kind: [] for kind in KINDS}
    alarms = 0
    for row, faults in zip(flags, made.faults, strict=True):
        for number, kind in enumerate(KINDS, start=1):
            for start, end in _runs(faults == number):
                count[kind] += 1
                if row[start:end].any():
                    found[kind] += 1
                    delays[kind].append(int(row[start:end].argmax()))
        broken = faults != NORMAL
        alarms += sum(
            not broken[max(0, start - 1) : end].any()
            for start, end in _runs(row)
        )
    return Counts(
        found,
        count,
        {kind: np.array(each) for kind, each in delays.items()},
        alarms,
        int((made.faults == NORMAL).sum()),
    )


def evaluate_faults(
    model: keras.Model, made: Sensors, score: float = SCORE
) -> Counts:
    """Counts which faults a model finds.

    Args:
        model: From `build_forecast_model` with `faults`.
        made: Sensors that it has not learned from.
        score: From which on a value is taken for a fault.
    """
    return count_faults(fault_scores(model, made.values) >= score, made)


def _runs(where: np.ndarray) -> list[tuple[int, int]]:
    """Returns beginning and end of each run of True."""
    padded = np.concatenate([[False], where, [False]]).astype("int8")
    edges = np.flatnonzero(np.diff(padded))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
