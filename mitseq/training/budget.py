"""How long a training may take: epochs, minutes, whichever ends first."""

import time


class Budget:
    """What a training may use, and what it has used.

    `epochs` as an argument of its methods are those that are done, with the
    part of one that is begun.

    Args:
        epochs: Most passes over the data, or None.
        minutes: Most minutes of training, or None.
        used: Seconds that earlier runs of the same training have used.
        whole_epochs: Whether an epoch that would not fit into the minutes is
            not begun. Otherwise the training stops in the middle of one.

    Example:

    >>> budget = Budget(epochs=4)
    >>> budget.progress(1.0), budget.is_used_up(3.5), budget.is_used_up(4)
    (0.25, False, True)
    """

    def __init__(
        self,
        epochs: int | None = None,
        minutes: float | None = None,
        used: float = 0.0,
        whole_epochs: bool = False,
    ):
        self.epochs, self.minutes = epochs, minutes
        self.whole_epochs = whole_epochs
        self.begin(used)

    def begin(self, used: float) -> None:
        """Starts the clock, with the seconds that were used before."""
        self.used_before, self.started = used, time.monotonic()
        self.agreed = None

    def seconds(self) -> float:
        """Returns the seconds of training so far, as the workers agreed."""
        return self.measured() if self.agreed is None else self.agreed

    def measured(self) -> float:
        """Returns the seconds of training so far by the own clock."""
        return self.used_before + time.monotonic() - self.started

    def progress(self, epochs: float) -> float:
        """Returns the share of the budget that is used up, from 0 to 1."""
        shares = [0.0]
        if self.epochs:
            shares.append(epochs / self.epochs)
        if self.minutes is not None:
            budget = 60 * self.minutes
            shares.append(self.seconds() / budget if budget > 0 else 1.0)
        return min(1.0, max(shares))

    def is_used_up(self, epochs: float) -> bool:
        """Tells whether the training ends here."""
        is_over = self.progress(epochs) >= 1
        if not self.whole_epochs:
            return is_over
        if epochs == 0 or epochs != int(epochs):
            return False
        next_one = self.seconds() * (epochs + 1) / epochs
        return is_over or (
            self.minutes is not None and next_one > 60 * self.minutes
        )

    def left(self, epochs: float) -> float | None:
        """Returns the seconds that are left at most, or None if unknown."""
        done = self.progress(epochs)
        return self.seconds() * (1 - done) / done if done else None
