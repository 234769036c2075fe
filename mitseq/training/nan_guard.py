"""A callback that finds NaN and infinity where they first appear.

Slide: Lecture 2, "Standard RNN Gradient Flow: Exploding Gradients". One number
that is no number is enough: it reaches every weight with the next update, and
the loss is NaN from then on. `NaNGuard` says where it began, stops the
training and puts the last good weights back.
"""

import logging
import math
from typing import Any

import keras
import numpy as np

logger = logging.getLogger("mitseq")


class NaNGuard(keras.callbacks.Callback):
    """Stops the training at the first NaN or infinity; keeps good weights.

    After a batch the loss is looked at; it is the mean over the epoch so far,
    so it stays NaN once it was. Every `every` batches, and at the end of the
    epoch, the weights are looked at too, and if all are finite they become the
    weights to go back to. When something is found, `found` and an error in the
    log of "mitseq" name it: the inputs (if `x` is given), the weights, or the
    loss alone.

    Args:
        x: The training inputs or targets, an array or a dict of arrays, to be
            searched before the first step; None to leave them.
        every: Positive int, batches between two looks at the weights. A look
            copies all weights.

    Attributes:
        found: What was found and where, or None.

    Raises:
        ValueError: if `every` is not a positive int.

    Example:

    >>> guard = NaNGuard(np.array([[1.0, 2.0], [3.0, float("nan")]]))
    >>> guard.set_model(keras.Sequential([keras.layers.Dense(1)]))
    >>> guard.on_train_begin()
    >>> guard.found
    'NaN in the input `x` at index (1, 1)'
    """

    def __init__(self, x: Any = None, every: int = 100):
        super().__init__()
        if isinstance(every, bool) or not isinstance(every, int) or every < 1:
            raise ValueError(
                "`every` must be a positive int, the batches between two "
                f"looks at the weights. Received: every={every!r}."
            )
        self.x, self.every = x, every
        self.found: str | None = None
        self._good: list[np.ndarray] | None = None
        self._batches = 0

    def on_train_begin(self, logs=None):
        self.found, self._batches = None, 0
        if self.model.built:
            self._look_at_weights()
        inputs = self.x if isinstance(self.x, dict) else {"x": self.x}
        for name, value in inputs.items():
            where = None if value is None else first_bad(value)
            if where and not self.found:
                self._stop(f"{where[0]} in the input `{name}` at {where[1]}")

    def on_train_batch_end(self, batch, logs=None):
        if self.found:  # in the inputs: `fit` looks only after a batch
            return self._restore()
        self._batches += 1
        loss = (logs or {}).get("loss", 0.0)
        if not math.isfinite(loss):
            where = self._bad_weight()
            also = f"; {where}" if where else ""
            self._stop(f"{_kind(loss)} in the loss at batch {batch}{also}")
        elif self._batches % self.every == 0:
            self._look_at_weights(f" after batch {batch}")

    def on_epoch_end(self, epoch, logs=None):
        if not self.found:
            self._look_at_weights(f" after epoch {epoch}")

    def _look_at_weights(self, when=""):
        if where := self._bad_weight():
            self._stop(where + when)
        else:
            self._good = [
                keras.ops.convert_to_numpy(w.value) for w in self._weights()
            ]

    def _weights(self):
        # the optimizer's moments are poisoned with the weights
        optimizer = getattr(self.model, "optimizer", None)
        return self.model.weights + (optimizer.variables if optimizer else [])

    def _bad_weight(self):
        for weight in self.model.weights:
            if where := first_bad(keras.ops.convert_to_numpy(weight.value)):
                return f"{where[0]} in the weight `{weight.path}` at {where[1]}"
        return None

    def _stop(self, found):
        self.found = found
        self.model.stop_training = True
        kept = "the last good weights are back" if self._good else "none kept"
        logger.error("training stopped: %s; %s", found, kept)
        self._restore()

    def _restore(self):
        good = zip(self._weights(), self._good or [], strict=False)
        for weight, value in good:
            weight.assign(value)


def first_bad(array: Any) -> tuple[str, str] | None:
    """Returns what the first NaN or infinity of an array is and where, or None.

    Example:

    >>> first_bad([[0.0, 1.0], [float("inf"), 2.0]])
    ('infinity', 'index (1, 0)')
    """
    array = np.asarray(array)
    if array.dtype.kind not in "fcV":  # V: bfloat16 as NumPy sees it
        return None
    bad = ~np.isfinite(array)
    if not bad.any():
        return None
    index = tuple(int(i) for i in np.argwhere(bad)[0])
    return _kind(array[index]), f"index {index}"


def _kind(value):
    return "NaN" if np.isnan(value) else "infinity"
