"""Hidden states over a sequence, as heat maps: unit by unit, step by step."""

from collections.abc import Sequence

import numpy as np

from mitseq.errors import MitseqError
from mitseq.plots.style import DIVERGING, GRAY, PALETTE, Figure, new_figure


def plot_same_states(
    states: np.ndarray, apart: dict[str, np.ndarray], *, title: str
) -> Figure:
    """Returns one map of states, and how far others are from it.

    Args:
        states: `(T, H)`, what each unit is at each step.
        apart: Name -> `(T,)`, the largest difference of each step.
        title: What to see.
    """
    figure, (left, right) = new_figure(1, 2, size=(12, 4.4), title=title)
    most = float(np.abs(states).max())
    look = {"cmap": DIVERGING, "vmin": -most, "vmax": most, "aspect": "auto"}
    image = left.imshow(states.T, **look)
    numbers = range(len(states))
    left.set_xticks(numbers, [t + 1 for t in numbers])
    left.set(
        title="the states of each form", xlabel="step t", ylabel="hidden unit"
    )
    figure.colorbar(image, ax=left, label="activation [1]")
    steps = np.arange(1, len(states) + 1)
    width = 0.8 / len(apart)
    for i, (name, values) in enumerate(apart.items()):
        right.bar(
            steps + (i - (len(apart) - 1) / 2) * width,
            values,
            width,
            color=PALETTE[i],
            label=f"{name}: at most {values.max():.1g}",
        )
    rounding = float(np.finfo("float32").eps)
    right.axhline(
        rounding, color=GRAY, ls="--", label="a float32 near 1 is so exact"
    )
    most = max(rounding, *(values.max() for values in apart.values()))
    right.set(
        title="largest difference from the loop by hand",
        xlabel="step t",
        ylabel="difference [1]",
        ylim=(0, 1.8 * most),
    )
    right.set_xticks(steps)
    right.legend(loc="upper left")
    return figure


def plot_states(
    states: dict[str, np.ndarray],
    words: Sequence[str] | dict[str, Sequence[str]] = (),
    *,
    title: str = "Hidden states",
    step: str = "step t",
    unit: str = "hidden unit",
    value: str = "activation [1]",
) -> Figure:
    """Returns a heat map for each sequence of states, on one scale.

    Args:
        states: Name -> `(T, H)`, what each unit is at each step.
        words: The T names of the steps, for all or for each; none: numbers.
        title: Title of the figure.
        step: What a column is.
        unit: What a row is.
        value: What the color is, with its unit.

    Raises:
        MitseqError: if there is nothing to draw.

    Example:

    >>> figure = plot_states({"h": np.eye(3)}, ["a", "b", "c"])
    >>> [label.get_text() for label in figure.axes[0].get_xticklabels()]
    ['a', 'b', 'c']
    """
    if not states or any(np.ndim(h) != 2 for h in states.values()):
        raise MitseqError(
            "`states` must be arrays of steps by units. Received: "
            f"{ {name: np.shape(h) for name, h in states.items()} }."
        )
    figure, axes = new_figure(
        1,
        len(states),
        size=(max(6.5, 4.4 * len(states) + 1), 4.4),
        squeeze=False,
        title=title,
    )
    largest = max(np.abs(h).max() for h in states.values()) or 1.0
    for i, (each, (name, h)) in enumerate(
        zip(axes[0], states.items(), strict=True)
    ):
        image = each.imshow(
            np.asarray(h).T,
            cmap=DIVERGING,
            vmin=-largest,
            vmax=largest,
            aspect="auto",
        )
        each.set(title=name, xlabel=step, ylabel="" if i else unit)
        names = words[name] if isinstance(words, dict) else words
        each.set_yticks(range(0, np.shape(h)[1], max(1, np.shape(h)[1] // 8)))
        if len(names):
            each.set_xticks(range(len(names)), names, rotation=45, ha="right")
        else:
            numbers = range(0, len(h), max(1, len(h) // 8))
            each.set_xticks(numbers, [t + 1 for t in numbers])
    figure.colorbar(image, ax=axes[0, -1], label=value)
    return figure
