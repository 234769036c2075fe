"""A callback that keeps what a training has reached: the snapshots.

Read snapshot.py (what one holds), run.py (the folder) and interrupt.py (the
signals) first.
"""

import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras

from mitseq.output import OutputError
from mitseq.training.averages import Averages, set_variables, variables_of
from mitseq.training.batches import EpochBatches
from mitseq.training.budget import Budget
from mitseq.training.callbacks import KeepBest
from mitseq.training.run import TrainingRun
from mitseq.training.snapshot import Snapshot


class Snapshots(keras.callbacks.Callback):
    """Keeps the state of a training up to date, in memory and in its folder.

    It is written at the end of each epoch, every five minutes, and when the
    process is asked to stop. A training that is resumed begins with it. When
    it cannot be written, that is said, and the training goes on.

    A step is never interrupted. What comes between the last step of an epoch
    and the first of the next one is: then the state before that last step is
    saved, and a training that is resumed makes it once more.

    Args:
        run: Where the training is kept.
        state: What it goes on from.
        batches: Its data.
        budget: How long it may take.
        averages: Has the weights that learn between two epochs.
        best: The best epoch so far.
        save: Writes the model to a path; None if `model.keras` is not to be
            kept up to date.
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
        save: Callable[[Path], object] | None = None,
    ):
        super().__init__()
        self.run, self.state, self.save = run, state, save
        self.workers = run.workers
        self.batches, self.budget = batches, budget
        self.averages, self.best = averages, best
        self._restored = False
        self._failed = False  # the newest state could not be written
        self._before_last: Snapshot | None = None
        self._written = time.monotonic()

    def repair(self, model: keras.Model) -> None:
        """Writes anew what does not agree with the snapshot to go on from."""
        if not (self.run.writes and self.run.resume):
            return
        self.run.write_history(self.state.rows)
        if self.save is not None:
            self.run.set_model_aside()
            if self._is_better():
                model.set_weights(self.best.weights)
                self.run.write_model(self.save, self.best.epoch, self.best.best)

    def interrupt(self) -> None:
        """Saves what is not saved yet, for `Interrupted` came out of `fit`."""
        if self._before_last is not None:
            self._write(self._before_last)

    def finish(self) -> None:
        """Writes what could not be written before. The model is the best one.

        Raises:
            OutputError: if it still cannot be written.
        """
        if not self.run.writes:
            return
        if self._failed:
            self.run.write_snapshot(self.state)
            self.run.write_history(self.state.rows)
        if self.save is not None and self._is_better():
            self.run.write_model(self.save, self.best.epoch, self.best.best)

    def on_train_begin(self, logs=None):
        if not self._restored and self.state.variables:
            set_variables(self.model, self.state.variables)

    def on_epoch_begin(self, epoch, logs=None):
        self.batches.start(epoch + 1, self.state.step)
        if not self._restored and self.state.metrics:
            self._set_metrics(self.state.metrics)
        self._restored = True

    def on_train_batch_begin(self, batch, logs=None):
        self.run.request.is_held = True
        is_last = self.state.step == self.batches.steps - 1
        if self.run.writes and is_last and not self.workers.are_several:
            self._before_last = self._now()

    def on_train_batch_end(self, batch, logs=None):
        request = self.run.request
        self.state.step += 1
        if self.state.step == self.batches.steps:
            if self.workers.are_several:
                return  # all stop together, when the epoch is written
            request.is_held = False
            request.act()
            return  # the end of an epoch is written below
        is_due = time.monotonic() - self._written >= self.SECONDS
        is_due, stops = self.workers.any_of(
            is_due and self.run.writes, request.came is not None
        )
        if is_due or stops:
            now = self._now()  # metrics are read from all workers
            if self.run.writes:
                self._write(now)
        if stops:
            request.came = request.came or signal.SIGTERM
            request.act()

    def on_epoch_end(self, epoch, logs=None):
        request = self.run.request
        if self.workers.are_several:
            self._end_epoch(epoch + 1, logs or {})
            if self.workers.any_of(request.came is not None)[0]:
                request.came = request.came or signal.SIGTERM
                request.act()
            return
        request.is_held = False
        with request.held():
            self._end_epoch(epoch + 1, logs or {})

    def _end_epoch(self, number, logs):
        seconds = self.budget.seconds()
        row = {"epoch": number, "seconds": round(seconds, 1)}
        row |= {name: float(value) for name, value in logs.items()}
        self.state.rows.append(row)
        self.state.epoch, self.state.step = number, 0
        if self.run.agree(self.budget.is_used_up(number)):
            self.model.stop_training = True
        self._before_last = None
        if not self.run.writes:
            return
        self.state.variables = self.averages.learning
        self.state.metrics = []
        self.state.seconds, self.state.best = seconds, self.best.weights
        self._write(self.state)
        try:
            self.run.write_history(self.state.rows)
            if self.save is not None and self.best.epoch == number:
                if self._is_better():
                    self.run.write_model(self.save, number, self.best.best)
        except OutputError as error:
            self.run.note(f"{error}: tried again at the end")
            self._failed = True

    def _write(self, snapshot):
        self._written = time.monotonic()
        try:
            self.run.write_snapshot(snapshot)
            self._failed = False
        except OutputError as error:
            self._failed = True
            self.run.note(
                f"{error}: the training goes on, what was saved before "
                f"stays ({self.run.saved})"
            )

    def _now(self):
        """The state between two steps."""
        return replace(
            self.state,
            seconds=self.budget.seconds(),
            rows=list(self.state.rows),
            variables=variables_of(self.model),
            metrics=self.workers.parts_of(self.model.metrics_variables),
            best=self.best.weights,
        )

    def _is_better(self):
        """Whether the best epoch is better than what `model.keras` has."""
        if not self.best.weights:
            return False
        return self.run.best is None or self.best.best < self.run.best[1]

    def _set_metrics(self, values):
        if len(self.model.metrics_variables) != len(values):
            self._make_metrics()
        self.workers.set_parts(self.model.metrics_variables, values)

    def _make_metrics(self):
        """Keras makes the variables of metrics when it sees the first batch."""
        row = keras.tree.map_structure(lambda a: a[:1], self.batches[0])
        x, y, weights = keras.utils.unpack_x_y_sample_weight(row)
        y_pred = self.model(x, training=False)
        self.model.compute_loss(x, y, y_pred, weights)
        self.model.compute_metrics(x, y, y_pred, weights)
