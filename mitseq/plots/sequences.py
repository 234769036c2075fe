"""Sequences of any kind, each above its shuffled self."""

import numpy as np

from mitseq.plots.style import BLUE, GRAY, Figure, new_figure

LETTERS = 80  # as many as can be read


def plot_sequences(sequences: dict[str, np.ndarray], seed: int = 0) -> Figure:
    """Returns a figure of sequences as they are and shuffled.

    Args:
        sequences: Name with its unit, `"a price [dollars]"` -> `(T,)`, of
            numbers, which are a line, or of letters, which are written.
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
        for each, shown, color in (
            (row[0], values, BLUE),
            (row[1], rng.permutation(values), GRAY),
        ):
            if values.dtype.kind == "U":
                _write(each, shown, color)
            else:
                each.plot(shown, color=color, linewidth=1.2)
        row[0].set_title(title, fontsize=10, loc="left")
        row[1].set_title("shuffled", fontsize=10, loc="left")
        row[0].set_ylabel(_broken(unit.rstrip("]")), fontsize=8)
    for each in axes[-1]:
        each.set_xlabel("step t")
    return figure


def _write(axes, symbols, color):
    """Writes the first symbols, each at its step, in two lines."""
    half = LETTERS // 2
    for t, symbol in enumerate(symbols[:LETTERS]):
        place = {"va": "center", "ha": "center", "family": "monospace"}
        place |= {"weight": "bold", "fontsize": 12}
        axes.text(t % half, -(t // half), symbol, color=color, **place)
    axes.set(xlim=(-1, half), ylim=(-1.6, 0.6), yticks=[])


def _broken(unit: str) -> str:
    """Returns a unit with at most two words a line."""
    words = unit.split()
    return "\n".join(
        " ".join(words[i : i + 2]) for i in range(0, len(words), 2)
    )
