"""Sequences of any kind, each above its shuffled self."""

import numpy as np

from mitseq.plots.style import BLUE, GRAY, Figure, new_figure


def plot_sequences(sequences: dict[str, np.ndarray], seed: int = 0) -> Figure:
    """Returns a figure of sequences as they are and shuffled.

    Args:
        sequences: Name with its unit, `"a price [dollars]"` -> `(T,)`.
        seed: Decides how they are shuffled.

    Example:

    >>> figure = plot_sequences({"a ramp [m]": np.arange(9.0)})
    >>> len(figure.axes)
    2
    """
    rng = np.random.default_rng(seed)
    figure, axes = new_figure(
        len(sequences),
        2,
        size=(11, 1.5 * len(sequences) + 0.8),
        squeeze=False,
        sharey="row",
        title="Sequences in the wild: the same values, in order and shuffled",
    )
    for row, (name, values) in zip(axes, sequences.items(), strict=True):
        title, _, unit = name.partition(" [")
        row[0].plot(values, color=BLUE, linewidth=1.2)
        row[1].plot(rng.permutation(values), color=GRAY, linewidth=1.2)
        row[0].set_title(title, fontsize=10, loc="left")
        row[1].set_title("shuffled", fontsize=10, loc="left")
        row[0].set_ylabel(_broken(unit.rstrip("]")), fontsize=8)
    for each in axes[-1]:
        each.set_xlabel("step t")
    return figure


def _broken(unit: str) -> str:
    """Returns a unit with at most two words a line."""
    words = unit.split()
    return "\n".join(
        " ".join(words[i : i + 2]) for i in range(0, len(words), 2)
    )
