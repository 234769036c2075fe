"""Batches to learn from: pieces of one series, or sensors that are made up.

What a model sees of the past (look_back.py) has no weights, so it is computed
once, and the same as later in use: with all of the past, not that of a piece.

Letters: B batch, T steps, H horizon, F features.
"""

import functools
import weakref

import keras
import numpy as np
import tensorflow as tf

from mitseq.tasks.forecast.model import has_faults, look_back_of
from mitseq.tasks.forecast.sensors import KINDS, NORMAL, TRAIN, Sensors, sensors
from mitseq.tasks.forecast.windows import from_first, next_values, step_size
from mitseq.training.batches import EpochBatches

LENGTH = 96  # steps of a piece
SPIKE = 1 + KINDS.index("spike")
RARE = 20.0  # times a value of a spike counts
UNSURE = 16  # at the beginning of a piece, of which nothing is asked


def look_back(model: keras.Model, values: np.ndarray) -> np.ndarray:
    """Returns what a model sees of the past after each value, `(B, T, F)`.

    Args:
        model: From `build_forecast_model`.
        values: `(B, T)`.
    """
    cell = look_back_of(model)
    if cell not in _COMPILED:
        _COMPILED[cell] = tf.function(
            functools.partial(_read, weakref.proxy(cell)), reduce_retracing=True
        )
    x = tf.constant(values.T[..., None], "float32")  # (T, B, 1)
    return _COMPILED[cell](x).numpy().swapaxes(0, 1)


# A function a cell: it is compiled once, and goes with the cell.
_COMPILED: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


def _read(cell, x):
    num_steps = tf.shape(x)[0]

    # a loop of TensorFlow's own: AutoGraph cannot read every Python's syntax
    def step(t, now, seen):
        y, now = cell.call(x[t], now)
        return t + 1, now, seen.write(t, y)

    now = cell.get_initial_state(tf.shape(x)[1])
    seen = tf.TensorArray("float32", num_steps)
    _, _, seen = tf.while_loop(
        lambda t, *_: t < num_steps,
        step,
        (0, now, seen),
        maximum_iterations=num_steps,
    )
    return seen.stack()


class Pieces(EpochBatches):
    """Pieces of one series, drawn anew in each epoch.

    Args:
        model: Who learns, from `build_forecast_model`.
        values: `(T,)`, the part to learn from.
        seed: Another seed, other pieces.
        steps: Batches of an epoch.
        batch: Pieces of a batch.
    """

    def __init__(
        self,
        model: keras.Model,
        values: np.ndarray,
        seed: int,
        steps: int,
        batch: int,
    ):
        cell = look_back_of(model)
        self.seed, self.per_epoch, self.size = seed, steps, batch
        self.values = values.astype("float32")
        self.seen = look_back(model, values[None])[0]
        self.targets = next_values(self.values, cell.horizon)
        count = len(self.targets)
        self.length = min(LENGTH, max(2, count // 2))
        # a season that was not yet seen whole tells nothing
        self.first = min(cell.season, count - self.length)
        self.weight = 1 / step_size(self.values)
        super().__init__()

    def draw(self, epoch: int) -> int:
        rng = np.random.default_rng([self.seed, epoch])
        last = len(self.targets) - self.length
        count = self.size * self.per_epoch
        self.starts = rng.integers(self.first, last, count, endpoint=True)
        return self.per_epoch

    def batch(self, index: int):
        starts = self.starts[self.size * index : self.size * (index + 1)]
        at = starts[:, None] + np.arange(self.length)  # (B, T)
        weights = np.full(at.shape, self.weight[0], "float32")
        # the beginning of the whole series is also one that is to be told
        unsure = min(UNSURE, self.length // 4)
        weights[:, :unsure] = 0
        return self.seen[at], self.targets[at], weights


class FaultySensors(EpochBatches):
    """Other sensors in each epoch, whole and broken.

    Args:
        model: Who learns, from `build_forecast_model` with `faults`.
        seed: Another seed, other sensors.
        steps: Batches of an epoch.
        batch: Sensors of a batch.
        length: Values of each.
    """

    def __init__(
        self,
        model: keras.Model,
        seed: int,
        steps: int,
        batch: int,
        length: int = 300,
    ):
        self.model = model
        self.seed, self.per_epoch, self.size = seed, steps, batch
        self.length = length
        super().__init__()

    def draw(self, epoch: int) -> int:
        count = self.size * self.per_epoch
        made = seen_from_first(
            sensors(count, self.length, [TRAIN, self.seed, epoch])
        )
        self.drawn = sensor_batch(self.model, made)
        return self.per_epoch

    def batch(self, index: int):
        rows = slice(self.size * index, self.size * (index + 1))
        return keras.tree.map_structure(lambda each: each[rows], self.drawn)


def seen_from_first(made: Sensors) -> Sensors:
    """Returns sensors whose values are told from the first one on."""
    values, zero = from_first(made.values)
    return Sensors(values, made.clean - zero, made.faults)


def sensor_batch(model: keras.Model, made) -> tuple:
    """Returns what `fit` takes of sensors: inputs, targets and weights.

    A model is to forecast what a whole sensor would show.
    """
    horizon = look_back_of(model).horizon
    targets = next_values(made.clean, horizon).astype("float32")
    count = targets.shape[1]
    x = look_back(model, made.values[:, :count])
    weights = np.repeat(1 / step_size(made.clean), count, axis=1)
    weights[:, :UNSURE] = 0
    weights = weights.astype("float32")
    if not has_faults(model):
        return x, targets, weights
    is_fault = (made.faults[:, :count] != NORMAL).astype("float32")
    # one value of a spike counts as much as all those of another fault
    asked = np.where(made.faults[:, :count] == SPIKE, RARE, 1).astype("float32")
    asked[:, :UNSURE] = 0
    return x, (targets, is_fault[..., None]), (weights, asked)
