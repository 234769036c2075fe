"""Training: a series in, `model.keras` and `history.csv` out.

The last fifth of a series is never learned from: it is there to measure on
(evaluation.py). Before it, an eighth of the rest says which epoch is the best.
The linear part is fitted at once, by least squares; the recurrence begins with
a correction of zero and learns from there. Read model.py first.
"""

import tempfile

import keras
import numpy as np
from keras import ops

from mitseq.arguments import check_positive
from mitseq.errors import MitseqError
from mitseq.precision import check_precision, scaled_for
from mitseq.progress import show_progress, way_of
from mitseq.tasks.forecast import sensors
from mitseq.tasks.forecast.baselines import lags_for
from mitseq.tasks.forecast.held_out import check_length, held_out_from
from mitseq.tasks.forecast.look_back import SCALE, VALUE
from mitseq.tasks.forecast.model import (
    LEVELS,
    SPAN,
    build_forecast_model,
    has_faults,
    load_forecast_model,
    look_back_of,
    trunk_of,
)
from mitseq.tasks.forecast.pieces import (
    FaultySensors,
    Pieces,
    look_back,
    seen_from_first,
    sensor_batch,
)
from mitseq.tasks.forecast.windows import from_first, next_values, step_size
from mitseq.training.budget import Budget
from mitseq.training.callbacks import Schedule
from mitseq.training.fit import fit
from mitseq.training.run import MODEL, TrainingRun

EPOCHS = 12  # of a training that has no other length
VALIDATION = 8  # an eighth of what comes before the held-out end
BATCH, STEPS = 32, 40
RIDGE = 1e-3  # of the number of examples: what keeps the linear part small
MOST_LINEAR = 20000  # examples that the linear part is fitted to
SENSORS, LENGTH = 256, 300  # held out, where sensors are made up


def train_forecast_model(
    run: TrainingRun,
    values: np.ndarray | None = None,
    *,
    horizon: int = 12,
    season: int = 0,
    cell: str = "lstm",
    units: int = 32,
    lags: int | None = None,
    span: int = SPAN,
    faults: bool = False,
    epochs: int | None = None,
    minutes: float | None = None,
    learning_rate: float = 3e-3,
    steps: int = STEPS,
    batch: int = BATCH,
    seed: int = 0,
    precision: str = "float32",
    source: str = "`values`",
    verbose: int | str = 0,
) -> list[dict]:
    """Trains a model in an open run and writes the best one to its folder.

    Args:
        run: Where the training is kept.
        values: `(T,)`, the series; its last fifth is not looked at. None for
            sensors that are made up, others in each epoch.
        horizon: See `build_forecast_model`, as for `season`, `cell`, `units`,
            `span` and `faults`; `faults` is for sensors.
        lags: The last values that the linear part sees; None for as many as a
            series has examples for, 12 of sensors.
        source: Where the series comes from, for errors.
        epochs: How often pieces are drawn; 12 if neither this nor `minutes`
            is given.
        minutes: Time budget.
        learning_rate: The highest one.
        steps: Batches of an epoch.
        batch: Pieces of a batch.
        seed: Of weights and pieces.
        precision: One of `mitseq.precision.PRECISIONS`.
        verbose: As in `mitseq.training.progress.Progress`.

    Returns:
        What was measured, a dict an epoch; `loss` is the pinball loss in mean
        changes from a value to the next.

    Raises:
        MitseqError: if an argument is out of its range or a series too short.
    """
    check_positive(
        epochs=epochs,
        minutes=minutes,
        learning_rate=learning_rate,
        steps=steps,
        batch=batch,
    )
    if epochs is None and minutes is None:
        epochs = EPOCHS
    if values is not None and faults:
        raise MitseqError(
            "`faults` is for sensors that are made up: a series does not say "
            "which of its values are faults. Received: faults=True."
        )
    if values is not None:
        check_length(len(values), horizon, source)
        values, _ = from_first(values)
        if lags is None:
            lags = lags_for(held_out_from(len(values)), horizon, season)
    lags = 12 if lags is None else lags
    shape = {
        "horizon": horizon,
        "cell": cell,
        "units": units,
        "season": season,
        "lags": lags,
        "span": span,
        "faults": faults,
    }
    settings = shape | {
        "learning_rate": learning_rate,
        "steps": steps,
        "batch": batch,
        "seed": seed,
        "precision": check_precision(precision),
    }
    told = [] if values is None else [values.tobytes().hex()]
    run.check(settings, data=told, epochs=epochs, minutes=minutes)
    if run.is_finished(epochs, minutes):
        return run.rows()
    keras.utils.set_random_seed(seed)
    whole = []  # the learner's layers, behind what looks back

    def build():
        whole.append(build_forecast_model(**shape))
        return trunk_of(whole[0])

    learner = run.workers.model(build, precision=precision)
    (model,) = whole
    if values is None:
        made = seen_from_first(
            sensors.sensors(SENSORS, LENGTH, [sensors.VALIDATION, seed])
        )
        validation = sensor_batch(model, made)
        batches = FaultySensors(model, seed, steps, batch)
        examples = made.values, made.clean
    else:
        known = values[: held_out_from(len(values))]
        cut = len(known) - max(len(known) // VALIDATION, 1)
        validation = _validation(model, known, cut)
        batches = Pieces(model, known[:cut], seed, steps, batch)
        examples = known[None, :cut], known[None, :cut]
    with run.workers.scope():
        fit_linear(model, *examples)
        linear = model.get_layer("linear")
        # two machines may round differently
        fitted = run.workers.hand_on_arrays(linear.get_weights())
        linear.set_weights(fitted)
    compile_learner(learner, learning_rate)
    budget = Budget(epochs, minutes)
    run.start()
    with show_progress(way_of(verbose)):
        rows = fit(
            run,
            learner,
            batches,
            budget,
            monitor="val_loss",
            patience=epochs or EPOCHS,  # the learning rate ends it
            validation_data=validation,
            measures=[Schedule(learning_rate, budget, steps)],
            save=model.save,
            verbose=verbose,
        )
    run.finish(MODEL)
    return rows


def trained_model(values: np.ndarray, **options) -> keras.Model:
    """Returns a model of a series, trained in a folder that does not stay.

    Args:
        values: `(T,)`, the series.
        **options: As for `train_forecast_model`.
    """
    with tempfile.TemporaryDirectory() as folder:
        with TrainingRun(folder) as run:
            train_forecast_model(run, values, **options)
        return load_forecast_model(folder)


def compile_learner(learner: keras.Model, learning_rate: float) -> None:
    """Compiles a trunk: pinball loss, and for faults a cross-entropy."""
    losses = [pinball]
    if has_faults(learner):
        losses.append(keras.losses.BinaryCrossentropy(from_logits=True))
    optimizer = keras.optimizers.Adam(
        learning_rate, global_clipnorm=1.0, use_ema=True, ema_momentum=0.98
    )
    learner.compile(
        optimizer=scaled_for(learner, optimizer),
        auto_scale_loss=False,
        loss=losses if has_faults(learner) else pinball,
    )


def pinball(y: keras.KerasTensor, quantiles: keras.KerasTensor):
    """The loss whose least value is at the quantiles.

    A value above the quantile at level q costs q times its distance, one below
    1 - q times; twice that is the absolute error for the middle one.

    Args:
        y: `(B, T, H)`, what came.
        quantiles: `(B, T, H, Q)`, at `LEVELS`.

    Returns:
        `(B, T)`, the mean over horizon and levels.

    Example:

    >>> y = ops.zeros((1, 1, 1))
    >>> float(pinball(y, ops.ones((1, 1, 1, 5)))[0, 0])
    1.0
    """
    levels = ops.convert_to_tensor(LEVELS, quantiles.dtype)
    off = y[..., None] - quantiles
    costs = ops.maximum(levels * off, (levels - 1) * off)
    return 2 * ops.mean(costs, axis=(-2, -1))


def fit_linear(
    model: keras.Model, values: np.ndarray, clean: np.ndarray
) -> None:
    """Fits the linear part of a model by least squares, in place.

    Args:
        model: From `build_forecast_model`.
        values: `(B, T)`, what is seen.
        clean: `(B, T)`, what is to be forecast.
    """
    cell = look_back_of(model)
    targets = next_values(clean, cell.horizon)  # (B, N, H)
    count = targets.shape[1]
    seen = look_back(model, values)[:, :count].astype("float64")
    first = min(max(cell.season, cell.span), count // 3)
    z, scale = seen[:, first:, :VALUE], seen[:, first:, SCALE:]
    now = values[:, first:count, None]
    change = np.clip((targets[:, first:] - now) / scale, -20, 20)
    z = z.reshape(-1, z.shape[-1])[-MOST_LINEAR:]
    change = change.reshape(-1, cell.horizon)[-MOST_LINEAR:]
    z1 = np.concatenate([z, np.ones((len(z), 1))], axis=1)
    ridge = RIDGE * len(z1) * np.eye(z1.shape[1])
    ridge[-1, -1] = 0
    weights = np.linalg.solve(z1.T @ z1 + ridge, z1.T @ change)
    model.get_layer("linear").set_weights([weights[:-1], weights[-1]])


def _validation(model, known, cut) -> tuple:
    """Inputs, targets and weights: only what comes after `cut` counts."""
    horizon = look_back_of(model).horizon
    targets = next_values(known, horizon).astype("float32")
    count = len(targets)
    weights = np.where(np.arange(count) >= min(cut, count - 1) - 1, 1.0, 0.0)
    weights = weights * count / weights.sum() / step_size(known[:cut])
    return (
        look_back(model, known[None, :count]),
        targets[None],
        weights[None].astype("float32"),
    )
