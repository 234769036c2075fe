"""The training of every task: `fit`, in a folder, within a budget.

A model is built and compiled as any Keras model; `fit` trains it in a
`TrainingRun` (run.py). What is added to Keras's `fit`: the averaged weights
are what is measured (averages.py), the best epoch is kept (callbacks.py), the
budget ends it (budget.py), and it can be killed at any moment and resumed
(snapshot.py).
"""

import time
from collections.abc import Callable, Sequence

import keras

from mitseq.training.averages import Averages, set_variables, variables_of
from mitseq.training.batches import EpochBatches
from mitseq.training.budget import Budget
from mitseq.training.callbacks import EndOfBudget, KeepBest
from mitseq.training.interrupt import Interrupted, Request, interrupts
from mitseq.training.progress import Progress
from mitseq.training.run import SNAPSHOT, TrainingRun
from mitseq.training.snapshot import Snapshot

MOST_EPOCHS = 9999  # of a training that has a time budget only


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
    on_best: Callable[[keras.Model], None] | None = None,
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
        on_best: Called with the model at the end of each epoch that is the
            best so far.
        verbose: As in `Progress`.

    Returns:
        What was measured, a dict an epoch.

    Raises:
        Interrupted: when a signal to stop came; all is saved.
        MitseqError: if the snapshot to resume from is damaged.
    """
    state = Snapshot()
    if run.resume and run.path(SNAPSHOT).exists():
        state = Snapshot.read(run.path(SNAPSHOT))
    budget.begin(state.seconds)
    best = KeepBest(monitor, patience, on_best)
    best.restore(state.rows, state.best)
    averages = Averages()
    with interrupts(run.folder is not None) as request:
        followers = [
            averages,
            *measures,
            best,
            EndOfBudget(budget, batches.steps),
            Snapshots(run, state, batches, budget, averages, best, request),
            Progress(budget, batches.steps, state.step, verbose),
            *callbacks,
        ]
        while not (
            best.is_over
            or state.epoch >= (budget.epochs or MOST_EPOCHS)
            or budget.is_used_up(state.epoch + state.step / batches.steps)
        ):
            # the rest of an epoch that a snapshot stands in the middle of is
            # a `fit` of its own: it has fewer steps
            last = state.epoch + 1 if state.step else budget.epochs
            batches.start(state.epoch + 1, state.step)
            model.fit(
                batches,
                validation_data=validation_data,
                initial_epoch=state.epoch,
                epochs=last or MOST_EPOCHS,
                callbacks=followers,
                verbose=0,
                shuffle=False,  # `batches` does, in a way that can be resumed
            )
            if model.stop_training:
                break
    if best.weights:
        model.set_weights(best.weights)
    return state.rows


class Snapshots(keras.callbacks.Callback):
    """Keeps the state of a training up to date, in memory and in its file.

    It is written at the end of each epoch, every five minutes, and when the
    process is asked to stop. A training that is resumed begins with it.
    `averages` has the weights that learn between two epochs, `best` the best
    ones so far, and `request` says whether to stop.
    """

    SECONDS = 300.0

    def __init__(
        self,
        run: TrainingRun,
        state: Snapshot,
        batches: EpochBatches,
        budget: Budget,
        averages: Averages,
        best: KeepBest,
        request: Request,
    ):
        super().__init__()
        self.run, self.state = run, state
        self.batches, self.budget = batches, budget
        self.averages, self.best, self.request = averages, best, request
        self._restored = False
        self._written = time.monotonic()

    def on_train_begin(self, logs=None):
        if not self._restored and self.state.variables:
            set_variables(self.model, self.state.variables)

    def on_epoch_begin(self, epoch, logs=None):
        # Keras calls `on_epoch_end` of its data before the first epoch, too,
        # so the data are told their epoch here.
        self.batches.start(epoch + 1, self.state.step)
        if not self._restored and self.state.metrics:
            self._set_metrics(self.state.metrics)
        self._restored = True

    def on_train_batch_end(self, batch, logs=None):
        self.state.step += 1
        if self.run.folder is None or self.state.step == self.batches.steps:
            return  # the end of an epoch is written below
        is_due = time.monotonic() - self._written >= self.SECONDS
        if is_due or self.request.came:
            self.state.variables = variables_of(self.model)
            self.state.metrics = [
                keras.ops.convert_to_numpy(v)
                for v in self.model.metrics_variables
            ]
            self._write()

    def on_epoch_end(self, epoch, logs=None):
        self.state.epoch, self.state.step = epoch + 1, 0
        row = {"epoch": epoch + 1, "seconds": round(self.budget.seconds(), 1)}
        row |= {name: float(value) for name, value in (logs or {}).items()}
        self.state.rows.append(row)
        if self.budget.is_used_up(epoch + 1):
            self.model.stop_training = True
        if self.run.folder is not None:
            self.run.write_history(self.state.rows)
            self.state.variables = self.averages.learning
            self.state.metrics = []
            self._write()

    def _write(self):
        self.state.seconds = self.budget.seconds()
        self.state.best = self.best.weights
        self.state.write(self.run.path(SNAPSHOT))
        self._written = time.monotonic()
        if self.request.came:
            raise Interrupted(
                f"interrupted in epoch {self.state.epoch + 1}; saved in "
                f"{self.run.folder}, --resume goes on from here"
            )

    def _set_metrics(self, values):
        if len(self.model.metrics_variables) != len(values):
            self.model.test_on_batch(*self.batches[0])  # makes them
        for variable, value in zip(
            self.model.metrics_variables, values, strict=True
        ):
            variable.assign(value)
