"""Lab 10: self-attention is a search.

Slides: Lecture 2, "Intuition Behind Self-Attention", "A Simple Example:
Search", "Understanding Attention with Search", "Learning Self-Attention with
Neural Networks" and "Applying Multiple Self-Attention Heads"
(docs/slides.md#search).
Read before: mitseq/layers/attention.py, mitseq/layers/multi_head.py.
Command: python labs/10_self_attention.py
Minutes: about 1 on two cores.
Expect: the search finds the jig with a weight of 0.94; 99 % of the hidden words
are told right; in "He tossed the tennis ball to serve" the words "tennis" and
"serve" find each other, and "tossed" finds "He", with weights above 0.5.
"""

# %% [markdown]
# # Self-attention is a search
#
# ## Idea
#
# You type a few words, and a catalog shows what fits. Three things take part:
# your words are the *query*, each title is a *key*, what stands under the title
# is its *value*. Compare the query with every key, and take the values of the
# similar ones. Attention does the same with vectors, and self-attention with
# the words of one sentence: each word asks all the others.
#
# In this lab you run the search, let a network learn what to ask, and draw the
# table of the slide for a sentence of your own.

# %%
import argparse
import dataclasses
from pathlib import Path

from mitseq.by_hand.search import Found, letter_groups, search
from mitseq.inside.attention import attention_maps
from mitseq.layers.attention import scaled_dot_product_attention
from mitseq.layers.multi_head import MultiHeadAttention
from mitseq.layers.position import SinusoidalPosition
from mitseq.plots.attention import (
    attention_heads,
    attention_table,
    save_attention,
)
from mitseq.plots.search import plot_search
from mitseq.plots.style import save_figure
from mitseq.progress import show_progress
from mitseq.text.vocabulary import Vocabulary
from mitseq.training.progress import ShowProgress

import keras
import numpy as np
from keras import ops


@dataclasses.dataclass(frozen=True)
class Config:
    """What you may change.

    Every field is an option of the command line too.
    """

    # What is searched for in the catalog.
    query: str = "jig in G"
    # Below 1 the best match takes more, above 1 all share.
    temperature: float = 0.1
    # The sentence of the table; words of the grammar below.
    sentence: str = "He tossed the tennis ball to serve"
    # Sentences to learn from. Only 32 are different: what is to be learned is
    # which word tells which, not the sentences.
    sentences: int = 4000
    # Features of a word.
    width: int = 32
    # Heads: with two there are two tables.
    heads: int = 2
    # Passes over the sentences.
    epochs: int = 8
    # Rate of Adam.
    learning_rate: float = 3e-3
    # Decides the sentences, the hidden words and the weights.
    seed: int = 0
    # Folder for the figures.
    out: str = "runs/10_self_attention"


# %% [markdown]
# ## 1 Data
#
# First a catalog: titles, which are the keys, and what they lead to, the
# values. As vectors of the titles we count their groups of three letters.

# %%
CATALOG = {
    "A slow air in the key of D": "air.abc",
    "A jig in G, for two fiddles": "jig.abc",
    "How to tune a harp": "harp.html",
    "Reels and hornpipes, volume 3": "reels.abc",
}


# %% [markdown]
# Then sentences of a small world in which a word tells another: each person has
# one habit, and each kind of ball one purpose.

# %%
HABITS = {"He": "tossed", "She": "threw", "They": "kicked", "We": "hit"}
PURPOSES = {
    "tennis": "serve",
    "volley": "spike",
    "foot": "score",
    "rugby": "convert",
    "golf": "putt",
    "base": "bunt",
    "basket": "dunk",
    "hand": "shoot",
}
# Places in a sentence of words that another word tells.
PERSON, HABIT, BALL, PURPOSE = 0, 1, 3, 6


def sentences(count: int, rng: np.random.Generator) -> np.ndarray:
    """Returns sentences of seven words, `(count, 7)`."""
    people = rng.choice(list(HABITS), count)
    balls = rng.choice(list(PURPOSES), count)
    return np.array(
        [
            [who, HABITS[who], "the", ball, "ball", "to", PURPOSES[ball]]
            for who, ball in zip(people, balls, strict=True)
        ]
    )


HIDDEN = "?"  # what stands in place of a hidden word


def vocabulary() -> Vocabulary:
    """The words of the grammar; a sentence is a list of them."""
    pairs = [*HABITS.items(), *PURPOSES.items()]
    kinds = {word for pair in pairs for word in pair} | {"the", "ball", "to"}
    return Vocabulary([HIDDEN, *sorted(kinds)], level="character")


# %% [markdown]
# To learn which word tells which, the network gets sentences with one word
# hidden or replaced by another of its kind, and has to say what stood there. It
# cannot trust the word itself, so it has to ask the others.


# %%
def with_hidden_words(
    ids: np.ndarray, rng: np.random.Generator, hidden_id: int
) -> tuple[np.ndarray, np.ndarray]:
    """Hides or replaces one word of each sentence.

    Returns:
        The sentences and the weights of the loss: 1 at the word, else 0.
    """
    x = ids.copy()
    rows = np.arange(len(ids))
    place = rng.choice([PERSON, HABIT, BALL, PURPOSE], len(ids))
    other = ids[rng.permutation(len(ids)), place]
    x[rows, place] = np.where(rng.random(len(ids)) < 0.5, hidden_id, other)
    weights = np.zeros(ids.shape, "float32")
    weights[rows, place] = 1
    return x, weights


# %% [markdown]
# ## 2 Model
#
# The search is in `mitseq/by_hand/search.py`, three lines of it: how similar is
# each key to the query, weights that sum to one, and then the values, each as
# much as its key is similar.


# %%
def same_by_the_layer(found: Found, temperature: float) -> np.ndarray:
    """The weights of the search, from the function of the layer."""
    vectors = letter_groups([found.query, *found.keys]).astype("float32")
    # The layer divides by the root of the size, so the query brings it along.
    query = vectors[:1] * vectors.shape[1] ** 0.5 / temperature
    _, weights = scaled_dot_product_attention(
        query, vectors[1:], vectors[1:], return_attention_scores=True
    )
    return ops.convert_to_numpy(weights[0])


# %% [markdown]
# The layer computes the same; it scales by the square root of the size of a key
# instead of the temperature. New in the network is that query, key and value
# are learned: three matrices. The four steps of the slide are in the model
# below: position, then query, key and value, then the weighting, then the
# features.


# %%
def build_model(config: Config, words: Vocabulary) -> keras.Model:
    """Returns the model, ids `(B, T)` -> logits of the words `(B, T, V)`."""
    ids = keras.Input((None,), dtype="int32", name="ids")
    # As large as the positions that are added to it, or they drown it.
    large = keras.initializers.RandomNormal(stddev=0.5)
    x = keras.layers.Embedding(
        len(words), config.width, large, name="embedding"
    )(ids)
    x = SinusoidalPosition(name="position")(x)
    y = MultiHeadAttention(config.heads, name="attention")(x)
    y = keras.layers.Dense(2 * config.width, "relu", name="think")(y)
    logits = keras.layers.Dense(len(words), name="logits")(y)
    return keras.Model(ids, logits)


# %% [markdown]
# ## 3 Train


# %%
def train(
    model: keras.Model, ids: np.ndarray, hidden_id: int, config: Config
) -> float:
    """Fits the model; returns the share of hidden words told right."""
    # Another stream than that of the sentences: with the same numbers the
    # ball would decide which word is hidden.
    rng = np.random.default_rng([config.seed, 1])
    x, weights = with_hidden_words(ids, rng, hidden_id)
    model.compile(
        optimizer=keras.optimizers.Adam(config.learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=True,
    )
    model.fit(
        x,
        ids,
        sample_weight=weights,
        batch_size=64,
        epochs=config.epochs,
        callbacks=[ShowProgress()],
        verbose=0,
    )
    x, weights = with_hidden_words(ids[:1000], rng, hidden_id)
    told = model.predict(x, verbose=0).argmax(axis=-1)
    asked = weights > 0
    return float((told == ids[:1000])[asked].mean())


# %% [markdown]
# ## 4 Look
#
# The table of the slide: each row is a word that asks, each column one that is
# asked. The slide draws the idea; this one is learned. Compare them.


# %%
def strength(model: keras.Model, ids: list[int], a: int, b: int) -> float:
    """How strongly word a looks at word b, in the head that does it most."""
    (found,) = attention_maps(model, np.array([ids]))
    return float(found.weights[:, a, b].max())


def overlap_of_heads(weights: np.ndarray) -> float:
    """What two heads have in common: 1 if they look at the same words."""
    shared = [
        np.minimum(weights[i], weights[j]).sum(axis=-1).mean()
        for i in range(len(weights))
        for j in range(i)
    ]
    return float(np.mean(shared)) if shared else 1.0


# %% [markdown]
# Step 1 of the slide, the position, is easily forgotten: nothing breaks. But
# without it the layer cannot tell "the dog bit the man" from "the man bit the
# dog". Turn the words around, and its output turns around with them, no more.


# %%
def order_matters(config: Config, positions: bool) -> float:
    """The change of a word's features when the words before it swap places."""
    keras.utils.set_random_seed(config.seed)
    x = np.random.default_rng(config.seed).normal(size=(1, 5, config.width))
    dog, bit, man = 1, 2, 4  # the dog bit the man
    turned = x.copy()
    turned[:, [dog, man]] = x[:, [man, dog]]
    position = SinusoidalPosition() if positions else keras.layers.Identity()
    attention = MultiHeadAttention(config.heads)
    a, b = (
        ops.convert_to_numpy(attention(position(ops.cast(each, "float32"))))
        for each in (x, turned)
    )
    return float(np.abs(a[:, bit] - b[:, bit]).max())


# %%
@show_progress()
def main(config: Config = Config()) -> dict:
    """Runs the lab.

    Args:
        config: What you may change.

    Returns:
        What the lab prints, the trained model and the figures.
    """
    keras.utils.set_random_seed(config.seed)

    print("1 Data")
    words = vocabulary()
    rng = np.random.default_rng(config.seed)
    ids = np.array(
        [words.encode(row) for row in sentences(config.sentences, rng)], "int32"
    )
    print(f"  {len(CATALOG)} titles; {len(ids)} sentences, {len(words)} words")

    print("2 Model")
    catalog = search(config.query, CATALOG, config.temperature)
    for key, weight in zip(catalog.keys, catalog.weights, strict=True):
        print(f"  {weight:.2f}  {key}")
    layer = same_by_the_layer(catalog, config.temperature)
    differs = float(np.abs(layer - catalog.weights).max())
    print(f"  found: {catalog.value}; search and layer differ by {differs:.0e}")
    model = build_model(config, words)

    print("3 Train")
    told = train(model, ids, words.encode([HIDDEN])[0], config)
    print(f"  hidden words told right: {told:.1%}")

    print("4 Look")
    asked = config.sentence.split()
    sentence = words.encode(asked)
    (found,) = attention_maps(model, np.array([sentence]), tokens=asked)
    pairs = {
        (asked[a], asked[b]): strength(model, sentence, a, b)
        for a, b in ((BALL, PURPOSE), (PURPOSE, BALL), (HABIT, PERSON))
        if max(a, b) < len(asked)
    }
    for (a, b), weight in pairs.items():
        print(f"  “{a}” looks at “{b}” with a weight of {weight:.2f}")
    overlap = overlap_of_heads(found.weights)
    print(f"  heads have {overlap:.0%} of their attention in common")
    moved = {p: order_matters(config, p) for p in (False, True)}
    print(
        f"  dog and man swapped, change of “bit”: {moved[False]:.0e} without "
        f"positions, {moved[True]:.2f} with them"
    )
    out = Path(config.out)
    figures = {
        "search": plot_search(catalog),
        "table": attention_table(model, np.array([sentence]), tokens=asked),
        "heads": attention_heads(found),
    }
    for name, figure in figures.items():
        print(f"  figure: {save_figure(figure, out / f'{name}.png')}")
    page = save_attention(
        found, out / "table.html", title=config.sentence, overwrite=True
    )
    print(f"  point at a word: {page}")
    return {
        "search": catalog,
        "layer_differs": differs,
        "told": told,
        "pairs": pairs,
        "overlap": overlap,
        "moved": moved,
        "map": found,
        "model": model,
        "figures": figures,
        "page": page,
    }


# %% tags=["active-ipynb"]
# results = main()

# %% tags=["active-ipynb"]
# results["figures"]["table"]

# %% tags=["active-ipynb"]
# from mitseq.plots.attention_page import AttentionPage
#
# AttentionPage(results["map"])

# %% tags=["active-py"]
if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for field in dataclasses.fields(Config):
        parser.add_argument(
            f"--{field.name}", type=field.type, default=field.default
        )
    main(Config(**vars(parser.parse_args())))

# %% [markdown]
# ## 5 Try yourself
#
# 1. Search with `temperature` 1 and 0.01. Which one is a catalog that shows one
#    hit, which one a catalog that mixes all of them up?
# 2. Ask the table for "They kicked the rugby ball to convert". Then for a
#    sentence that contradicts itself: "He kicked the tennis ball to putt".
# 3. One head, four heads: which of them have work to do?
# 4. Take the position out of the model. Are the hidden words still told right?
#    Why is that no surprise in these sentences?
# 5. Give a second ball the purpose "serve". Whom does a hidden ball ask now?
