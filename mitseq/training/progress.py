"""How far a training is, and how long it takes at most."""

import keras

from mitseq.progress import Work, duration, way_of
from mitseq.training.budget import Budget


class Progress(keras.callbacks.Callback):
    """Prints a line an epoch; shows how far the training is within one.

    A bar that an error leaves on the terminal is removed at the end of a
    `with show_progress():` around the training.

    Args:
        budget: What the training may use.
        steps: Steps of an epoch.
        first_step: Steps of the first epoch that were done before.
        verbose: 0 for nothing, 1 for a bar and lines, 2 for lines, "auto" for
            1. Where nobody sees a bar, lines take its place.
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
        self.verbose = verbose

    def on_train_begin(self, logs=None):
        spent = self.budget.seconds()
        self.work = Work("training", 1.0, way_of(self.verbose), spent)
        self.work.__enter__()

    def on_train_end(self, logs=None):
        if self.model.stop_training:  # before the budget was used up
            self.work.update(1.0)
        self.work.__exit__()

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch
        self._show({})

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        if self.verbose:
            self._show(logs or {})

    def on_epoch_end(self, epoch, logs=None):
        self.step = 0
        if not self.verbose:
            return
        spent = duration(self.budget.seconds())
        left = "" if self.model.stop_training else self._left(epoch + 1)
        print(
            f"epoch {self._number(epoch)}: {_values(logs or {})}; {spent}"
            f"{left}",
            flush=True,
        )

    def _show(self, logs):
        note = ", ".join(
            filter(None, [f"step {self.step} of {self.steps}", _values(logs)])
        )
        self.work.update(
            self.budget.progress(self.epoch + self.step / self.steps),
            note,
            f"epoch {self._number(self.epoch)}",
        )

    def _number(self, epoch):
        if self.budget.epochs is None:
            return f"{epoch + 1}"
        return f"{epoch + 1} of {self.budget.epochs}"

    def _left(self, epochs):
        left = self.budget.left(epochs)
        return f", at most {duration(left)} left" if left else ""


class ShowProgress(keras.callbacks.Callback):
    """Shows how far a `fit` of Keras is, for `callbacks`.

    It is shown inside `with show_progress():`, as in `mitseq.progress`.

    Args:
        what: A word or two.

    Example:

    >>> import numpy as np
    >>> from mitseq.progress import show_progress
    >>> model = keras.Sequential([keras.layers.Dense(1)])
    >>> model.compile(loss="mse")
    >>> x = np.ones((8, 2), "float32")
    >>> with show_progress():
    ...     history = model.fit(
    ...         x, x[:, :1], callbacks=[ShowProgress("lines")], verbose=0
    ...     )
    """

    def __init__(self, what: str = "training"):
        super().__init__()
        self.what = what

    def on_train_begin(self, logs=None):
        self.steps = self.params.get("steps")  # None if nobody can tell
        epochs, steps = self.params["epochs"], self.steps or 1
        self.work = Work(self.what, total=epochs * steps)
        self.work.__enter__()

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        if self.steps:
            done = self.epoch * self.steps + batch + 1
            self.work.update(done, _values(logs or {}))

    def on_epoch_end(self, epoch, logs=None):
        self.work.update((epoch + 1) * (self.steps or 1), _values(logs or {}))

    def on_train_end(self, logs=None):
        self.work.__exit__()


def _values(logs: dict) -> str:
    return ", ".join(f"{name} {value:.4f}" for name, value in logs.items())
