"""What watches over `fit`: time, learning rate, the best model, resuming.

All of these are Keras callbacks and work with any model. A training run that
is killed at any moment goes on from its last snapshot: at most one epoch or
`Snapshot.SECONDS` are lost, whichever is shorter.
"""

import csv
import json
import math
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import numpy as np

from mitseq.output import atomic_path, atomic_write
from mitseq.tasks.music.evaluation import CodeLength


class Clock:
    """Seconds of training so far, those before a resumed run's start included.

    Args:
        before: Seconds that earlier runs have used.
    """

    def __init__(self, before: float = 0.0):
        self.before = before
        self.started = time.monotonic()

    def seconds(self) -> float:
        return self.before + time.monotonic() - self.started


class Schedule(keras.callbacks.Callback):
    """Warm-up and cosine decay over epochs or minutes, and the time budget.

    Progress p runs from 0 to 1 and is the larger of the shares of epochs and
    of minutes used up. The learning rate rises linearly to `peak` until
    p = `warmup`, then falls as a half cosine to a hundredth of it.

    Args:
        peak: Highest learning rate.
        steps: Number of steps of the whole training, or None.
        minutes: Time budget, or None. Training stops when it is used up.
        clock: `Clock` of the training.
        first_step: Steps done before this run.
        warmup: Share of the training.
    """

    def __init__(
        self,
        peak: float,
        steps: int | None,
        minutes: float | None,
        clock: Clock,
        first_step: int = 0,
        warmup: float = 0.03,
    ):
        super().__init__()
        self.peak, self.steps, self.minutes = peak, steps, minutes
        self.clock, self.step, self.warmup = clock, first_step, warmup

    def progress(self) -> float:
        shares = [0.0]
        if self.steps:
            shares.append(self.step / self.steps)
        if self.minutes:
            shares.append(self.clock.seconds() / (60 * self.minutes))
        return min(1.0, max(shares))

    def learning_rate(self, progress: float) -> float:
        if progress < self.warmup:
            return self.peak * max(progress / self.warmup, 0.01)
        share = (progress - self.warmup) / (1 - self.warmup)
        return self.peak * (0.505 + 0.495 * math.cos(math.pi * share))

    def on_train_batch_begin(self, batch, logs=None):
        self.model.optimizer.learning_rate = self.learning_rate(self.progress())

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        if self.minutes and self.progress() >= 1:
            self.model.stop_training = True


class BitsPerCharacter(keras.callbacks.Callback):
    """Add `val_bits_per_character` of held-out tunes to each epoch's logs.

    Args:
        encoded: Held-out tunes from `encode_tunes`.
        characters: Number of characters of their normalized text.
    """

    def __init__(self, encoded: Sequence[np.ndarray], characters: int):
        super().__init__()
        self.encoded, self.characters = encoded, characters

    def on_train_begin(self, logs=None):
        self._code_length = CodeLength(self.model)

    def on_epoch_end(self, epoch, logs=None):
        bits = self._code_length(self.encoded) / self.characters
        if logs is not None:
            logs["val_bits_per_character"] = bits


class KeepBest(keras.callbacks.Callback):
    """Save the best model so far; stop when there is none better for long.

    Args:
        path: The `.keras` file. It is replaced whole or not at all.
        monitor: The value in the logs, smaller is better.
        patience: Epochs without a better value after which training stops.
        seen: Values of earlier epochs, oldest first (a resumed run).
    """

    def __init__(
        self,
        path: str | os.PathLike,
        monitor: str,
        patience: int,
        seen: Sequence[float] = (),
    ):
        super().__init__()
        self.path, self.monitor = Path(path), monitor
        self.patience = patience
        self.best = min(seen, default=math.inf)
        self.waited = len(seen) - 1 - seen.index(self.best) if seen else 0

    def on_epoch_end(self, epoch, logs=None):
        value = (logs or {}).get(self.monitor, math.nan)
        if value < self.best:
            self.best, self.waited = value, 0
            save_model(self.model, self.path)
        else:
            self.waited += 1
            if self.waited >= self.patience:
                self.model.stop_training = True


class EpochLog(keras.callbacks.Callback):
    """Append each epoch's logs and its seconds to a CSV file.

    Args:
        path: The CSV file.
        clock: `Clock` of the training.
        rows: Rows of earlier runs, kept in front.
    """

    def __init__(
        self, path: str | os.PathLike, clock: Clock, rows: Sequence[dict] = ()
    ):
        super().__init__()
        self.path, self.clock, self.rows = Path(path), clock, list(rows)

    def on_epoch_end(self, epoch, logs=None):
        row = {"epoch": epoch + 1, "seconds": round(self.clock.seconds(), 1)}
        row |= {name: float(value) for name, value in (logs or {}).items()}
        self.rows.append(row)
        names = list(dict.fromkeys(name for row in self.rows for name in row))
        lines = [",".join(names)]
        lines += [
            ",".join(str(row.get(name, "")) for name in names)
            for row in self.rows
        ]
        atomic_write(self.path, "\n".join(lines) + "\n")

    @staticmethod
    def read(path: str | os.PathLike) -> list[dict]:
        """Return the rows of such a file, numbers as floats."""
        with open(path, encoding="utf-8", newline="") as file:
            return [
                {name: float(value) for name, value in row.items() if value}
                for row in csv.DictReader(file)
            ]


class Snapshot(keras.callbacks.Callback):
    """Save model, optimizer and progress every epoch and every five minutes.

    Args:
        directory: Where `snapshot-*.keras` and `snapshot.json` go.
        clock: `Clock` of the training.
        state: Dict that is saved with each snapshot (the settings).
        first_step: Batches of the first epoch that an earlier run has done.
    """

    SECONDS = 300.0

    def __init__(
        self,
        directory: str | os.PathLike,
        clock: Clock,
        state: dict,
        first_step: int = 0,
    ):
        super().__init__()
        self.directory, self.clock, self.state = Path(directory), clock, state
        self.first_step = first_step
        self._epoch = 0
        self._saved = time.monotonic()

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch
        self._save(epoch, self.first_step)

    def on_train_batch_end(self, batch, logs=None):
        if time.monotonic() - self._saved >= self.SECONDS:
            self._save(self._epoch, self.first_step + batch + 1)

    def on_epoch_end(self, epoch, logs=None):
        self.first_step = 0
        self._epoch = epoch + 1

    def _save(self, epoch, step):
        name = f"snapshot-{epoch}-{step}.keras"
        save_model(self.model, self.directory / name)
        record = {
            **self.state,
            "model": name,
            "epoch": epoch,
            "step": step,
            "seconds": self.clock.seconds(),
        }
        atomic_write(
            self.directory / "snapshot.json", json.dumps(record, indent=1)
        )
        for old in self.directory.glob("snapshot-*.keras"):
            if old.name != name:
                old.unlink()
        self._saved = time.monotonic()


class ShowSample(keras.callbacks.Callback):
    """Print a sample of the model after each epoch.

    Args:
        sample: Function of the model that returns the text to show.
    """

    def __init__(self, sample: Callable[[keras.Model], str]):
        super().__init__()
        self.sample = sample

    def on_epoch_end(self, epoch, logs=None):
        print(f"\n{self.sample(self.model)}\n", file=sys.stderr, flush=True)


def save_model(model: keras.Model, path: Path) -> None:
    """Save a model to a `.keras` file that appears whole or not at all."""
    with atomic_path(path) as temporary:
        model.save(temporary)
