"""Examples for the slides on attention.

Each function runs in seconds, prints what it finds and returns the figure of
its slide. `mitseq slides show` runs them.
"""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CATALOG = {
    "A slow air in the key of D": "air.abc",
    "A jig in G, for two fiddles": "jig.abc",
    "How to tune a harp": "harp.html",
    "Reels and hornpipes, volume 3": "reels.abc",
}
# What a reader may know of each word of the slide's sentence, by hand:
# a person, an action, the game of tennis, a thing.
WORDS = {
    "He": (1, 0.3, 0, 0),
    "tossed": (0.4, 1, 0, 0.5),
    "the": (0, 0, 0, 0),
    "tennis": (0, 0, 1, 0.2),
    "ball": (0, 0.4, 0.5, 1),
    "to": (0, 0, 0, 0),
    "serve": (0.2, 0.5, 1, 0),
}


def search() -> "Figure":
    """A search in a catalog: similarity first, then the value."""
    from mitseq.plots.search import plot_search
    from mitseq.slides.search import search

    found = search("jig in G", CATALOG)
    for key, weight in zip(found.keys, found.weights, strict=True):
        print(f"{weight:.2f}  {key}")
    print(f"value: {found.value}")
    return plot_search(found)


def weighting() -> "Figure":
    """The slide's table, from features of the words that are given by hand."""
    from mitseq.layers.attention import scaled_dot_product_attention
    from mitseq.models.attention_maps import AttentionMap
    from mitseq.plots.attention import weights_table

    # A place of its own for each word: it is most similar to itself.
    features = np.hstack([list(WORDS.values()), 0.5 * np.eye(len(WORDS))])
    features = 3 * features[np.newaxis].astype("float32")
    y, weights = scaled_dot_product_attention(
        features, features, features, return_attention_scores=True
    )
    found = AttentionMap("features by hand", weights.numpy(), list(WORDS))
    print(f"{y.shape[-1]} features of each word, mixed with these weights:")
    print(weights.numpy()[0].round(2))
    return weights_table(found)
