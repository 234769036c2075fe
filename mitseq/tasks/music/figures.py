"""A tune as a piano roll, and how two collections of tunes differ.

Slide: Lecture 2, "Example Task: Music Generation" (docs/slides.md#music).
"""

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from mitseq.plots.style import (
    BLACK,
    BLUE,
    DIVERGING,
    GRAY,
    ORANGE,
    new_figure,
)
from mitseq.tunes.measures import COUNTS, MEASURES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from mitseq.tasks.music.compare import Collection, Comparison
    from mitseq.tunes.tune import Tune

NAMES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "G♯", "A", "B♭", "B")


def plot_piano_roll(tune: "Tune") -> "Figure":
    r"""Draws a tune as it is played, repeats included.

    Args:
        tune: A tune that the checker accepts.

    Returns:
        The figure.

    Raises:
        MelodyError: if the checker does not accept the tune.

    Example:

    >>> from mitseq.tunes.tune import Tune
    >>> tune = Tune("X:1\nT:Short\nM:2/4\nL:1/8\nK:D\nd2 A2|]\n")
    >>> len(plot_piano_roll(tune).axes[0].patches)
    2
    """
    heard = tune.melody.sounds()
    figure, axes = new_figure(
        size=(11, 4.2), title=tune.title or "A tune, as it is played"
    )
    for sound in heard:
        axes.barh(
            sound.pitch,
            float(sound.stop - sound.start) * 0.95,
            left=float(sound.start),
            height=0.8,
            color=BLUE,
        )
    pitches = sorted({sound.pitch for sound in heard})
    step = 2 if len(pitches) > 3 else 1
    shown = range(pitches[0], pitches[-1] + 1, step)
    names = [f"{NAMES[p % 12]}{p // 12 - 1}" for p in shown]
    axes.set_yticks(shown, names)
    axes.set(
        title=f"{tune.meter}, {tune.key}",
        xlabel="time [whole notes]",
        ylabel="pitch [note and octave]",
    )
    return figure


def plot_differences(comparison: "Comparison") -> "Figure":
    """Draws how far apart each measure is, in standard deviations.

    Args:
        comparison: From `compare_collections`.

    Returns:
        The figure: a dot a measure with its interval of 95 %, filled where the
        test finds a difference (q < 0.05).
    """
    rows = []
    for found in comparison.differences:
        one, other = _values(comparison, found.measure)
        spread = math.sqrt((one.var() + other.var()) / 2)
        if spread:
            ends = (found.a - found.b, found.low, found.high)
            rows.append((*(end / spread for end in ends), found))
    rows.sort(key=lambda row: row[0])
    figure, axes = new_figure(size=(9, 0.27 * len(rows) + 1.4))
    for place, (middle, low, high, found) in enumerate(rows):
        differs = found.q < 0.05
        color = (BLUE if middle > 0 else ORANGE) if differs else GRAY
        axes.plot([low, high], [place, place], color=color)
        axes.plot(
            middle, place, "o", color=color, mfc=color if differs else "white"
        )
    axes.axvline(0, color=BLACK, linewidth=0.8)
    axes.set_yticks(
        range(len(rows)),
        [found.measure.replace("_", " ") for *_, found in rows],
    )
    axes.set(
        title="A less than B                A more than B",
        xlabel="difference of the means [standard deviations]",
    )
    return figure


def plot_values(comparison: "Comparison", measure: str) -> "Figure":
    """Draws how one measure is spread over the tunes of both collections.

    Args:
        comparison: From `compare_collections`.
        measure: One of `MEASURES`.
    """
    one, other = _values(comparison, measure)
    figure, axes = new_figure(size=(5.5, 2.9))
    both = np.concatenate([one, other])
    low, high = both.min(), np.quantile(both, 0.995)
    edges = np.linspace(low, max(high, low + 1e-9), 22)
    for values, color, name, style in (
        (one, BLUE, "A", "solid"),
        (other, ORANGE, "B", "dashed"),
    ):
        axes.hist(
            np.minimum(values, edges[-1]),
            edges,
            weights=np.full(len(values), 1 / len(values)),
            histtype="step",
            linewidth=1.8,
            linestyle=style,
            color=color,
            label=name,
        )
    axes.legend(frameon=False)
    axes.set(
        title=measure.replace("_", " "),
        xlabel=MEASURES[measure],
        ylabel="share of the tunes",
    )
    return figure


def plot_counts(
    comparison: "Comparison", what: str, most: int = 16
) -> "Figure":
    """Draws two distributions side by side.

    Args:
        comparison: From `compare_collections`.
        what: One of `COUNTS`.
        most: How many kinds at most, the most frequent of both.
    """
    counts = [
        _total(collection, what) for collection in (comparison.a, comparison.b)
    ]
    kinds = [kind for kind, _ in sum(counts, Counter()).most_common(most)]
    if what == "intervals":
        kinds.sort()
    figure, axes = new_figure(size=(0.42 * len(kinds) + 2, 2.9))
    for side, (count, color, name) in enumerate(
        zip(counts, (BLUE, ORANGE), "AB", strict=True)
    ):
        shares = [count[kind] / max(1, count.total()) for kind in kinds]
        places = np.arange(len(kinds)) + 0.4 * (side - 0.5)
        axes.bar(places, shares, 0.4, color=color, label=name)
    axes.legend(frameon=False)
    turned = max(len(str(kind)) for kind in kinds) > 4
    axes.set_xticks(
        range(len(kinds)), list(map(str, kinds)), rotation=45 if turned else 0
    )
    axes.set(title=what.replace("_", " "), xlabel=COUNTS[what], ylabel="share")
    return figure


def plot_degree_pairs(comparison: "Comparison") -> "Figure":
    """Draws which degree follows which, more often in A or in B.

    Args:
        comparison: From `compare_collections`.
    """
    tables = []
    for collection in (comparison.a, comparison.b):
        table = np.zeros((7, 7))
        for pair, count in _total(collection, "degree_pairs").items():
            table[int(pair[0]) - 1, int(pair[1]) - 1] = count
        tables.append(table / max(1, table.sum()))
    more = 100 * (tables[0] - tables[1])
    most = max(np.abs(more).max(), 1e-9)
    figure, axes = new_figure(size=(5, 3.9))
    axes.spines[:].set_visible(False)
    picture = axes.imshow(more, DIVERGING, vmin=-most, vmax=most)
    axes.set_xticks(range(7), range(1, 8))
    axes.set_yticks(range(7), range(1, 8))
    axes.set(xlabel="degree that follows", ylabel="degree")
    bar = figure.colorbar(picture, ax=axes)
    bar.set_label("A more than B [% of all pairs]")
    return figure


def _values(comparison, measure) -> tuple[np.ndarray, np.ndarray]:
    return comparison.a.values(measure), comparison.b.values(measure)


def _total(collection: "Collection", what: str) -> Counter:
    total: Counter = Counter()
    for tune in collection.tunes:
        total.update(tune.counts[what])
    return total
