"""One neuron: its answer everywhere, and its loss on the way down."""

from collections.abc import Sequence

import numpy as np

from mitseq.plots.style import BLUE, DIVERGING, GRAY, RED, Figure, new_figure


def plot_perceptron(
    x: np.ndarray,
    labels: np.ndarray,
    w: np.ndarray,
    b: float,
    losses: Sequence[float] = (),
) -> Figure:
    """Returns a figure of a perceptron of two inputs, and how it learned.

    Args:
        x: `(N, 2)`, points.
        labels: `(N,)`, 0 or 1.
        w: `(2,)`, the weights.
        b: The bias.
        losses: The loss after each step of gradient descent, if it learned.
    """
    figure, axes = new_figure(
        1, 2 if len(losses) else 1, squeeze=False, title="The perceptron"
    )
    left = axes[0, 0]
    edge = np.abs(x).max() * 1.1
    line = np.linspace(-edge, edge, 80)
    total = w[0] * line[None] + w[1] * line[:, None] + b
    image = left.imshow(
        1 / (1 + np.exp(-total)),
        extent=(-edge, edge, -edge, edge),
        origin="lower",
        cmap=DIVERGING,
        vmin=0,
        vmax=1,
        alpha=0.6,
        aspect="auto",
    )
    for label, color, marker in ((0, BLUE, "o"), (1, RED, "^")):
        left.plot(
            *x[labels == label].T, marker, color=color, label=f"class {label}"
        )
    left.set(
        title=f"y = σ({w[0]:.1f} $x_1$ {_term(w[1])} $x_2$ {_term(b)})",
        xlabel="input $x_1$ [1]",
        ylabel="input $x_2$ [1]",
    )
    left.legend(loc="upper left")
    figure.colorbar(image, ax=left, label="output y, a probability")
    if len(losses):
        right = axes[0, 1]
        right.plot(range(len(losses)), losses, color=BLUE)
        right.axhline(np.log(2), color=GRAY, ls="--", label="a coin")
        right.set(
            title="Downhill along the gradient",
            xlabel="step of gradient descent",
            ylabel="loss [nats per point]",
            ylim=(0, None),
        )
        right.legend()
    return figure


def _term(number: float) -> str:
    """Returns a number behind its sign, as in a sum."""
    return f"{'+' if number >= 0 else '−'} {abs(number):.1f}"
