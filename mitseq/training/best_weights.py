"""Stop when the held-out loss rises, keep the best weights, survive a kill.

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment). A recurrence over few texts learns for a few epochs
and then learns them by heart; its best epoch is the one to keep. With a folder
everything is written there at each epoch's end, so that a training that was
killed goes on where it was, and one that was over stays so.
"""

import json
import os
import time
import zipfile
from pathlib import Path

import keras
import numpy as np

from mitseq.errors import MitseqError
from mitseq.output import atomic_path

# What a file that is damaged makes `np.load` raise.
_DAMAGES = (
    *(ValueError, KeyError, TypeError, AttributeError, EOFError),
    zipfile.BadZipFile,
)


class BestWeights(keras.callbacks.SwapEMAWeights):
    """Keeps the averaged weights of the epoch with the lowest `val_loss`.

    The optimizer has `use_ema=True`. From an epoch's end to the next one's
    begin the averages are in the model. The weights that learn wait in
    `learning` meanwhile, from where every epoch begins: a resumed one, too.

    Args:
        patience: Epochs without a lower loss after which training stops.
        seconds: Time budget: no epoch begins that would not fit in; or None.
        path: The `.npz` file for what `resume` needs, or None.
        key: Says which training it is (data and settings).
    """

    def __init__(
        self,
        patience: int = 2,
        seconds: float | None = None,
        path: str | os.PathLike | None = None,
        key: str = "",
    ):
        super().__init__(swap_on_epoch=True)
        self.patience, self.seconds, self.key = patience, seconds, key
        self.path = None if path is None else Path(path)
        self.rows: list[dict[str, float]] = []
        self.best: list[np.ndarray] = []
        self.learning: list[np.ndarray] = []
        self.used = 0.0

    @property
    def epoch(self) -> int:
        """How many epochs are done."""
        return len(self.rows)

    @property
    def is_over(self) -> bool:
        """Whether patience or time has run out."""
        if not self.rows:
            return False
        losses = [row["val_loss"] for row in self.rows]
        if len(losses) - 1 - int(np.argmin(losses)) >= self.patience:
            return True
        next_one = self.used * (self.epoch + 1) / self.epoch
        return self.seconds is not None and next_one > self.seconds

    def restore(self) -> None:
        """Loads what an earlier run has written.

        Raises:
            MitseqError: if the file is damaged, or of another training.
        """
        if self.path is None or not self.path.exists():
            return
        try:
            with open(self.path, "rb") as file, np.load(file) as saved:
                record = json.loads(str(saved["record"]))
                arrays = {
                    kind: [saved[f"{kind}_{i}"] for i in range(count)]
                    for kind, count in record["counts"].items()
                }
            self.best, learning = arrays["best"], arrays["learning"]
        except _DAMAGES as error:
            raise MitseqError(
                f"{self.path}: damaged: {error}. Delete it to begin with the "
                "first epoch again."
            ) from None
        if record["key"] != self.key:
            raise MitseqError(
                f"{self.path}: the training to resume had other texts or "
                "settings. Resume it with the same, or train anew."
            )
        self.rows, self.used = record["rows"], record["used"]
        self.learning = learning

    def on_epoch_begin(self, epoch, logs=None):
        super().on_epoch_begin(epoch, logs)
        self._started = time.monotonic()
        if self.learning:
            optimizer = self.model.optimizer
            if not optimizer.built:
                optimizer.build(self.model.trainable_variables)
            for variable, value in zip(
                self._variables(), self.learning, strict=True
            ):
                variable.assign(value)

    def on_epoch_end(self, epoch, logs=None):
        self.used += time.monotonic() - self._started
        self.learning = [
            keras.ops.convert_to_numpy(v) for v in self._variables()
        ]
        super().on_epoch_end(epoch, logs)
        row = {name: float(value) for name, value in (logs or {}).items()}
        if row["val_loss"] < min(
            (r["val_loss"] for r in self.rows), default=float("inf")
        ):
            self.best = self.model.get_weights()
        self.rows.append(row)
        if self.path is not None:
            self._write()
        if self.is_over:
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        if self.best:
            self.model.set_weights(self.best)

    def _variables(self):
        """Weights, states of random generators, and the optimizer's."""
        return [*self.model.variables, *self.model.optimizer.variables]

    def _write(self):
        arrays = {"learning": self.learning, "best": self.best}
        record = {
            "key": self.key,
            "rows": self.rows,
            "used": self.used,
            "counts": {kind: len(a) for kind, a in arrays.items()},
        }
        named = {
            f"{kind}_{i}": a
            for kind, many in arrays.items()
            for i, a in enumerate(many)
        }
        with atomic_path(self.path) as temporary, open(temporary, "wb") as file:
            np.savez(file, record=json.dumps(record), **named)
