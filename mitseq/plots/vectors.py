"""Words as numbers and as vectors, and how near they are to each other.

Slides: Lecture 2, "Representing Language to a Neural Network" and "Encoding
Language for a Neural Network" (docs/slides.md#encoding).
"""

from collections.abc import Sequence

import numpy as np

from mitseq.plots.style import (
    DARKEST,
    DIVERGING,
    PALE,
    Figure,
    new_figure,
    write_cells,
)


def plot_vectors(
    words: Sequence[str],
    ids: Sequence[int],
    vectors: np.ndarray,
    cosines: np.ndarray,
    title: str,
) -> Figure:
    """Returns words with their numbers, their vectors, and their likeness.

    Args:
        words: The V words.
        ids: Their numbers.
        vectors: `(V, D)`, what was learned for each.
        cosines: `(V, V)`, of each pair of vectors.
        title: What to see.
    """
    figure, (left, right) = new_figure(
        1, 2, size=(13, 4.8), title=title, width_ratios=(1.25, 1)
    )
    most = float(np.abs(vectors).max())
    look = {"cmap": DIVERGING, "vmin": -most, "vmax": most, "aspect": "auto"}
    image = left.imshow(vectors, interpolation="nearest", **look)
    rows = range(len(words))
    names = [f"{word} → {i} →" for word, i in zip(words, ids, strict=True)]
    left.set_yticks(rows, names, fontsize=11)
    left.set(title="word → number → learned vector", xlabel="feature")
    figure.colorbar(image, ax=left, label="value [1]")
    right.imshow(cosines, cmap=PALE, vmin=0, vmax=1 / DARKEST, aspect="auto")
    write_cells(right, np.char.mod("%.2f", cosines), fontsize=9)
    right.set_xticks(rows, words, rotation=30, ha="right")
    right.set_yticks(rows, words)
    right.tick_params(length=0)
    right.spines[:].set_visible(False)
    right.set_title("how similar: cosine (one-hot: 0 for any two)")
    return figure
