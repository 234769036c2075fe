"""Training: balls in, `model.keras` and `history.csv` out.

Slide: Lecture 2, "Given an image of a ball, can you predict where it will go
next?" (docs/slides.md#ball).
Each epoch has new balls, so that none is learned by heart, or other pieces of
paths that were measured (tracks.py). Read model.py first.
"""

import math
from collections.abc import Sequence

import keras
import numpy as np

from mitseq.by_hand.ball import ball_paths
from mitseq.errors import MitseqError
from mitseq.precision import check_precision, scaled_for
from mitseq.progress import show_progress, way_of
from mitseq.tasks.ball.model import build_ball_model
from mitseq.tasks.ball.tracks import Tracks
from mitseq.training.batches import EpochBatches
from mitseq.training.budget import Budget
from mitseq.training.callbacks import Schedule
from mitseq.training.fit import fit
from mitseq.training.run import MODEL, TrainingRun

EPOCHS = 30  # of a training that has no other length
BATCH, STEPS, NUM_STEPS = 64, 100, 32
HELD_OUT = 500
SPEED = (0.02, 0.12)  # in box widths a step
# What a seed is for, so that no ball is in two of them.
TRAIN, VALIDATION, TEST = 1, 2, 3


class Balls(EpochBatches):
    """New balls in each epoch.

    Args:
        speed: Lowest and highest.
        seed: Another seed, other balls.
        steps: Batches of an epoch.
    """

    def __init__(
        self,
        speed: tuple[float, float] = SPEED,
        seed: int = 0,
        steps: int = STEPS,
    ):
        self.speed, self.seed, self.per_epoch = speed, seed, steps
        super().__init__()

    def draw(self, epoch: int) -> int:
        self.paths = ball_paths(
            BATCH * self.per_epoch,
            NUM_STEPS,
            seed=[TRAIN, self.seed, epoch],
            speed=self.speed,
        )
        return self.per_epoch

    def batch(self, index: int):
        paths = self.paths[BATCH * index : BATCH * (index + 1)]
        return paths[:, :-1], paths[:, 1:]


def train_ball_model(
    run: TrainingRun,
    *,
    cell: str = "gru",
    units: int = 64,
    window: int = 4,
    noise: float = 0.0,
    speed: tuple[float, float] = SPEED,
    paths: Sequence[np.ndarray] = (),
    epochs: int | None = None,
    minutes: float | None = None,
    learning_rate: float = 5e-3,
    steps: int = STEPS,
    seed: int = 0,
    precision: str = "float32",
    verbose: int | str = 0,
) -> list[dict]:
    """Trains a model in an open run and writes the best one to its folder.

    Args:
        run: Where the training is kept.
        cell: See `build_ball_model`, as for `units`, `window` and `noise`.
        speed: Lowest and highest of simulated balls, in box widths a step.
        paths: `(T, 2)` each, positions in a box from 0 to 1, to learn from in
            the place of simulated balls; the last fifth of each is held out.
        epochs: How often new balls are drawn; 30 if neither this nor
            `minutes` is given.
        minutes: Time budget.
        learning_rate: The highest one.
        steps: Batches of an epoch, of 64 balls each.
        seed: Of weights and balls.
        precision: One of `mitseq.precision.PRECISIONS`.
        verbose: As in `mitseq.training.progress.Progress`.

    Returns:
        What was measured, a dict an epoch; `loss` is the mean distance along
        an axis, in box widths.

    Raises:
        MitseqError: if an argument is out of its range.
    """
    low, high = speed
    if not (0 < low <= high <= 1 and math.isfinite(high)):
        raise MitseqError(
            "`speed` must be two numbers above 0, the lower one first, at most "
            f"1 box width a step. Received: speed={tuple(speed)}."
        )
    if epochs is None and minutes is None:
        epochs = EPOCHS
    settings = {
        "cell": cell,
        "units": units,
        "window": window,
        "noise": noise,
        "speed": list(speed),
        "learning_rate": learning_rate,
        "steps": steps,
        "seed": seed,
        "precision": check_precision(precision),
    }
    told = [path.tobytes().hex() for path in paths]
    run.check(settings, data=told, epochs=epochs, minutes=minutes)
    if run.is_finished(epochs, minutes):
        return run.rows()
    keras.utils.set_random_seed(seed)

    def build():
        return build_ball_model(cell, units=units, window=window, noise=noise)

    model = run.workers.model(build, precision=precision)
    optimizer = keras.optimizers.Adam(learning_rate, global_clipnorm=1.0)
    model.compile(
        optimizer=scaled_for(model, optimizer),
        auto_scale_loss=False,
        loss="mae",
    )
    batches: EpochBatches
    if paths:
        batches = Tracks(paths, NUM_STEPS, BATCH, steps, seed)
        held_out = batches.held_out
    else:
        batches = Balls(speed, seed, steps)
        held_out = ball_paths(
            HELD_OUT, NUM_STEPS, seed=[VALIDATION, seed], speed=speed
        )
    budget = Budget(epochs, minutes)
    run.start()

    with show_progress(way_of(verbose)):
        rows = fit(
            run,
            model,
            batches,
            budget,
            monitor="val_loss",
            patience=epochs or EPOCHS,  # the learning rate ends it
            validation_data=(held_out[:, :-1], held_out[:, 1:]),
            measures=[Schedule(learning_rate, budget, steps)],
            save=model.save,
            verbose=verbose,
        )
    run.finish(MODEL)
    return rows
