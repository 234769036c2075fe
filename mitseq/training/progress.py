"""How far a training is, and how long it takes at most."""

import sys

import keras

from mitseq.training.budget import Budget


class Progress(keras.callbacks.Callback):
    """Prints a line an epoch, and on a terminal a bar that moves.

    Args:
        budget: What the training may use.
        steps: Steps of an epoch.
        first_step: Steps of the first epoch that were done before.
        verbose: 0 for nothing, 1 for bar and lines, 2 for lines, "auto" for 1
            on a terminal and 2 elsewhere.
    """

    def __init__(
        self,
        budget: Budget,
        steps: int,
        first_step: int = 0,
        verbose: int | str = "auto",
    ):
        super().__init__()
        self.budget, self.steps, self.step = budget, steps, first_step
        if verbose == "auto":
            verbose = 1 if sys.stdout.isatty() else 2
        self.verbose = verbose

    def on_epoch_begin(self, epoch, logs=None):
        if self.verbose == 1:
            print(f"epoch {self._number(epoch)}{self._left(epoch)}", flush=True)
            self.bar = keras.utils.Progbar(self.steps)
            self.bar.update(self.step)

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        if self.verbose == 1 and self.step < self.steps:
            self.bar.update(self.step, list((logs or {}).items()))

    def on_epoch_end(self, epoch, logs=None):
        self.step = 0
        if not self.verbose:
            return
        if self.verbose == 1:
            self.bar.update(self.steps, finalize=True)
        values = ", ".join(f"{k} {v:.4f}" for k, v in (logs or {}).items())
        spent = duration(self.budget.seconds())
        left = "" if self.model.stop_training else self._left(epoch + 1)
        print(
            f"epoch {self._number(epoch)}: {values}; {spent}{left}", flush=True
        )

    def _number(self, epoch):
        if self.budget.epochs is None:
            return f"{epoch + 1}"
        return f"{epoch + 1} of {self.budget.epochs}"

    def _left(self, epochs):
        left = self.budget.left(epochs)
        return f", at most {duration(left)} left" if left else ""


def duration(seconds: float) -> str:
    """Returns a span of time as a person says it.

    Example:

    >>> duration(7.6), duration(130), duration(7500)
    ('8 s', '2 min 10 s', '2 h 5 min')
    """
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60} min"
