"""Lab 12: attention beyond text: patches of images, letters of DNA.

Slides: Lecture 2, "Self-Attention Applied" and "Applying Multiple
Self-Attention Heads" (docs/slides.md#beyond-text).
Read before: mitseq/layers/transformer.py, mitseq/inside/attention.py.
Command: python labs/12_attention_beyond_text.py
Minutes: about 2 on two cores.
Expect: means of 3 seeds. 96 % of the digits right (95 to 97) with positions,
75 % without. 95 % of the DNA sequences right (95 to 96), and 97 % of the
attention (95 to 100) on the hidden motif, where chance would put 16 %.
"""

# %% [markdown]
# # Attention beyond text
#
# ## Idea
#
# A Transformer block takes a sequence of vectors. Whether they were words does
# not matter to it. Cut an image into patches, and it is a sequence. A strand of
# DNA is one anyway. In this lab the same block reads both, you measure what
# positions are worth to it, and you check whether its attention points at what
# matters: in data that we generate we know where that is.

# %%
import argparse
import dataclasses
from pathlib import Path

from mitseq.errors import MitseqError
from mitseq.inside.attention import AttentionMap, attention_maps
from mitseq.layers.multi_head import MultiHeadAttention
from mitseq.layers.position import LearnedPosition
from mitseq.layers.transformer import TransformerBlock
from mitseq.plots.attention import save_attention
from mitseq.plots.attention_text import attention_text
from mitseq.plots.style import BLUE, GRAY, ORANGE, new_figure, save_figure
from mitseq.progress import show_progress
from mitseq.training.batches import untuned
from mitseq.training.new_start import new_start
from mitseq.training.progress import ShowProgress

import keras
import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure


@dataclasses.dataclass(frozen=True)
class Config:
    """What you may change.

    Every field is an option of the command line too.
    """

    # Sides of a patch: 2 makes 16 patches of an image of 8 x 8 pixels.
    patch: int = 2
    # Images to use, of the 1797 that scikit-learn carries.
    images: int = 1797
    # Passes over the images.
    image_epochs: int = 25
    # Sequences of DNA to learn from; half of them hide the motif.
    sequences: int = 10000
    # Letters of a sequence: the motif is a small part of it.
    letters: int = 40
    # What is hidden; others hide the same letters in another order.
    motif: str = "TATAATGC"
    # Share of the motif's letters that are changed, as nature does.
    mutation: float = 0.05
    # Letters that make one token: 3, as of a codon, and they overlap.
    word: int = 3
    # Passes over the sequences.
    dna_epochs: int = 4
    # Features of a token.
    width: int = 48
    # Heads of a block.
    heads: int = 4
    # Blocks: one looks at the neighbors, and the reader gathers.
    blocks: int = 1
    # Highest rate of Adam.
    learning_rate: float = 2e-3
    # How often each model is trained, on the same data from other weights.
    seeds: int = 3
    # The first of them; it decides the data, too.
    seed: int = 0
    # Folder for the figures.
    out: str = "runs/12_attention_beyond_text"


# %% tags=["active-ipynb"]
# config = Config()
# keras.utils.set_random_seed(config.seed)

# %% [markdown]
# ## 1 Data
#
# Handwritten digits, 8 x 8 pixels, come with scikit-learn. A patch of 2 x 2
# pixels is a token of four numbers, an image a sentence of 16 tokens.


# %%
def digits(config: Config) -> tuple[np.ndarray, np.ndarray]:
    """Returns images `(n, 8, 8)` in [0, 1] and their digits."""
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise MitseqError(
            "the digits come with scikit-learn: pip install 'mitseq[labs]'"
        ) from error
    images, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(config.seed).permutation(len(labels))
    order = order[: config.images]
    return (images[order] / 16).reshape(-1, 8, 8).astype("float32"), labels[
        order
    ].astype("int32")


def patches(images: np.ndarray, side: int) -> np.ndarray:
    """Cuts images into squares, row by row: `(n, T, side * side)`."""
    n, height, width = images.shape
    squares = images.reshape(n, height // side, side, width // side, side)
    return squares.transpose(0, 1, 3, 2, 4).reshape(n, -1, side * side)


def show_images(config: Config) -> tuple[np.ndarray, np.ndarray]:
    """Prints how many images there are; returns them and their digits."""
    images, labels = digits(config)
    x = patches(images, config.patch)
    print(
        f"  {len(x)} images, each {x.shape[1]} patches of {x.shape[2]} pixels"
    )
    return images, labels


# %% tags=["active-ipynb"]
# images, labels = show_images(config)

# %% [markdown]
# The DNA is drawn at random. Half of the sequences hide a motif at a random
# place. The other half hide the same letters in another order, so that counting
# letters is no help.


# %%
def dna(
    config: Config, count: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns letters `(n, L)` as 0 to 3, labels, and where the motif is."""
    motif = np.array(["ACGT".index(letter) for letter in config.motif])
    letters = rng.integers(0, 4, (count, config.letters))
    labels = np.arange(count) % 2
    start = rng.integers(0, config.letters - len(motif) + 1, count)
    for i in range(count):
        hidden = motif if labels[i] else other_order(motif, rng)
        mutated = rng.random(len(motif)) < config.mutation
        hidden = np.where(mutated, rng.integers(0, 4, len(motif)), hidden)
        letters[i, start[i] : start[i] + len(motif)] = hidden
    return letters, labels.astype("int32"), start


def other_order(motif: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Returns the same letters in another order."""
    while True:
        shuffled = rng.permutation(motif)
        if (shuffled != motif).any():
            return shuffled


def words(letters: np.ndarray, size: int) -> np.ndarray:
    """Overlapping words as ids from 1; in front of them 0, the reader."""
    steps = letters.shape[1] - size + 1
    ids = sum(letters[:, i : i + steps] * 4**i for i in range(size)) + 1
    return np.pad(ids, ((0, 0), (1, 0))).astype("int32")


def show_dna(config: Config) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Prints two sequences; returns letters, labels and places."""
    rng = np.random.default_rng(config.seed)
    letters, hidden, start = dna(config, config.sequences + 400, rng)
    print(
        f"  {config.sequences} sequences of DNA, {config.letters} letters each"
    )
    for row, label, at in zip(letters[:2], hidden, start, strict=False):
        text = "".join("ACGT"[letter] for letter in row)
        end = at + len(config.motif)
        print(f"  {label}: {text[:at]} {text[at:end]} {text[end:]}")
    return letters, hidden, start


# %% tags=["active-ipynb"]
# letters, hidden, start = show_dna(config)

# %% [markdown]
# ## 2 Model
#
# In both models tokens become vectors, and a Transformer block follows. The
# image model adds a learned position to each patch and takes the mean of all
# patches in the end. In DNA only the distance of two letters counts, so there
# positions turn queries and keys (rotary). And the DNA model has an extra token
# in front that holds nothing. It is the reader: in the end it looks once over
# the whole sequence, with one head, and answers with what it has gathered.


# %%
def image_model(config: Config, positions: bool = True) -> keras.Model:
    """Returns patches `(B, T, P)` -> logits `(B, 10)`."""
    steps = (8 // config.patch) ** 2
    x = inputs = keras.Input((steps, config.patch**2), name="patches")
    x = keras.layers.Dense(config.width, name="embedding")(x)
    if positions:
        x = LearnedPosition(steps, name="position")(x)
    x = blocks(x, config)
    x = keras.layers.GlobalAveragePooling1D(name="mean")(x)
    return keras.Model(inputs, keras.layers.Dense(10, name="logits")(x))


def dna_model(config: Config) -> keras.Model:
    """Returns ids `(B, T)` -> the logit of a motif `(B, 1)`."""
    steps = config.letters - config.word + 2
    x = inputs = keras.Input((steps,), dtype="int32", name="words")
    x = keras.layers.Embedding(4**config.word + 1, config.width)(x)
    x = blocks(x, config, position="rotary")
    reader, text = x[:, :1], x[:, 1:]
    y = MultiHeadAttention(1, name="reader")(reader, text)
    return keras.Model(inputs, keras.layers.Dense(1, name="logit")(y[:, 0]))


def blocks(
    x: keras.KerasTensor, config: Config, position: str | None = None
) -> keras.KerasTensor:
    """The Transformer blocks, and the norm after the last."""
    for i in range(1, config.blocks + 1):
        x = TransformerBlock(
            config.heads,
            2 * config.width,
            position=position,
            name=f"block_{i}",
        )(x)
    return keras.layers.LayerNormalization(name="norm")(x)


def show_models(config: Config) -> dict[str, keras.Model]:
    """Builds the models, and prints how many weights they have."""
    models = {
        "digits": image_model(config),
        "digits without positions": image_model(config, positions=False),
        "DNA": dna_model(config),
    }
    for name, model in models.items():
        print(f"  {name}: {model.count_params():,} weights")
    return models


# %% tags=["active-ipynb"]
# models = show_models(config)

# %% [markdown]
# ## 3 Train
#
# **Predict**: without positions the block sees a bag of patches, like a puzzle
# in its box. How many digits can one tell from the pieces alone: one in ten, as
# by a guess, half, or nearly all?


# %%
def train(
    model: keras.Model,
    x: np.ndarray,
    y: np.ndarray,
    epochs: int,
    config: Config,
    seed: int,
) -> list[float]:
    """Fits a classifier from new weights; returns the loss by epoch."""
    one = model.output_shape[-1] == 1
    steps = epochs * -(-len(x) // 64)
    if not model.compiled:
        model.compile(
            optimizer=keras.optimizers.Adam(
                keras.optimizers.schedules.CosineDecay(
                    config.learning_rate / 10,
                    steps,
                    warmup_target=config.learning_rate,
                    warmup_steps=steps // 10 + 1,
                )
            ),
            loss=(
                keras.losses.BinaryCrossentropy(from_logits=True)
                if one
                else keras.losses.SparseCategoricalCrossentropy(
                    from_logits=True
                )
            ),
            jit_compile=steps > 300,  # compiling takes seconds itself
        )
    new_start(model, seed)
    examples = tf.data.Dataset.from_tensor_slices((x, y))
    examples = examples.shuffle(len(x), seed=seed).batch(64)
    history = model.fit(
        untuned(examples),
        shuffle=False,  # they are shuffled
        epochs=epochs,
        callbacks=[ShowProgress(f"{model.name}, seed {seed}")],
        verbose=0,
    )
    return history.history["loss"]


def accuracy(model: keras.Model, x: np.ndarray, y: np.ndarray) -> float:
    """The share of examples that are told right."""
    logits = model.predict(x, verbose=0)
    if logits.shape[-1] == 1:
        return float(((logits[:, 0] > 0) == y).mean())
    return float((logits.argmax(axis=-1) == y).mean())


def told(shares: list[float]) -> str:
    """The mean of the seeds, the lowest and the highest."""
    return f"{np.mean(shares):.0%} ({min(shares):.0%} to {max(shares):.0%})"


def seeds_of(config: Config) -> list[int]:
    """The seeds, the first one last: a model keeps what it learns last."""
    return list(range(config.seed, config.seed + config.seeds))[::-1]


@show_progress()
def train_on_digits(
    config: Config,
    models: dict[str, keras.Model],
    images: np.ndarray,
    labels: np.ndarray,
) -> dict[str, list[float]]:
    """Trains both image models; returns their shares of held-out digits."""
    x = patches(images, config.patch)
    held = len(x) // 5
    scores = {}
    for name in ("digits", "digits without positions"):
        scores[name] = []
        for seed in seeds_of(config):
            data = x[held:], labels[held:]
            train(models[name], *data, config.image_epochs, config, seed)
            scores[name].append(accuracy(models[name], x[:held], labels[:held]))
        print(f"  {name}: {told(scores[name])} of {held} held out right")
    return scores


# %% tags=["active-ipynb"]
# scores = train_on_digits(config, models, images, labels)

# %% [markdown]
# Most of them: a bag of patches says a lot about a digit. Positions say the
# rest.
#
# In the DNA a motif hides, and its letters in another order are no motif.
#
# **Predict**: the reader looks at 38 words, and 6 of them lie within the motif.
# A sixth of its attention would fall there by chance. How much will it be?


# %%
def on_motif(
    model: keras.Model, ids: np.ndarray, start: np.ndarray, config: Config
) -> dict:
    """Measures the attention of the reader.

    Returns:
        `mass`: its mean share on words that lie within the motif;
        `hit`: the share of sequences whose strongest look falls on letters of
        the motif; `chance` and `chance_hit`: what a blind reader would have;
        `profile`: the mean attention by distance from the motif's start.
    """
    inside = len(config.motif) - config.word + 1
    steps = ids.shape[1] - 1
    mass, hit = [], []
    profile = np.zeros(2 * steps + 1)
    seen = np.zeros(2 * steps + 1)
    for row, at in zip(ids, start, strict=True):
        looks = attention_maps(model, row)[-1].weights[0, 0]
        mass.append(looks[at : at + inside].sum())
        best = looks.argmax()
        hit.append(at - config.word < best < at + len(config.motif))
        places = np.arange(steps) - at + steps
        profile[places] += looks
        seen[places] += 1
    touching = len(config.motif) + config.word - 1
    return {
        "mass": float(np.mean(mass)),
        "hit": float(np.mean(hit)),
        "chance": inside / steps,
        "chance_hit": touching / steps,
        "profile": profile / np.maximum(seen, 1),
    }


@show_progress()
def train_on_dna(
    config: Config,
    models: dict[str, keras.Model],
    letters: np.ndarray,
    hidden: np.ndarray,
    start: np.ndarray,
) -> tuple[list[float], list[dict]]:
    """Trains the DNA model; returns its shares, and where it looks."""
    ids = words(letters, config.word)
    learned, test = slice(config.sequences), slice(config.sequences, None)
    real = hidden[test] == 1
    right, found = [], []
    for seed in seeds_of(config):
        data = ids[learned], hidden[learned]
        train(models["DNA"], *data, config.dna_epochs, config, seed)
        right.append(accuracy(models["DNA"], ids[test], hidden[test]))
        found.append(
            on_motif(models["DNA"], ids[test][real], start[test][real], config)
        )
    masses, hits = ([each[k] for each in found] for k in ("mass", "hit"))
    print(f"  DNA: {told(right)} of {len(real)} held out right")
    print(
        f"  attention of the reader on the motif: {told(masses)}, by chance "
        f"{found[0]['chance']:.0%}"
    )
    print(
        f"  its strongest look touches the motif: {told(hits)}, by chance "
        f"{found[0]['chance_hit']:.0%}"
    )
    return right, found


# %% tags=["active-ipynb"]
# right, found = train_on_dna(config, models, letters, hidden, start)

# %% [markdown]
# Nearly all of it. Nobody has told the reader where the motif is: it was told
# yes or no, and had to find out what to look at.
#
# ## 4 Look
#
# The block of the image model has several heads. Do they look at different
# patches? Two heads that look at the same have an overlap of 1, two that share
# nothing have 0. What is shown below is the first seed.
#
# **Predict**: before the training each head looks where its random weights
# happen to point. Will the overlap of two heads rise or fall as they learn?


# %%
def overlap_of_heads(
    model: keras.Model, images: np.ndarray, config: Config
) -> float:
    """Returns the mean overlap of two heads of the last block."""
    shared = []
    for image in images:
        example = patches(image[np.newaxis], config.patch)
        looks = attention_maps(model, example)[-1].weights[0]  # (heads, T, T)
        for i in range(len(looks)):
            for other in looks[:i]:
                shared.append(np.minimum(looks[i], other).sum(axis=-1).mean())
    return float(np.mean(shared))


def compare_heads(
    config: Config, models: dict[str, keras.Model], images: np.ndarray
) -> dict[str, float]:
    """Prints and returns the overlap of heads, untrained and trained."""
    if not config.blocks or config.heads < 2:
        print("  there are no two heads to compare")
        return {}
    keras.utils.set_random_seed(config.seed)
    overlaps = {
        name: overlap_of_heads(model, images[:20], config)
        for name, model in (
            ("untrained", image_model(config)),
            ("trained", models["digits"]),
        )
    }
    for name, overlap in overlaps.items():
        print(f"  overlap of two heads, {name}: {overlap:.2f}")
    return overlaps


# %% tags=["active-ipynb"]
# overlaps = compare_heads(config, models, images)

# %% [markdown]
# It falls: from 0.71 to 0.51 in the first seed. "Each head attends to a
# different part" is what they may do; nothing makes them.


# %%
def plot(
    model: keras.Model,
    images: np.ndarray,
    labels: np.ndarray,
    scores: dict[str, list[float]],
    found: dict,
    config: Config,
) -> Figure:
    """Returns the figure: looked-at patches, accuracies, and the motif."""
    figure, axes = new_figure(
        2, 4, size=(11, 5.6), title="The same block reads images and DNA"
    )
    side = 8 // config.patch
    # the first of each of four digits
    shown = [int((labels == digit).argmax()) for digit in (0, 3, 4, 7)]
    for each, i in zip(axes[0], shown, strict=True):
        image = images[i]
        each.imshow(image, cmap="Greys")
        each.set(xticks=[], yticks=[], title=f"a {labels[i]}")
        if not config.blocks:  # nobody looks at patches
            continue
        example = patches(image[np.newaxis], config.patch)
        looks = attention_maps(model, example)[-1].weights.mean(axis=(0, 1))
        each.imshow(
            looks.reshape(side, side),
            cmap="Blues",
            alpha=0.55,
            extent=(-0.5, 7.5, 7.5, -0.5),
        )
        each.set_title(f"a {labels[i]}; blue: looked at", fontsize=9)
    grid = axes[1, 0].get_gridspec()
    for each in axes[1]:
        each.remove()
    left = figure.add_subplot(grid[1, :2])
    right = figure.add_subplot(grid[1, 2:])
    names = list(scores)
    means = [float(np.mean(each)) for each in scores.values()]
    left.barh(names, means, color=[BLUE, ORANGE, BLUE])
    left.invert_yaxis()
    left.set(xlim=(0, 1), xlabel="share right, held out", title="Accuracy")
    for i, name in enumerate(names):
        left.text(0.02, i, told(scores[name]), va="center", color="white")
    steps = (len(found["profile"]) - 1) // 2
    near = np.arange(-15, 21)
    near = near[(near + steps >= 0) & (near + steps < len(found["profile"]))]
    right.axvspan(-0.5, len(config.motif) - 0.5, color=GRAY, alpha=0.15)
    right.plot(near, found["profile"][near + steps], color=BLUE, marker="o")
    right.axhline(1 / steps, color=GRAY, ls="--")
    right.set(
        xlabel="letters after the start of the motif (gray: the motif)",
        ylabel="attention of the reader",
        title="Where the reader looks in DNA",
        ylim=(0, None),
    )
    return figure


def draw(
    config: Config,
    models: dict[str, keras.Model],
    images: np.ndarray,
    labels: np.ndarray,
    scores: dict[str, list[float]],
    right: list[float],
    found: list[dict],
) -> Figure:
    """Returns the figure of the images that were held out."""
    held = len(images) // 5
    return plot(
        models["digits"],
        images[:held],
        labels[:held],
        {**scores, "DNA": right},
        found[-1],
        config,
    )


# %% tags=["active-ipynb"]
# figure = draw(config, models, images, labels, scores, right, found)
# figure

# %% [markdown]
# One sequence of DNA, and where the reader looks in it:


# %%
def maps_of(
    config: Config,
    models: dict[str, keras.Model],
    letters: np.ndarray,
    hidden: np.ndarray,
) -> list[AttentionMap]:
    """Returns the attention of every layer in a sequence with the motif."""
    first = config.sequences + int(hidden[config.sequences :].argmax())
    shown = letters[first]
    row = words(shown[np.newaxis], config.word)[0]
    codons = [
        "".join("ACGT"[letter] for letter in shown[i : i + config.word])
        for i in range(len(row) - 1)
    ]
    *block, reader = attention_maps(models["DNA"], row)
    block = [each._replace(tokens=["reader", *codons]) for each in block]
    return [*block, reader._replace(tokens=codons)]


def plot_reader(maps: list[AttentionMap]) -> Figure:
    """Returns the sequence, its words the darker the more is looked at."""
    return attention_text(
        maps[-1], query=0, title="Where the reader looks in one sequence"
    )


# %% tags=["active-ipynb"]
# maps = maps_of(config, models, letters, hidden)
# text = plot_reader(maps)
# text


# %% tags=["active-py"]
def save_all(
    config: Config, figure: Figure, text: Figure, maps: list[AttentionMap]
) -> Path:
    """Saves both figures, and a page to point at; returns where that is."""
    out = Path(config.out)
    for name, each in (("figure", figure), ("dna", text)):
        print(f"  figure: {save_figure(each, out / f'{name}.png')}")
    page = save_attention(maps, out / "dna.html", title="DNA", overwrite=True)
    print(f"  point at a word: {page}")
    return page


@show_progress()
def main(config: Config = Config()) -> dict:
    """Runs the lab.

    Args:
        config: What you may change.

    Returns:
        What the lab prints, the models and the figures.
    """
    keras.utils.set_random_seed(config.seed)

    print("1 Data")
    images, labels = show_images(config)
    letters, hidden, start = show_dna(config)

    print("2 Model")
    models = show_models(config)

    print("3 Train")
    scores = train_on_digits(config, models, images, labels)
    right, found = train_on_dna(config, models, letters, hidden, start)

    print("4 Look")
    overlaps = compare_heads(config, models, images)
    figure = draw(config, models, images, labels, scores, right, found)
    maps = maps_of(config, models, letters, hidden)
    text = plot_reader(maps)
    page = save_all(config, figure, text, maps)
    return {
        "accuracy": {**scores, "DNA": right},
        "on_motif": found,
        "overlaps": overlaps,
        "models": models,
        "maps": maps,
        "figure": figure,
        "text": text,
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
# 1. Patches of 4 x 4 pixels are four tokens. What do positions bring now?
# 2. No block at all (`--blocks 0`): can the reader still tell the order of
#    letters? Where does it look?
# 3. Let `mutation` grow. Which falls first, the accuracy or the attention on
#    the motif?
# 4. Shuffle the patches of all images in the same way. Why does the accuracy
#    not change?
# 5. The attention of a network is no proof of why it decides. Replace the
#    motif in a sequence by other letters: does the answer change?
