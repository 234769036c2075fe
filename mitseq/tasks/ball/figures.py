"""A path with its prediction between the walls, and errors by steps ahead.

Slide: Lecture 2, "Given an image of a ball, can you predict where it will go
next?" (docs/slides.md#ball).
"""

from collections.abc import Mapping

import numpy as np

from mitseq.plots.style import (
    BLACK,
    GRAY,
    MARKERS,
    PALETTE,
    Figure,
    new_figure,
)
from mitseq.tasks.ball.evaluation import Errors
from mitseq.tasks.ball.paths import Box

EXACT = 0.0001  # box widths, less is no difference


def plot_prediction(
    seen: np.ndarray,
    predicted: Mapping[str, np.ndarray],
    *,
    truth: np.ndarray | None = None,
    box: Box | None = None,
    title: str = "Where will the ball go next?",
) -> Figure:
    """Draws a path, where it is predicted to go, and the walls.

    Args:
        seen: `(T, 2)`, the positions seen.
        predicted: Name -> `(steps, 2)`, the positions that follow.
        truth: `(up to steps, 2)`, where the ball went, if that is known. The
            distance to it is drawn beside the path.
        box: The walls; None for 0 to 1.
        title: What is drawn, and whose path it is.

    Example:

    >>> seen = np.array([[0.1, 0.1], [0.2, 0.2]])
    >>> figure = plot_prediction(seen, {"model": seen + 0.2})
    >>> len(figure.axes), figure.axes[0].get_xlabel()
    (1, 'x')
    """
    box = box or Box()
    known = truth is not None and len(truth) > 0
    figure, axes = new_figure(
        1, 1 + known, size=(11.5 if known else 7.5, 5), title=title
    )
    left, *others = np.atleast_1d(axes)
    left.plot(
        *np.array(
            [
                [box.left, box.bottom],
                [box.right, box.bottom],
                [box.right, box.top],
                [box.left, box.top],
                [box.left, box.bottom],
            ]
        ).T,
        color=BLACK,
        linewidth=2.5,
        label="walls",
    )
    left.plot(*seen.T, "-o", color=GRAY, markersize=4, label="seen")
    left.plot(*seen[-1], "o", color=BLACK, markersize=8, label="now")
    below = {"xytext": (0, -16), "textcoords": "offset points", "ha": "center"}
    left.annotate("now", seen[-1], **below)
    if known:
        look = {"fillstyle": "none", "markersize": 11, "ls": ""}
        left.plot(*truth.T, "o", color=BLACK, label="went", **look)
    for i, (name, points) in enumerate(predicted.items()):
        look = {"color": PALETTE[i], "marker": MARKERS[i + 1], "linewidth": 0.8}
        left.plot(*points.T, markersize=4, label=name, **look)
    # A prediction may lie beyond a wall.
    points = np.concatenate([seen, *predicted.values()])
    edge = 0.04 * box.size
    low = np.minimum(box.corner, points.min(axis=0)) - edge
    high = np.maximum(box.corner + box.size, points.max(axis=0)) + edge
    left.set(
        xlabel="x",
        ylabel="y",
        xlim=(low[0], high[0]),
        ylim=(low[1], high[1]),
        aspect="equal" if np.ptp(box.size) < 3 * box.size.min() else "auto",
    )
    left.spines[:].set_visible(False)
    left.legend(loc="upper left", bbox_to_anchor=(1.02, 1))
    for right in others:
        for i, (name, points) in enumerate(predicted.items()):
            off = distances(points[: len(truth)], truth, box)
            look = {"color": PALETTE[i], "marker": MARKERS[i + 1]}
            steps = range(1, len(off) + 1)
            right.plot(steps, off, markersize=4, label=name, **look)
        right.set(
            title="How far off, for this ball",
            xlabel="steps ahead",
            ylabel="distance [box widths]",
            ylim=(0, None),
        )
        right.locator_params(axis="x", integer=True)
        right.legend()
    return figure


def distances(points: np.ndarray, truth: np.ndarray, box: Box) -> np.ndarray:
    """Returns how far points are from the truth, in box widths.

    Example:

    >>> distances(np.array([[3, 0]]), np.array([[0, 4]]), Box(0, 0, 10, 10))
    array([0.5])
    """
    return np.linalg.norm(box.to_unit(points) - box.to_unit(truth), axis=-1)


def plot_errors(
    errors: Mapping[str, Errors],
    title: str = "How far ahead can one see? Simulated balls",
) -> Figure:
    """Draws the errors by steps ahead: means, and ranges as shades.

    Args:
        errors: By name; those that do not feed back are left out. Of one that
            is exact only the legend tells.
        title: Above the figure.

    Example:

    >>> row = np.array([0.1])
    >>> figure = plot_errors({"model": Errors(row, row, np.ones((1, 3)))})
    >>> figure.axes[0].get_yscale()
    'log'
    """
    figure, axes = new_figure(size=(8.2, 4.8), title=title)
    exact = []
    ahead = {k: v.ahead for k, v in errors.items() if v.ahead is not None}
    for i, (name, values) in enumerate(ahead.items()):
        if values.max() < EXACT:  # it has no place on a logarithmic axis
            exact.append(name)
            continue
        look = {"color": PALETTE[i], "marker": MARKERS[i]}
        steps = np.arange(1, values.shape[1] + 1)
        axes.plot(steps, values.mean(0), markersize=4, label=name, **look)
        axes.fill_between(
            steps, values.min(0), values.max(0), color=PALETTE[i], alpha=0.25
        )
    draws = max((len(v) for v in ahead.values()), default=0)
    axes.set(
        xlabel="steps ahead",
        ylabel="mean distance [box widths]",
        yscale="log",
    )
    axes.locator_params(axis="x", integer=True)
    told = [f"mean and range of {draws}"]
    told += [f"{name}: below {EXACT}" for name in exact]
    axes.legend(
        loc="upper left",
        bbox_to_anchor=(1.02, 1),
        title="\n".join(told),
    )
    return figure
