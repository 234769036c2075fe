"""Who passes: students by their two numbers, and three ways to one optimum."""

from collections.abc import Mapping, Sequence

import numpy as np

from mitseq.plots.style import (
    BLUE,
    DIVERGING,
    GRAY,
    MARKERS,
    PALETTE,
    RED,
    Figure,
    new_figure,
)


def plot_passing(
    x: np.ndarray,
    passed: np.ndarray,
    w: np.ndarray,
    b: float,
    most: tuple[float, float],
    losses: Mapping[str, Sequence[float]],
    optimum: float,
) -> Figure:
    """Returns students on the answers of a neuron, and how it got there.

    Args:
        x: `(N, 2)`, inputs from 0 to 1.
        passed: `(N,)`, 1 or 0.
        w: `(2,)`, the weights found.
        b: The bias found.
        most: What an input of 1 is, lectures and hours.
        losses: Name -> the loss after each step of a descent, nats.
        optimum: The loss of the logistic regression, nats.
    """
    figure, (left, right) = new_figure(1, 2, title="Will I pass this class?")
    line = np.linspace(0, 1, 80)
    total = w[0] * line[None] + w[1] * line[:, None] + b
    image = left.imshow(
        1 / (1 + np.exp(-total)),
        extent=(0, most[0], 0, most[1]),
        origin="lower",
        cmap=DIVERGING,
        vmin=0,
        vmax=1,
        alpha=0.6,
        aspect="auto",
    )
    for value, color, marker, name in (
        (0, BLUE, "o", "failed"),
        (1, RED, "^", "passed"),
    ):
        of_value = x[passed == value] * most
        left.plot(*of_value.T, marker, color=color, ms=3.5, label=name)
    left.set(
        title="One student in, one answer out",
        xlabel="lectures attended [1]",
        ylabel="time on the project [h]",
    )
    left.legend(loc="lower left")
    figure.colorbar(image, ax=left, label="chance to pass")
    for i, (name, curve) in enumerate(losses.items()):
        right.plot(
            np.arange(len(curve)),
            np.array(curve) - optimum,
            color=PALETTE[i],
            marker=MARKERS[i],
            markevery=max(1, len(curve) // 8),
            label=name,
        )
    right.axhline(1e-6, color=GRAY, ls="--", label="a millionth of a nat")
    right.set(
        title="Above the optimum of the regression",
        xlabel="step of gradient descent",
        ylabel="loss minus optimum [nats per student]",
        yscale="log",
        ylim=(1e-7, 1),  # below it float32 rounds
    )
    right.legend()
    return figure
