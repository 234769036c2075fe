"""What a classifier mixes up, and whether its probabilities can be believed.

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment). The figures to `mitseq.training.metrics`.
"""

from collections.abc import Sequence

import numpy as np

from mitseq.plots.style import (
    BLUE,
    GRAY,
    ORANGE,
    Figure,
    new_figure,
    write_cells,
)
from mitseq.training.metrics import BINS, calibration_error, reliability


def plot_confusion_matrix(
    matrix: np.ndarray, classes: Sequence[str], *, title: str = ""
) -> Figure:
    """Returns a figure of how often each true class is taken for which.

    Args:
        matrix: `(C, C)` of counts, rows are the truth.
        classes: The names of the C classes.
        title: Above the figure; the accuracy where it is not given.

    Returns:
        The figure. The shade is the share of the row; each cell holds the
        count and the share.

    Example:

    >>> figure = plot_confusion_matrix(np.eye(2, dtype=int), ["neg", "pos"])
    >>> figure.axes[0].get_title()
    'accuracy 100.0 %, 2 texts'
    """
    matrix = np.asarray(matrix)
    n, size = matrix.sum(), len(classes)
    rows = matrix.sum(axis=1, keepdims=True)
    shares = matrix / np.maximum(rows, 1)
    inches = 3.2 + 0.9 * min(size, 12)
    figure, axes = new_figure(size=(inches + 1.2, inches))
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    if size <= 12:
        percent = np.char.mod("\n%.1f %%", 100 * shares)
        texts = np.char.add(matrix.astype(str), percent)
        write_cells(axes, texts, shares > 0.5)
    axes.set_xticks(range(size), map(_short, classes))
    axes.set_yticks(range(size), map(_short, classes))
    if size > 4:
        axes.tick_params(axis="x", rotation=45)
    right = np.trace(matrix) / max(n, 1)
    axes.set(
        title=title or f"accuracy {100 * right:.1f} %, {n} texts",
        xlabel="answer",
        ylabel="truth",
    )
    figure.colorbar(image, ax=axes, label="share of the true class")
    return figure


def plot_reliability(
    confidences: np.ndarray,
    hits: np.ndarray,
    *,
    bins: int = BINS,
    title: str = "",
) -> Figure:
    """Returns how often answers are right against how sure the model was.

    Args:
        confidences: `(n,)`, the probability of each answer.
        hits: `(n,)`, whether it is right.
        bins: How many of equal width.
        title: Above the figure; the calibration error where it is not given.

    Returns:
        The figure: accuracy by bin above, the number of answers below.

    Example:

    >>> figure = plot_reliability(np.array([0.9, 0.6]), np.array([1, 0]))
    >>> [axes.get_ylabel() for axes in figure.axes]
    ['accuracy', 'answers']
    """
    counts, believed, right = reliability(confidences, hits, bins)
    error = calibration_error(confidences, hits, bins)
    figure, (above, below) = new_figure(
        2,
        1,
        size=(6.2, 6.4),
        title=title
        or f"calibration error {error:.3f}, {len(confidences)} texts",
        sharex=True,
        height_ratios=[3, 1],
    )
    width = 1 / bins
    centers = (np.arange(bins) + 0.5) * width
    full = counts > 0
    above.plot([0, 1], [0, 1], "--", color=GRAY, label="as sure as right")
    name = "accuracy of the bin"
    above.bar(centers[full], right[full], 0.94 * width, color=BLUE, label=name)
    above.plot(
        believed[full],
        believed[full],
        "o",
        color=ORANGE,
        markeredgecolor="black",
        label="mean probability of the bin",
    )
    above.set(ylabel="accuracy", ylim=(0, 1.02))
    above.legend(loc="upper left")
    below.bar(centers, counts, 0.94 * width, color=GRAY)
    below.set(ylabel="answers", xlabel="probability of the answer", xlim=(0, 1))
    return figure


def _short(name: str, most: int = 14) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"
