"""Figures of the next-word task: groups of words, distances, next words."""

from collections.abc import Mapping, Sequence

import numpy as np

from mitseq.plots.style import (
    BLACK,
    BLUE,
    GRAY,
    GREEN,
    MARKERS,
    ORANGE,
    PALETTE,
    PURPLE,
    RED,
    SKY,
    Figure,
    new_figure,
)
from mitseq.tasks.words.embedding import project

LOOKS = (  # color and marker: two groups differ in one at least
    (BLUE, "o"),
    (ORANGE, "s"),
    (GREEN, "^"),
    (RED, "D"),
    (PURPLE, "v"),
    (SKY, "P"),
    (BLACK, "X"),
    (ORANGE, "o"),
    (BLUE, "s"),
    (RED, "^"),
    (GREEN, "D"),
)


def plot_embedding(
    words: Sequence[str],
    vectors: np.ndarray,
    groups: Sequence[str],
    *,
    title: str = "Similar words are placed together",
) -> Figure:
    """Returns the words in the two directions in which they differ most.

    Two words of each group are named.

    Args:
        words: The V words.
        vectors: `(V, D)`.
        groups: The group of each word; "other" is left out of the picture.
        title: Above the figure.
    """
    shown = [i for i, group in enumerate(groups) if group != "other"]
    points, shares = project(np.asarray(vectors)[shown])
    figure, axes = new_figure(size=(8.6, 5.6))
    names = list(dict.fromkeys(groups[i] for i in shown))
    for name, (color, marker) in zip(names, LOOKS, strict=False):
        at = [j for j, i in enumerate(shown) if groups[i] == name]
        axes.scatter(
            *points[at].T, color=color, marker=marker, s=26, label=name
        )
        for j in _far_apart(points, at):
            axes.annotate(
                words[shown[j]].replace("$", r"\$"),
                points[j],
                xytext=(4, 3),
                textcoords="offset points",
                fontsize=8,
            )
    axes.set(
        xlabel=f"first direction ({shares[0]:.0%} of the variance)",
        ylabel=f"second direction ({shares[1]:.0%})",
        title=title,
    )
    axes.margins(0.08)
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    return figure


def _far_apart(points, at):
    """Two of the points, so that their names do not meet."""
    first = max(at, key=lambda j: float(np.abs(points[j]).sum()))
    apart = np.linalg.norm(points[at] - points[first], axis=1)
    return {first, at[int(apart.argmax())]}


def plot_agreement(
    curves: Mapping[str, Mapping[int, float]],
    *,
    chance: float,
    trained: int | None = None,
    title: str = "The word that decides lies far back",
) -> Figure:
    """Returns the right answers of models against the distance.

    Args:
        curves: For each model the share of right answers at each distance.
        chance: What a guess reaches.
        trained: The largest distance of the training texts.
        title: Above the figure.
    """
    figure, axes = new_figure(size=(7.6, 4.4))
    if trained is not None:
        axes.axvspan(0, trained, color="#eeeeee", label="in training")
    axes.axhline(
        100 * chance, color=GRAY, linestyle="--", label=f"guess: {chance:.0%}"
    )
    for i, (name, points) in enumerate(curves.items()):
        axes.plot(
            list(points),
            [100 * share for share in points.values()],
            marker=MARKERS[i % len(MARKERS)],
            color=PALETTE[i % len(PALETTE)],
            markersize=4,
            label=name,
        )
    axes.set(
        ylim=(-2, 103),
        xlabel="words between the one that decides and the answer",
        ylabel="right answers [%]",
        title=title,
    )
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    return figure


def plot_next(
    texts: Sequence[str],
    words: Sequence[Sequence[str]],
    probabilities: Sequence[Sequence[float]],
) -> Figure:
    """Returns the likeliest next words of texts, a panel a text.

    Args:
        texts: What was read.
        words: The likeliest words of each, likeliest first.
        probabilities: Theirs.
    """
    figure, panels = new_figure(
        len(texts),
        1,
        size=(7.4, 0.7 + 1.7 * len(texts)),
        squeeze=False,
        title="Which word comes next?",
    )
    rows = zip(panels[:, 0], texts, words, probabilities, strict=True)
    for axes, text, likely, probs in rows:
        places = np.arange(len(likely))
        axes.barh(places, [100 * p for p in probs], color=BLUE)
        axes.set_yticks(places, [word or "(end)" for word in likely])
        axes.invert_yaxis()
        axes.set(xlim=(0, 100), xlabel="probability [%]", ylabel="next word")
        axes.set_title(f"{text} ...", fontsize=9, loc="left")
    return figure
