"""A plot of the loss that is redrawn in place while a model trains."""

import io
import time
from collections.abc import Sequence

from mitseq.errors import MitseqError
from mitseq.mitdeeplearning.in_notebook import (
    can_show_pictures,
    ipython_display,
)
from mitseq.plots.style import new_figure

# How a scale of the notebook draws: the scales of the x and of the y axis.
SCALES = {
    None: ("linear", "linear"),
    "semilogx": ("log", "linear"),
    "semilogy": ("linear", "log"),
    "loglog": ("log", "log"),
}


class LossHistory:
    """Losses, each smoothed by those before it.

    Args:
        smoothing_factor: Share of the smoothed loss before, from 0 (none) to
            1, which is left out.

    Raises:
        MitseqError: if `smoothing_factor` is outside of that.

    Example:

    >>> history = LossHistory(smoothing_factor=0.5)
    >>> for loss in (4.0, 2.0, 2.0):
    ...     history.append(loss)
    >>> history.get()
    [4.0, 3.0, 2.5]
    """

    def __init__(self, smoothing_factor: float = 0.0):
        if not 0 <= smoothing_factor < 1:
            raise MitseqError(
                "`smoothing_factor` must be at least 0 and below 1. Received: "
                f"smoothing_factor={smoothing_factor!r}."
            )
        self.smoothing_factor = smoothing_factor
        self._losses: list[float] = []

    def append(self, value: float) -> None:
        """Adds a loss."""
        before = self._losses[-1] if self._losses else value
        share = self.smoothing_factor
        self._losses.append(share * before + (1 - share) * value)

    def get(self) -> list[float]:
        """Returns the smoothed losses, the oldest first."""
        return self._losses


class PeriodicPlotter:
    """Draws a list that grows, at most once in some seconds.

    In a notebook the picture stands in the cell's output and is redrawn there;
    what else the cell printed, such as a progress bar, stays. Elsewhere, in a
    terminal, nothing is shown; `figure` holds the last drawing.

    Args:
        sec: Seconds from one drawing to the next, and to the first.
        xlabel: Name of the x axis.
        ylabel: Name of the y axis.
        scale: None, `semilogx`, `semilogy` or `loglog`.

    Raises:
        MitseqError: if `scale` is none of these, or matplotlib is missing.

    Example:

    >>> plotter = PeriodicPlotter(sec=0, ylabel="loss")
    >>> plotter.plot([4.1, 3.2])
    >>> plotter.figure.axes[0].get_ylabel()
    'loss'
    """

    def __init__(
        self,
        sec: float,
        xlabel: str = "",
        ylabel: str = "",
        scale: str | None = None,
    ):
        if scale not in SCALES:
            raise MitseqError(
                "`scale` must be None, 'semilogx', 'semilogy' or 'loglog'. "
                f"Received: scale={scale!r}."
            )
        self.sec = sec
        self.figure, self._axes = new_figure()
        self._labels = {"xlabel": xlabel, "ylabel": ylabel}
        self._scales = dict(
            zip(("xscale", "yscale"), SCALES[scale], strict=True)
        )
        self._last = time.monotonic()
        self._handle = None  # of the picture in the notebook

    def plot(self, data: Sequence[float]) -> None:
        """Draws the list, if it is time to; otherwise does nothing."""
        if time.monotonic() - self._last < self.sec:
            return
        self._axes.clear()
        self._axes.plot(data)
        self._axes.set(**self._labels, **self._scales)
        if can_show_pictures():
            self._show()
        # A drawing takes time, too: the seconds count from its end.
        self._last = time.monotonic()

    def _show(self) -> None:
        picture = ipython_display().Image(data=_png(self.figure))
        if self._handle is None:
            self._handle = ipython_display().display(picture, display_id=True)
        else:
            self._handle.update(picture)


def _png(figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
