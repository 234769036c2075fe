"""Lab 12: attention beyond text: patches of images, letters of DNA.

Slides: Lecture 2, "Self-Attention Applied" and "Applying Multiple
Self-Attention Heads" (docs/slides.md#beyond-text).
Read before: mitseq/layers/transformer.py, mitseq/inside/attention.py.
Command: python labs/12_attention_beyond_text.py
Minutes: about 2 on two cores.
Expect: 95 % of the digits right or more with positions, far fewer without. Nine
of ten DNA sequences right, and 90 % of the attention on the hidden motif, where
chance would put 10 %.
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
from mitseq.inside.attention import attention_maps
from mitseq.layers.multi_head import MultiHeadAttention
from mitseq.layers.position import LearnedPosition
from mitseq.layers.transformer import TransformerBlock
from mitseq.plots.attention import save_attention
from mitseq.plots.attention_text import attention_text
from mitseq.plots.style import BLUE, GRAY, ORANGE, new_figure, save_figure
from mitseq.progress import show_progress
from mitseq.training.progress import ShowProgress

import keras
import numpy as np
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
    letters: int = 60
    # What is hidden; others hide the same letters in another order.
    motif: str = "TATAATGC"
    # Share of the motif's letters that are changed, as nature does.
    mutation: float = 0.05
    # Letters that make one token: 3, as of a codon, and they overlap.
    word: int = 3
    # Passes over the sequences.
    dna_epochs: int = 7
    # Features of a token.
    width: int = 48
    # Heads of a block.
    heads: int = 4
    # Blocks: one looks at the neighbors, and the reader gathers.
    blocks: int = 1
    # Highest rate of Adam.
    learning_rate: float = 2e-3
    # Decides the data, the weights and the order.
    seed: int = 0
    # Folder for the figures.
    out: str = "runs/12_attention_beyond_text"


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


# %% [markdown]
# ## 3 Train


# %%
def train(
    model: keras.Model, x: np.ndarray, y: np.ndarray, epochs: int, config
) -> list[float]:
    """Fits a classifier; returns the loss by epoch."""
    one = model.output_shape[-1] == 1
    steps = epochs * -(-len(x) // 64)
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
            else keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        ),
        jit_compile=steps > 300,  # compiling takes seconds itself
    )
    history = model.fit(
        x,
        y,
        batch_size=64,
        epochs=epochs,
        callbacks=[ShowProgress(model.name)],
        verbose=0,
    )
    return history.history["loss"]


def accuracy(model: keras.Model, x: np.ndarray, y: np.ndarray) -> float:
    """The share of examples that are told right."""
    logits = model.predict(x, verbose=0)
    if logits.shape[-1] == 1:
        return float(((logits[:, 0] > 0) == y).mean())
    return float((logits.argmax(axis=-1) == y).mean())


# %% [markdown]
# ## 4 Look
#
# Without positions the block sees a bag of patches, like a puzzle in its box.
# How much is that worth? Then: how much of the reader's attention falls on the
# words of the motif, and is its strongest look among them?


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


# %%
def plot(
    model: keras.Model,
    images: np.ndarray,
    labels: np.ndarray,
    scores: dict[str, float],
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
    left.barh(names, list(scores.values()), color=[BLUE, ORANGE, BLUE])
    left.invert_yaxis()
    left.set(xlim=(0, 1), xlabel="share right, held out", title="Accuracy")
    for i, name in enumerate(names):
        left.text(0.02, i, f"{scores[name]:.0%}", va="center", color="white")
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


# %%
@show_progress()
def main(config: Config = Config()) -> dict:
    """Runs the lab.

    Args:
        config: What you may change.

    Returns:
        What the lab prints, the models and the figures.
    """
    keras.utils.set_random_seed(config.seed)
    rng = np.random.default_rng(config.seed)

    print("1 Data")
    images, labels = digits(config)
    x = patches(images, config.patch)
    held = len(x) // 5
    print(
        f"  {len(x)} images, each {x.shape[1]} patches of {x.shape[2]} pixels"
    )
    letters, hidden, start = dna(config, config.sequences + 400, rng)
    ids = words(letters, config.word)
    test = slice(config.sequences, None)
    print(
        f"  {config.sequences} sequences of DNA, {config.letters} letters each"
    )

    print("2 Model")
    readers = {
        "digits": image_model(config),
        "digits without positions": image_model(config, positions=False),
        "DNA": dna_model(config),
    }
    for name, model in readers.items():
        print(f"  {name}: {model.count_params():,} weights")

    print("3 Train")
    scores = {}
    for name, model in readers.items():
        if name == "DNA":
            data = ids[: config.sequences], hidden[: config.sequences]
            held_out = ids[test], hidden[test]
            epochs = config.dna_epochs
        else:
            data, held_out = (
                (x[held:], labels[held:]),
                (x[:held], labels[:held]),
            )
            epochs = config.image_epochs
        losses = train(model, *data, epochs, config)
        scores[name] = accuracy(model, *held_out)
        print(
            f"  {name}: loss {losses[0]:.2f} to {losses[-1]:.2f}, "
            f"{scores[name]:.1%} of the held-out right"
        )

    print("4 Look")
    model = readers["DNA"]
    real = hidden[test] == 1
    found = on_motif(model, ids[test][real], start[test][real], config)
    print(
        f"  {found['mass']:.0%} of the reader's attention on the motif "
        f"(by chance {found['chance']:.0%}); its strongest look touches the "
        f"motif in {found['hit']:.0%} (by chance {found['chance_hit']:.0%})"
    )
    out = Path(config.out)
    figure = plot(
        readers["digits"], images[:held], labels[:held], scores, found, config
    )
    print(f"  figure: {save_figure(figure, out / 'figure.png')}")
    row, shown = ids[test][real][0], letters[test][real][0]
    codons = [
        "".join("ACGT"[letter] for letter in shown[i : i + config.word])
        for i in range(len(row) - 1)
    ]
    *block, reader = attention_maps(model, row)
    block = [each._replace(tokens=["reader", *codons]) for each in block]
    reader = reader._replace(tokens=codons)
    text = attention_text(
        reader, query=0, title="Where the reader looks in one sequence"
    )
    print(f"  figure: {save_figure(text, out / 'dna.png')}")
    maps = [*block, reader]
    page = save_attention(maps, out / "dna.html", title="DNA", overwrite=True)
    print(f"  point at a word: {page}")
    return {
        "accuracy": scores,
        "on_motif": found,
        "models": readers,
        "maps": maps,
        "figure": figure,
        "text": text,
        "page": page,
    }


# %% tags=["active-ipynb"]
# results = main()

# %% tags=["active-ipynb"]
# results["figure"]

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
# 1. Patches of 4 x 4 pixels are four tokens. What do positions bring now?
# 2. No block at all (`--blocks 0`): can the reader still tell the order of
#    letters? Where does it look?
# 3. Let `mutation` grow. Which falls first, the accuracy or the attention on
#    the motif?
# 4. Shuffle the patches of all images in the same way. Why does the accuracy
#    not change?
# 5. The attention of a network is no proof of why it decides. Replace the
#    motif in a sequence by other letters: does the answer change?
