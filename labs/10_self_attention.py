"""Lab 10: self-attention is a search.

Slides: Lecture 2, "Intuition Behind Self-Attention", "A Simple Example:
Search", "Understanding Attention with Search", "Learning Self-Attention with
Neural Networks" and "Applying Multiple Self-Attention Heads"
(docs/slides.md#search).
Read before: mitseq/layers/attention.py, mitseq/layers/multi_head.py.
Command: python labs/10_self_attention.py
Minutes: about 1 on two cores.
Expect: the search finds the jig with a weight of 0.94; 98 % (96 to 100) of the
hidden words of sentences that were held out are told right, three trainings; in
"He tossed the tennis ball to serve", which is one of these, the words "tennis"
and "serve" find each other, and "tossed" finds "He", with weights above 0.8.
The two heads have 29 % (1 to 63) of their attention in common.
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

from mitseq.by_hand.hidden_words import HABITS, PURPOSES
from mitseq.by_hand.search import Found, letter_groups, search
from mitseq.inside.attention import AttentionMap, attention_maps
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
from mitseq.training.new_start import new_start
from mitseq.training.progress import ShowProgress

import keras
import numpy as np
from keras import ops
from matplotlib.figure import Figure


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
    # Sentences to learn from. Only 24 are different, and 8 more are held out:
    # what is to be learned is which word tells which, not the sentences.
    sentences: int = 4000
    # Features of a word.
    width: int = 32
    # Heads: with two there are two tables.
    heads: int = 2
    # Passes over the sentences.
    epochs: int = 8
    # Rate of Adam.
    learning_rate: float = 3e-3
    # How often the network is trained, from other weights.
    seeds: int = 3
    # The first of them; decides the sentences and the hidden words, too.
    seed: int = 0
    # Folder for the figures.
    out: str = "runs/10_self_attention"


# %% tags=["active-ipynb"]
# config = Config()
# keras.utils.set_random_seed(config.seed)

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
# one habit (`HABITS`), and each kind of ball one purpose (`PURPOSES`, both in
# `mitseq/by_hand/hidden_words.py`). Eight of the 32 sentences, the
# slide's among them, are held out: the network never sees them.

# %%
# Places in a sentence of words that another word tells.
PERSON, HABIT, BALL, PURPOSE = 0, 1, 3, 6


def sentences(
    count: int, rng: np.random.Generator, held_out: bool = False
) -> np.ndarray:
    """Returns sentences of seven words, `(count, 7)`.

    Each person plays two of the eight games in sentences that are held out
    only, the slide's among them.
    """
    different = [
        [who, HABITS[who], "the", ball, "ball", "to", PURPOSES[ball]]
        for i, who in enumerate(HABITS)
        for j, ball in enumerate(PURPOSES)
        if ((i + j) % 4 == 0) == held_out
    ]
    return rng.choice(different, count)


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


# %%
def show_data(config: Config) -> tuple[Vocabulary, np.ndarray]:
    """Returns the words, and the sentences as ids; prints a few."""
    words = vocabulary()
    rng = np.random.default_rng(config.seed)
    rows = sentences(config.sentences, rng)
    ids = np.array([words.encode(row) for row in rows], "int32")
    print(f"  {len(CATALOG)} titles; {len(ids)} sentences, {len(words)} words")
    if not (ids == words.encode(config.sentence.split())).all(axis=1).any():
        print(f"  none of them is {config.sentence!r}")
    for row in rows[:3]:
        print(f"  {' '.join(row)}")
    return words, ids


# %% tags=["active-ipynb"]
# words, ids = show_data(config)

# %% [markdown]
# ## 2 Model
#
# The search is in `mitseq/by_hand/search.py`, three lines of it: how similar is
# each key to the query, weights that sum to one, and then the values, each as
# much as its key is similar.
#
# **Predict**: the query is "jig in G". Which title gets the largest weight, and
# does one that shares nothing with the query but "in" get any?


# %%
def look_up(config: Config) -> Found:
    """Returns what the search finds, and prints the weights."""
    catalog = search(config.query, CATALOG, config.temperature)
    for key, weight in zip(catalog.keys, catalog.weights, strict=True):
        print(f"  {weight:.2f}  {key}")
    print(f"  found: {catalog.value}")
    return catalog


# %% tags=["active-ipynb"]
# catalog = look_up(config)

# %% tags=["active-ipynb"]
# search_figure = plot_search(catalog)
# search_figure

# %% [markdown]
# The layer computes the same; it scales by the square root of the size of a key
# instead of the temperature.


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


# %%
def compare_with_layer(config: Config, catalog: Found) -> float:
    """Returns by how much a weight of the search and the layer's differ."""
    layer = same_by_the_layer(catalog, config.temperature)
    differs = float(np.abs(layer - catalog.weights).max())
    print(f"  search and layer differ by {differs:.0e}")
    return differs


# %% tags=["active-ipynb"]
# differs = compare_with_layer(config, catalog)

# %% [markdown]
# New in the network is that query, key and value are learned: three matrices.
# The four steps of the slide are in the model below: position, then query, key
# and value, then the weighting, then the features.


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


# %%
def show_model(config: Config, words: Vocabulary) -> keras.Model:
    """Returns the network; prints how many weights each layer has."""
    model = build_model(config, words)
    for layer in model.layers[1:]:
        print(f"  {layer.name:10} {layer.count_params():6,} weights")
    return model


# %% tags=["active-ipynb"]
# model = show_model(config, words)

# %% [markdown]
# ## 3 Train
#
# **Predict**: which share of the hidden words can be told right, if a sentence
# shows all the others? And which share by one who guesses among the words of
# its kind?


# %%
def train(
    model: keras.Model, words: Vocabulary, ids: np.ndarray, config: Config
) -> float:
    """Fits the model; returns the share of hidden words told right.

    They are hidden in sentences that are held out.
    """
    # Another stream than that of the sentences: with the same numbers the
    # ball would decide which word is hidden.
    rng = np.random.default_rng([config.seed, 1])
    (hidden_id,) = words.encode([HIDDEN])
    x, weights = with_hidden_words(ids, rng, hidden_id)
    model.fit(
        x,
        ids,
        sample_weight=weights,
        batch_size=64,
        epochs=config.epochs,
        callbacks=[ShowProgress()],
        verbose=0,
    )
    rows = sentences(1000, rng, held_out=True)
    ids = np.array([words.encode(row) for row in rows], "int32")
    x, weights = with_hidden_words(ids, rng, hidden_id)
    told = model.predict(x, verbose=0).argmax(axis=-1)
    return float((told == ids)[weights > 0].mean())


# %%
def overlap_of_heads(weights: np.ndarray) -> float:
    """What two heads have in common: 1 if they look at the same words."""
    shared = [
        np.minimum(weights[i], weights[j]).sum(axis=-1).mean()
        for i in range(len(weights))
        for j in range(i)
    ]
    return float(np.mean(shared)) if shared else 1.0


@show_progress()
def train_all(
    config: Config, model: keras.Model, words: Vocabulary, ids: np.ndarray
) -> tuple[list[float], list[float]]:
    """Fits the model from several weights; it ends with those of `seed`.

    Returns:
        The shares of hidden words told right, one for each training; and what
        the heads have in common in the sentence, to be looked at below.
    """
    model.compile(
        optimizer=keras.optimizers.Adam(config.learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=True,
    )
    sentence = np.array([words.encode(config.sentence.split())])
    told, overlaps = [], []
    for seed in reversed(range(config.seed, config.seed + config.seeds)):
        new_start(model, seed)
        told.append(train(model, words, ids, config))
        (found,) = attention_maps(model, sentence)
        overlaps.append(overlap_of_heads(found.weights))
    print(
        f"  hidden words of held-out sentences told right: {np.mean(told):.1%} "
        f"({min(told):.1%} to {max(told):.1%}; {len(told)} trainings, 1000 "
        "sentences each)"
    )
    return told, overlaps


# %% tags=["active-ipynb"]
# told, overlaps = train_all(config, model, words, ids)

# %% [markdown]
# ## 4 Look
#
# The table of the slide: each row is a word that asks, each column one that is
# asked. The slide draws the idea; this one is learned. Compare them.
#
# **Predict**: in "He tossed the tennis ball to serve", whom must "serve" ask,
# and whom "tossed"? Is there anything that "the" has to know?


# %%
def strength(model: keras.Model, ids: list[int], a: int, b: int) -> float:
    """How strongly word a looks at word b, in the head that does it most."""
    (found,) = attention_maps(model, np.array([ids]))
    return float(found.weights[:, a, b].max())


# %%
def look_at_words(
    config: Config, model: keras.Model, words: Vocabulary
) -> AttentionMap:
    """Returns who looks at whom in the sentence."""
    asked = config.sentence.split()
    (found,) = attention_maps(
        model, np.array([words.encode(asked)]), tokens=asked
    )
    return found


def draw_table(config: Config, model: keras.Model, words: Vocabulary) -> Figure:
    """Returns the table of the slide, for all heads together."""
    asked = config.sentence.split()
    return attention_table(model, np.array([words.encode(asked)]), tokens=asked)


# %% tags=["active-ipynb"]
# found = look_at_words(config, model, words)
# table = draw_table(config, model, words)
# table


# %%
def look_at_pairs(
    config: Config, model: keras.Model, words: Vocabulary
) -> dict[tuple[str, str], float]:
    """Returns how strongly a word looks at the one that tells it."""
    asked = config.sentence.split()
    sentence = words.encode(asked)
    pairs = {
        (asked[a], asked[b]): strength(model, sentence, a, b)
        for a, b in ((BALL, PURPOSE), (PURPOSE, BALL), (HABIT, PERSON))
        if max(a, b) < len(asked)
    }
    for (a, b), weight in pairs.items():
        print(f"  “{a}” looks at “{b}” with a weight of {weight:.2f}")
    return pairs


# %% tags=["active-ipynb"]
# pairs = look_at_pairs(config, model, words)

# %% [markdown]
# The words that tell each other have found each other. "the" is never hidden:
# its row was not trained for anything, so do not read anything into it.
#
# There are two heads, so there are two tables.


# %%
def draw_heads(found: AttentionMap, overlaps: list[float]) -> Figure:
    """Returns a table for each head."""
    print(
        f"  heads have {np.mean(overlaps):.0%} of their attention in common "
        f"({min(overlaps):.0%} to {max(overlaps):.0%}; {len(overlaps)} "
        "trainings)"
    )
    return attention_heads(found)


# %% tags=["active-ipynb"]
# heads = draw_heads(found, overlaps)
# heads

# %% [markdown]
# Nothing asks the two heads to look at different words. How much they have in
# common is chance: look at the range.
#
# Point at a word: the table below answers.


# %% tags=["active-ipynb"]
# from mitseq.plots.attention_page import AttentionPage
#
# AttentionPage(found, height=600)

# %% [markdown]
# Step 1 of the slide, the position, is easily forgotten: nothing breaks. But
# without it the layer cannot tell "the dog bit the man" from "the man bit the
# dog".
#
# **Predict**: let "dog" and "man" swap places. By how much do the features of
# "bit" change, without positions and with them?


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
def swap_dog_and_man(config: Config) -> dict[bool, float]:
    """Returns the change of "bit", without positions and with them."""
    moved = {p: order_matters(config, p) for p in (False, True)}
    print(
        f"  dog and man swapped, change of “bit”: {moved[False]:.0e} without "
        f"positions, {moved[True]:.2f} with them"
    )
    return moved


# %% tags=["active-ipynb"]
# moved = swap_dog_and_man(config)

# %% [markdown]
# Without positions the words turn around and the output turns around with them,
# no more: what is left is rounding.


# %% tags=["active-py"]
def save_all(
    config: Config, figures: dict[str, Figure], found: AttentionMap
) -> Path:
    """Writes the figures and the page; returns where the page is."""
    out = Path(config.out)
    for name, figure in figures.items():
        print(f"  figure: {save_figure(figure, out / f'{name}.png')}")
    page = save_attention(
        found, out / "table.html", title=config.sentence, overwrite=True
    )
    print(f"  point at a word: {page}")
    return page


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
    words, ids = show_data(config)

    print("2 Model")
    catalog = look_up(config)
    search_figure = plot_search(catalog)
    differs = compare_with_layer(config, catalog)
    model = show_model(config, words)

    print("3 Train")
    told, overlaps = train_all(config, model, words, ids)

    print("4 Look")
    found = look_at_words(config, model, words)
    table = draw_table(config, model, words)
    pairs = look_at_pairs(config, model, words)
    heads = draw_heads(found, overlaps)
    moved = swap_dog_and_man(config)
    figures = {"search": search_figure, "table": table, "heads": heads}
    page = save_all(config, figures, found)
    return {
        "search": catalog,
        "layer_differs": differs,
        "told": told,
        "pairs": pairs,
        "overlaps": overlaps,
        "moved": moved,
        "map": found,
        "model": model,
        "figures": figures,
        "page": page,
    }


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
