"""Examples for the slides on attention."""

import functools

import numpy as np

from mitseq.plots.style import Figure

CATALOG = {
    "A slow air in the key of D": "air.abc",
    "A jig in G, for two fiddles": "jig.abc",
    "How to tune a harp": "harp.html",
    "Reels and hornpipes, volume 3": "reels.abc",
}
# The slide's table for "He tossed the tennis ball to serve", as it is printed.
PRINTED = np.array(
    [
        [1, 0.5, 0, 0, 0, 0, 0],
        [0.5, 1, 0, 0, 0.5, 0, 0],
        [0, 0, 1, 0, 0, 0, 0],
        [0, 0, 0, 1, 0.5, 0, 0.5],
        [0, 0.5, 0, 0.5, 1, 0, 0],
        [0, 0, 0, 0, 0, 1, 0],
        [0, 0, 0, 0.5, 0, 0, 1],
    ]
)

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
    """The slide's table, and weights that a network has learned.

    What the slide prints are similarities: its rows sum to 1, 1.5 or 2 and have
    zeros, so no softmax was taken of them. What is learned is one.
    """
    from mitseq.by_hand.hidden_words import SENTENCE
    from mitseq.plots.attention import plot_weighting

    sums = ", ".join(f"{row.sum():g}" for row in PRINTED)
    print(f"rows of the printed table sum to {sums}: similarities")
    exp = np.exp(PRINTED)
    softmax = exp / exp.sum(axis=1, keepdims=True)
    print(f"a softmax of its first row: {softmax[0].round(2)}, sum 1")
    _, found = learned_attention(1)
    weights = found.weights[0]
    for word, row in zip(SENTENCE, weights, strict=True):
        at = SENTENCE[row.argmax()]
        print(f"learned: {word!r} looks at {at!r} ({row.max():.2f})")
    score, cosine = score_and_cosine("tennis", "serve")
    print(
        "tennis and serve: Q K^T / sqrt(K) is "
        f"{score:.2f}, their cosine {cosine:.2f}"
    )
    return plot_weighting(
        SENTENCE,
        PRINTED,
        weights,
        "The printed rows are similarities; after the softmax each row sums "
        "to 1",
    )


@functools.cache  # the figures look at one network
def learned_attention(heads: int):
    """Returns a trained model of hidden words, and its map of the sentence."""
    from mitseq.by_hand.hidden_words import SENTENCE, ids_of, learn_to_attend
    from mitseq.inside.attention import attention_maps

    model = learn_to_attend(heads)
    (found,) = attention_maps(
        model, ids_of(SENTENCE)[np.newaxis], tokens=SENTENCE
    )
    return model, found


def score_and_cosine(query: str, key: str) -> tuple[float, float]:
    """Returns what the network computes of two words, and their cosine.

    The slide calls the similarity the cosine. Q K^T / sqrt(K) is a cosine only
    where query and key have the length that makes it one.

    Args:
        query: A word of the sentence.
        key: Another.
    """
    from mitseq.by_hand.hidden_words import SENTENCE, ids_of

    model, _ = learned_attention(1)
    layer = model.get_layer("attention")
    position = model.get_layer("position")
    x = np.asarray(position(model.layers[1](ids_of(SENTENCE)[np.newaxis])))[0]
    W_q, W_k = (np.asarray(w.value) for w in (layer.W_q, layer.W_k))
    q = x[SENTENCE.index(query)] @ W_q
    k = x[SENTENCE.index(key)] @ W_k
    cosine = q @ k / (np.linalg.norm(q) * np.linalg.norm(k))
    return float(q @ k / np.sqrt(len(q))), float(cosine)


def heads() -> Figure:
    """Two heads of a trained layer: who looks at whom in each."""
    from mitseq.by_hand.hidden_words import HIDDEN, PLACES, hide, sentences
    from mitseq.plots.attention import attention_heads

    model, found = learned_attention(2)
    whole = sentences(500, seed=7, held_out=True)
    x, asked = hide(whole, seed=7)
    told = model.predict(x, batch_size=500, verbose=0).argmax(axis=-1)
    right = (told == whole)[asked > 0].mean()
    print(
        f"{right:.0%} of the words hidden ({HIDDEN}) or replaced are told, in "
        "sentences that were held out"
    )
    for i, weights in enumerate(found.weights, start=1):
        for word in ("tossed", "tennis"):
            row = weights[found.tokens.index(word)]
            at = found.tokens[row.argmax()]
            print(f"head {i}: {word!r} looks at {at!r} ({row.max():.2f})")
    shared = np.minimum(*found.weights).sum(axis=-1)
    print(
        f"the two heads have {shared.mean():.0%} of their attention in common"
    )
    # Of the words that another one tells: where the heads agree least.
    apart = min(PLACES, key=lambda place: shared[place])
    one, other = (
        found.tokens[weights[apart].argmax()] for weights in found.weights
    )
    return attention_heads(
        found,
        title=f"“{found.tokens[apart]}”: head 1 looks at “{one}”, head 2 at "
        f"“{other}” ({shared.mean():.0%} in common)",
    )


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
