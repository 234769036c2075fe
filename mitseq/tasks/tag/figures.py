"""Figures of the tagger: a softmax at each word, and who is right how often."""

from collections.abc import Mapping, Sequence

import numpy as np

from mitseq.plots.style import (
    MARKERS,
    PALETTE,
    Figure,
    new_figure,
    write_cells,
)
from mitseq.tasks.tag.predict import Tagged

MOST_WORDS = 24  # of a sentence that is drawn


def plot_tags(tagged: Tagged, *, title: str = "") -> Figure:
    """Returns the probability of each tag at each word, a column a word.

    The words go from left to right, as the network reads them: a column is the
    `y_t` of its step. Tags that no word comes near are left out.

    Args:
        tagged: From `tag_words`; of a long sentence the first words are shown.
        title: Above the figure.

    Returns:
        The figure. The likeliest tag of each word has its probability in it.
    """
    probs = tagged.probs[:MOST_WORDS].T  # (K, T)
    shown = [i for i, row in enumerate(probs) if row.max() >= 0.02]
    probs = probs[shown]
    words = [word.replace("$", r"\$") for word in tagged.words[:MOST_WORDS]]
    figure, axes = new_figure(
        size=(2.4 + 0.62 * len(words), 1.7 + 0.34 * len(shown))
    )
    image = axes.imshow(probs, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    best = probs.argmax(axis=0)
    texts = np.full(probs.shape, "", dtype="U4")
    for t, row in enumerate(best):
        texts[row, t] = f"{probs[row, t]:.2f}"
    write_cells(axes, texts, probs > 0.5)
    axes.set_yticks(range(len(shown)), [tagged.names[i] for i in shown])
    axes.set_xticks(range(len(words)), words)
    if sum(map(len, words)) > 7 * len(words):
        axes.tick_params(axis="x", rotation=45)
    axes.set(
        xlabel="word read at step t",
        ylabel="tag",
        title=title or "At each step a softmax over the tags: $y_t$",
    )
    figure.colorbar(image, ax=axes, label="probability")
    return figure


def plot_scores(
    scores: Mapping[str, Mapping[str, Sequence[float]]],
    *,
    title: str = "Which words get the right tag?",
) -> Figure:
    """Returns the share of right tags of several taggers, by kind of word.

    Args:
        scores: Tagger -> kind of word -> a share of each seed. The point is
            the mean, the line goes from the lowest to the highest.
        title: Above the figure.
    """
    figure, axes = new_figure(size=(7.6, 4.2))
    kinds = list(next(iter(scores.values())))
    places = np.arange(len(kinds))
    for i, (name, shares) in enumerate(scores.items()):
        values = [100 * np.asarray(shares[kind]) for kind in kinds]
        means = np.array([v.mean() for v in values])
        ends = [
            means - [v.min() for v in values],
            [v.max() for v in values] - means,
        ]
        axes.errorbar(
            places + 0.14 * (i - (len(scores) - 1) / 2),
            means,
            np.maximum(ends, 0),
            fmt=MARKERS[i % len(MARKERS)],
            color=PALETTE[i % len(PALETTE)],
            capsize=3,
            label=name,
        )
    axes.set_xticks(places, kinds)
    axes.set(
        ylabel="right tags [%]",
        xlabel="words",
        ylim=(0, 103),
        xlim=(-0.5, len(kinds) - 0.5),
        title=title,
    )
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    return figure
