"""What a network expects after each word: a table of probabilities."""

from collections.abc import Sequence

import numpy as np

from mitseq.plots.style import SEQUENTIAL, Figure, new_figure


def plot_next_words(
    given: Sequence[str], candidates: Sequence[str], probs: np.ndarray
) -> Figure:
    """Returns a table: the probability of each next word after each word.

    Args:
        given: The T words as they are read.
        candidates: The V words that may come next.
        probs: `(T, V)`, probabilities.
    """
    figure, axes = new_figure(size=(7.5, 4.8), title="Which word comes next?")
    image = axes.imshow(
        np.asarray(probs).T, cmap=SEQUENTIAL, vmin=0, vmax=1, aspect="auto"
    )
    axes.set(xlabel="read up to this word", ylabel="next word")
    axes.set_xticks(range(len(given)), given, rotation=45, ha="right")
    axes.set_yticks(range(len(candidates)), candidates)
    figure.colorbar(image, ax=axes, label="probability")
    return figure
