"""Examples for the slides on attention."""

import numpy as np

from mitseq.plots.style import Figure

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

# An English and a French sentence, word by word. Columns: which, the building,
# its color, that it is so, its size.
ENGLISH = {
    "the": (1, 0, 0, 0, 0),
    "red": (0, 0, 1, 0, 0.2),
    "house": (0.3, 1, 0, 0, 0),
    "is": (0, 0, 0, 1, 0),
    "small": (0, 0, 0.2, 0, 1),
}
FRENCH = {
    "la": (1, 0.3, 0, 0, 0),
    "maison": (0.2, 1, 0, 0, 0),
    "rouge": (0, 0.2, 1, 0, 0),
    "est": (0, 0, 0, 1, 0.2),
    "petite": (0, 0.2, 0, 0, 1),
}
STRAND = "GCATTATAATGCCGATCGGAGTTATACTGCAC"  # "TATAATGC", then a mutated copy


def search() -> Figure:
    """A search in a catalog: similarity first, then the value."""
    from mitseq.by_hand.search import search
    from mitseq.plots.search import plot_search

    found = search("jig in G", CATALOG)
    for key, weight in zip(found.keys, found.weights, strict=True):
        print(f"{weight:.2f}  {key}")
    print(f"value: {found.value}")
    return plot_search(found)


def weighting() -> Figure:
    """The slide's table, from features of the words that are given by hand."""
    from mitseq.inside.attention import AttentionMap
    from mitseq.layers.attention import scaled_dot_product_attention
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


def alignment() -> Figure:
    """A decoder's state for each word to write, and the states it looks at."""
    from mitseq.inside.attention import AttentionMap
    from mitseq.layers.cross_attention import DotProductAttention
    from mitseq.plots.attention import attention_heat_map

    encoder = 3 * np.array([list(ENGLISH.values())], "float32")
    decoder = np.array([list(FRENCH.values())], "float32")
    _, weights = DotProductAttention()(
        decoder, encoder, return_attention_scores=True
    )
    english = list(ENGLISH)
    for word, row in zip(FRENCH, weights.numpy()[0], strict=True):
        print(f"to write {word!r}, look at {english[row.argmax()]!r}")
    return attention_heat_map(
        AttentionMap("states by hand", weights.numpy(), english),
        queries=list(FRENCH),
        title="What a decoder looks at, with states by hand",
    )


def translation() -> Figure:
    """The bundled model translates a sentence: where did it look?"""
    from mitseq.tasks.translate.figures import plot_alignment
    from mitseq.tasks.translate.model import load_translation_model
    from mitseq.tasks.translate.translate import alignment, translate

    model = load_translation_model()
    (found,) = translate(model, ["Did you see my red car?"])
    print(f"{found[0].source} -> {found[0].text}")
    look = alignment(model, found[0])
    for word, row in zip(look.queries, look.weights[0], strict=True):
        print(f"to write {word!r}, look at {look.tokens[row.argmax()]!r}")
    return plot_alignment(
        look, title="What the bundled model looked at for each word"
    )


def beyond_text() -> Figure:
    """The same block reads an image and DNA; a motif finds its copy."""
    import keras

    from mitseq.inside.attention import AttentionMap
    from mitseq.layers.attention import scaled_dot_product_attention
    from mitseq.layers.transformer import TransformerBlock
    from mitseq.plots.attention_text import attention_text

    size = len("TATAATGC")
    words = [STRAND[i : i + size] for i in range(len(STRAND) - size + 1)]
    # One of four for each letter: a product counts the letters that agree.
    letters = np.array([["ACGT".index(c) for c in word] for word in words])
    features = np.eye(4, dtype="float32")[letters].reshape(1, len(words), -1)
    block = TransformerBlock(num_heads=4, feed_forward_dim=64)
    image = keras.random.normal((1, 16, 4 * size), seed=0)
    print(f"the block reads 16 patches of an image: {block(image).shape}")
    print(f"and {len(words)} words of DNA: {block(features).shape}")

    x = 2.5 * features
    _, weights = scaled_dot_product_attention(
        x, x, x, return_attention_scores=True
    )
    at = words.index("TATAATGC")
    looks = weights.numpy()[0, at].copy()
    print(f"{words[at]} looks at itself ({looks[at]:.2f}),")
    looks[at] = 0
    print(f"then at {words[looks.argmax()]} ({looks.max():.2f})")
    return attention_text(
        AttentionMap("words of DNA", weights.numpy(), words),
        query=at,
        title=f"Where {words[at]} looks in a strand of DNA",
    )
