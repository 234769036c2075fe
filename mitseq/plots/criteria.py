"""The design criteria measured: who passes, and what grows with the length."""

from collections.abc import Sequence
from itertools import cycle

import numpy as np

from mitseq.plots.style import GRAY, MARKERS, PALETTE, Figure, new_figure


def plot_criteria(
    outcomes: dict[str, dict[str, Sequence[float]]], chance: dict[str, float]
) -> Figure:
    """Returns a figure of the accuracy of networks on several criteria.

    Args:
        outcomes: Criterion -> network -> accuracies of its trainings, from 0
            to 1. A bar is their mean, a line goes from the lowest to the
            highest. A network may be missing at a criterion.
        chance: Criterion -> the accuracy of a guess.
    """
    figure, axes = new_figure(
        size=(9, 4.6),
        title="A recurrence meets all four; a window not length and sharing",
    )
    rows = list(outcomes.values())
    networks = list(dict.fromkeys(name for row in rows for name in row))
    width = 0.8 / len(networks)
    for i, network in enumerate(networks):
        at = [k for k, row in enumerate(rows) if network in row]
        found = [rows[k][network] for k in at]
        places = np.array(at) + (i - (len(networks) - 1) / 2) * width
        axes.bar(
            places,
            [np.mean(each) for each in found],
            width,
            color=PALETTE[i],
            label=network,
        )
        lowest, highest = list(map(min, found)), list(map(max, found))
        axes.vlines(places, lowest, highest, color=GRAY, linewidth=1.5)
    for i, name in enumerate(outcomes):
        ends, guess = [i - 0.45, i + 0.45], [chance[name]] * 2
        label = None if i else "a guess"
        axes.plot(ends, guess, color=GRAY, ls="--", label=label)
    axes.set(xlabel="criterion", ylabel="accuracy [share]", ylim=(0, 1.02))
    axes.set_xticks(range(len(outcomes)), list(outcomes))
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    return figure


def plot_by_length(
    lengths: Sequence[int],
    curves: dict[str, Sequence[float]],
    *,
    title: str,
    value: str,
    log: bool = False,
) -> Figure:
    """Returns curves of what depends on the length of a sequence.

    Args:
        lengths: Numbers of steps.
        curves: Name -> one value for each length.
        title: Title of the figure.
        value: What the values are, with their unit.
        log: Whether their axis is logarithmic.
    """
    figure, axes = new_figure(size=(7, 4.4), title=title)
    for (name, values), color, marker in zip(
        curves.items(), cycle(PALETTE), cycle(MARKERS), strict=False
    ):
        axes.plot(lengths, values, color=color, marker=marker, label=name)
    if log:
        axes.set_yscale("log")
    else:
        axes.set_ylim(0, None)
    axes.set(xlabel="length of the sequence [steps]", ylabel=value)
    axes.legend()
    return figure
