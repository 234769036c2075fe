"""What watches over `fit`: the learning rate, the end, the best epoch.

All of these are Keras callbacks and work with any model; `fit.py` puts them
together.
"""

import math
import sys
from collections.abc import Callable

import keras
import numpy as np

from mitseq.errors import MitseqError
from mitseq.training.budget import Budget


class _Paced(keras.callbacks.Callback):
    """Knows how many epochs are done, the part of the present one included."""

    def __init__(self, budget: Budget, steps: int):
        super().__init__()
        self.budget, self.steps, self.epoch = budget, steps, 0

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def epochs(self, batch: int) -> float:
        """Returns the epochs done after `batch` batches of this one."""
        # an epoch that is resumed in its middle has fewer steps
        done_before = self.steps - (self.params.get("steps") or self.steps)
        return self.epoch + (done_before + batch) / self.steps


class Schedule(_Paced):
    """Warm-up and cosine decay of the learning rate over the budget.

    Progress p runs from 0 to 1: the share of the budget that is used up. The
    learning rate rises linearly to `peak` until p = `warmup`, then falls as a
    half cosine to a hundredth of it.

    Args:
        peak: Highest learning rate.
        budget: What the training may use.
        steps: Steps of an epoch.
        warmup: Share of the training.
    """

    def __init__(
        self, peak: float, budget: Budget, steps: int, warmup: float = 0.03
    ):
        super().__init__(budget, steps)
        self.peak, self.warmup = peak, warmup

    def learning_rate(self, progress: float) -> float:
        """Returns the learning rate at a share of the training, in [0, 1]."""
        if progress < self.warmup:
            return self.peak * max(progress / self.warmup, 0.01)
        share = (progress - self.warmup) / (1 - self.warmup)
        return self.peak * (0.505 + 0.495 * math.cos(math.pi * share))

    def on_train_batch_begin(self, batch, logs=None):
        progress = self.budget.progress(self.epochs(batch))
        self.model.optimizer.learning_rate = self.learning_rate(progress)


class EndOfBudget(_Paced):
    """Stops the training when the budget is used up.

    `agree` is asked, so that several workers stop after the same step.
    """

    def __init__(
        self,
        budget: Budget,
        steps: int,
        agree: Callable[[bool], bool] = bool,
    ):
        super().__init__(budget, steps)
        self.agree = agree

    def on_train_batch_end(self, batch, logs=None):
        if self.agree(self.budget.is_used_up(self.epochs(batch + 1))):
            self.model.stop_training = True


class NotFinite(MitseqError):
    """A loss that is NaN or infinite, and after which step."""


class EndOfNumbers(keras.callbacks.Callback):
    """Ends a training whose loss is no number any more: nothing mends it.

    One process looks after each step; several look at the end of the epoch,
    when all have the same logs.

    Args:
        steps: Steps of an epoch.
        step: Steps of the first one that were done before.
        each_step: Whether to look after each step.

    Raises:
        NotFinite: out of `fit`.
    """

    def __init__(self, steps: int, step: int = 0, each_step: bool = True):
        super().__init__()
        self.steps, self.step, self.each_step = steps, step, each_step

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        if self.each_step:
            self._look(logs)

    def on_epoch_end(self, epoch, logs=None):
        self._look(logs)
        self.step = 0

    def _look(self, logs):
        loss = float((logs or {}).get("loss", 0.0))
        if not math.isfinite(loss):
            raise NotFinite(
                f"epoch {self.epoch + 1}, step {self.step} of {self.steps}: "
                f"the loss is {'NaN' if math.isnan(loss) else 'infinite'}"
            )


class KeepBest(keras.callbacks.Callback):
    """Keeps the weights of the best epoch; stops when none is better for long.

    Args:
        monitor: The value in the logs, smaller is better; NaN never is.
        patience: Epochs without a better value after which training stops.

    Attributes:
        best: The smallest value so far, and `epoch` the number of its epoch;
            infinity and 0 before the first.
        weights: Those of that epoch; empty before the first.
    """

    def __init__(self, monitor: str, patience: int):
        super().__init__()
        self.monitor, self.patience = monitor, patience
        self.restore([], [])

    def restore(self, rows: list[dict], weights: list[np.ndarray]) -> None:
        """Takes over an earlier run's history and its best weights."""
        self.best, self.epoch, self.waited = math.inf, 0, 0
        self.weights = weights
        for number, row in enumerate(rows, start=1):
            self._is_better(number, row)

    @property
    def is_over(self) -> bool:
        """Whether no epoch has been better for `patience` epochs."""
        return self.waited >= self.patience

    def on_epoch_end(self, epoch, logs=None):
        if self._is_better(epoch + 1, logs or {}):
            self.weights = self.model.get_weights()
        if self.is_over:
            self.model.stop_training = True

    def _is_better(self, number, row):
        value = float(row.get(self.monitor, math.nan))
        if value < self.best:
            self.best, self.epoch, self.waited = value, number, 0
            return True
        self.waited += 1
        return False


class ShowSample(keras.callbacks.Callback):
    """Prints after each epoch the text that a function makes of the model."""

    def __init__(self, sample: Callable[[keras.Model], str]):
        super().__init__()
        self.sample = sample

    def on_epoch_end(self, epoch, logs=None):
        print(f"\n{self._text()}\n", file=sys.stderr, flush=True)

    def _text(self):
        if not hasattr(self.model, "workers"):
            return self.sample(self.model)
        inner = self.model.inner
        return self.model.workers.apart(lambda: self.sample(inner))


class SameClock(keras.callbacks.Callback):
    """Lets several workers go by the clock of the first.

    The learning rate and the end depend on the time that is used up, so all
    must know the same. Put it in front of what asks the budget.
    """

    def __init__(self, budget: Budget, workers):
        super().__init__()
        self.budget, self.workers = budget, workers
        self.on_train_batch_begin(0)

    def on_train_batch_begin(self, batch, logs=None):
        if self.workers.are_several and self.budget.minutes is not None:
            measured = self.budget.measured()
            self.budget.agreed = self.workers.number_of_first(measured)

    def on_epoch_end(self, epoch, logs=None):
        self.on_train_batch_begin(0)


class SameLogs(keras.callbacks.Callback):
    """Lets several workers go by what the first has measured.

    Two machines may differ in the last digit, and then in which epoch is the
    best. Put it in front of what judges an epoch.
    """

    def __init__(self, workers):
        super().__init__()
        self.workers = workers

    def on_epoch_end(self, epoch, logs=None):
        if self.workers.are_several and logs is not None:
            own = {name: float(value) for name, value in logs.items()}
            logs.update(self.workers.hand_on_json(own))
