"""The training of every task: `fit`, in a folder, within a budget.

A model is built and compiled as any Keras model; `fit` trains it in a
`TrainingRun` (run.py). What is added to Keras's `fit`: the averaged weights
are what is measured (averages.py), the best epoch is kept (callbacks.py), the
budget ends it (budget.py), and it can be killed at any moment and resumed
(saving.py).
"""

import gc
from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import tensorflow as tf

from mitseq.errors import MitseqError
from mitseq.training.averages import Averages
from mitseq.training.batches import EpochBatches
from mitseq.training.budget import Budget
from mitseq.training.callbacks import (
    EndOfBudget,
    EndOfNumbers,
    KeepBest,
    NotFinite,
    SameClock,
    SameLogs,
)
from mitseq.training.interrupt import Interrupted
from mitseq.training.progress import Progress, duration
from mitseq.training.run import TrainingRun
from mitseq.training.saving import Snapshots
from mitseq.training.snapshot import Snapshot

MOST_EPOCHS = 9999  # of a training that has a time budget only
ROWS = 32  # of a batch of held-out arrays, as Keras's `fit` has it


def fit(
    run: TrainingRun,
    model: keras.Model,
    batches: EpochBatches,
    budget: Budget,
    *,
    monitor: str,
    patience: int,
    validation_data=None,
    measures: Sequence[keras.callbacks.Callback] = (),
    callbacks: Sequence[keras.callbacks.Callback] = (),
    save: Callable[[Path], object] | None = None,
    verbose: int | str = 0,
) -> list[dict]:
    """Trains a model until the budget is used up or it gets no better.

    A run that is resumed goes on after the last step that its snapshot holds,
    with the same numbers as if it had not been interrupted.

    Args:
        run: Where it is kept.
        model: A compiled model, fresh from its builder; it ends with the
            weights of the best epoch.
        batches: The training data.
        budget: How long it may take.
        monitor: The value that is to get small, as in the logs of an epoch.
        patience: Epochs without a smaller value after which it ends.
        validation_data: As in Keras's `fit`.
        measures: Callbacks that add to the logs of an epoch; they see the
            averaged weights at its end.
        callbacks: More callbacks, called after all is saved.
        save: Writes the model to a path: `model.keras` of the run is the best
            epoch so far. None if there is no such file.
        verbose: As in `Progress`.

    Returns:
        What was measured, a dict an epoch.

    Raises:
        Interrupted: when a signal to stop came; all is saved.
        MitseqError: if the snapshot to resume from is of another model, or
            the loss is NaN or infinite before one epoch is whole. Later, that
            ends the training with the best epoch so far.
        OutputError: if what is to stay cannot be written at the end.
    """
    with run.workers.watch(), run.workers.scope():
        return _fit(
            run,
            model,
            batches,
            budget,
            KeepBest(monitor, patience),
            validation_data,
            (measures, callbacks if run.workers.is_first else ()),
            save,
            verbose if run.workers.is_first else 0,
        )


def _fit(
    run, model, batches, budget, best, validation_data, watchers, save, verbose
):
    measures, callbacks = watchers
    workers = run.workers
    state = run.snapshot or Snapshot()
    budget.begin(state.seconds)
    best.restore(state.rows, state.best)
    averages = Averages()
    saving = Snapshots(run, state, batches, budget, averages, best, save)
    saving.repair(model)
    _prepare(model)
    followers = [
        SameClock(budget, workers),
        averages,
        *measures,
        SameLogs(workers),
        EndOfNumbers(batches.steps, state.step, not workers.are_several),
        best,
        EndOfBudget(budget, batches.steps),
        saving,
        Progress(budget, batches.steps, state.step, verbose),
        *callbacks,
    ]
    if state.epoch and _is_used_up(run, state, batches, budget):
        run.note(
            f"{run.folder}: {duration(state.seconds)} of training, to "
            f"{state.place}, have used up this length; a longer one goes on "
            "from there"
        )
    while not (best.is_over or _is_used_up(run, state, batches, budget)):
        # the rest of an epoch that a snapshot stands in the middle of is a
        # `fit` of its own: it has fewer steps
        last = state.epoch + 1 if state.step else budget.epochs
        batches.start(state.epoch + 1, state.step)
        asked = None
        try:
            model.fit(
                workers.share(batches.dataset()),
                validation_data=_shared(workers, validation_data),
                initial_epoch=state.epoch,
                epochs=last or MOST_EPOCHS,
                callbacks=followers,
                verbose=0,
                shuffle=False,  # `batches` does, in a way that can be resumed
            )
        except Interrupted as error:
            asked = error.number
        except NotFinite as error:
            run.request.is_held = False
            _tell(run, best, error)
            break
        if asked is not None:
            saving.interrupt()
            # The iterator reads ahead in a thread, which complains when it
            # outlives Python: so it goes, and what holds it, the traceback.
            gc.collect()
            raise Interrupted(number=asked)
        if model.stop_training:
            break
    if best.weights:
        model.set_weights(best.weights)
    saving.finish()
    return state.rows


def _prepare(model):
    """Makes the optimizer's variables before the first step.

    Keras makes them within the first step. TensorFlow then traces the step a
    second time, without making any, which is a third of a short training.
    """
    if model.built and not model.optimizer.built:
        model.optimizer.build(model.trainable_variables)


def _tell(run, best, error):
    """Says that the loss is no number, and what is left.

    Raises:
        MitseqError: if nothing is.
    """
    try_this = (
        "A smaller `learning_rate` (--learning-rate) may help, or data without "
        "numbers that are so large."
    )
    if not best.weights:
        raise MitseqError(f"{error}, before one epoch was whole. {try_this}")
    run.note(f"{error}: the training ends with epoch {best.epoch}. {try_this}")


def _shared(workers, data):
    """What a model can be measured on, also one of several devices."""
    if isinstance(data, EpochBatches):  # Keras would have it tuned
        return workers.share(data.dataset())
    if workers.replicas == 1 or data is None:
        return data
    if isinstance(data, tf.data.Dataset):
        return workers.share(data)
    if isinstance(data, tuple):  # of arrays: in batches as Keras makes them
        dataset = tf.data.Dataset.from_tensor_slices(data)
        return workers.share(dataset.batch(ROWS))
    return data


def _is_used_up(run, state, batches, budget):
    if state.epoch >= (budget.epochs or MOST_EPOCHS):
        return True
    epochs = state.epoch + state.step / batches.steps
    return run.agree(budget.is_used_up(epochs))
