"""Lab 19: idea 1, feed everything into one dense network. What fails?

Slide: Lecture 2, "Goal of Sequence Modeling" (docs/slides.md#limits).
Read before: mitseq/tasks/words/grammar.py.
Command: python labs/19_one_dense_network.py
Minutes: about 4 on two cores.
Expect: from 4000 texts the dense network is right in 98 % at 20 words between,
and guesses (43 to 50 %) beyond, where the noun never stood; a recurrence is
right in 100 % up to 40 words, attention in 88 % (83 to 96) at 40. A bag of
words has 72 %. So order and a long memory do not fail, places do. From 500
texts the dense network has 59 % (57 to 62), the recurrence 100 %.
"""

# %% [markdown]
# # Everything into one dense network
#
# ## Idea
#
# To get rid of recurrence, the lecture first tries the simplest thing: put all
# steps side by side and feed them into one dense network. Its list of what goes
# wrong: *not scalable, no order, no long memory*. Here you put the claims to
# the test, each by itself, on a real question of grammar:
#
# > The clouds behind the old house near the ships ... *is* or *are*?
#
# Up to 20 words stand between the noun that decides and the verb. The dense
# network sees a window of 32 words, so all of them. Its peers are a recurrence,
# attention, and a bag of words that really has no order.

# %%
import argparse
import dataclasses
from pathlib import Path

from mitseq.layers.lstm import LSTM
from mitseq.layers.transformer import TransformerBlock
from mitseq.plots.style import GRAY, MARKERS, PALETTE, new_figure, save_figure
from mitseq.progress import follow, show_progress
from mitseq.tasks.words.grammar import Case, distances_of, write_cases
from mitseq.text.words import WordIndex, cut_words, word_vocabulary
from mitseq.training.progress import ShowProgress

import keras
import numpy as np
from matplotlib.figure import Figure

READERS = ("dense network", "recurrence", "attention", "bag of words")


@dataclasses.dataclass(frozen=True)
class Config:
    """What you may change.

    Every field is an option of the command line too.
    """

    # Texts to learn from, fewer and more.
    texts: str = "500 4000"
    # Most words between noun and verb in them.
    distance: int = 20
    # Distances at which is asked; the last ones are in no text to learn from.
    asked: str = "0 5 10 15 20 22 24 28 40"
    # Words that the dense network sees.
    window: int = 32
    # Hidden units of each reader.
    units: int = 32
    # Size of a word's vector.
    embedding_dim: int = 16
    # Steps of training, the same for each reader and number of texts.
    steps: int = 500
    # Texts a step.
    batch_size: int = 64
    # Rate of Adam.
    learning_rate: float = 3e-3
    # Questions at each distance.
    questions: int = 300
    # Trainings of each kind, each with its own texts and weights.
    seeds: int = 3
    # The first of their seeds.
    seed: int = 0
    # Folder for the figure.
    out: str = "runs/19_one_dense_network"


# %% tags=["active-ipynb"]
# config = Config()
# keras.utils.set_random_seed(config.seed)

# %% [markdown]
# ## 1 Data
#
# The project's grammar writes sentences up to the verb, with the noun so many
# words before it. Other nouns, some of them of the other number, fill up what
# is between. The answer is 1 for "are".


# %%
def texts_of(
    config: Config, count: int, seed: int, distance: int | None = None
) -> list[Case]:
    """Returns sentences up to their verb, at one distance or at all."""
    one = [distance]
    distances = (
        distances_of("number", config.distance) if distance is None else one
    )
    cases = [
        case
        for each in distances
        for case in write_cases(
            "number",
            -(-count // len(distances)),
            each,
            1000 * seed + each,
            held_out=False,
        )
    ]
    np.random.default_rng(seed).shuffle(cases)
    return cases[:count]


def encode(index: WordIndex, cases: list[Case], width: int):
    """Returns ids `(N, width)`, the last word at the right, and answers."""
    ids = np.zeros((len(cases), width), "int32")
    answers = np.zeros(len(cases), "int32")
    for i, case in enumerate(cases):
        row = index.encode(cut_words(case.prompt))[-width:]
        ids[i, -len(row) :] = row
        answers[i] = case.rivals.index(case.answer)
    return ids, answers


# %%
def numbers_in(text: str) -> list[int]:
    """Returns the numbers of an option such as "500 4000"."""
    return [int(number) for number in text.split()]


def show_data(config: Config) -> WordIndex:
    """Returns the index of all words; prints some sentences."""
    every = texts_of(config, 4000, seed=99)
    for case in every[:3]:
        print(f"  {case.prompt} ... {case.answer}")
    return WordIndex(word_vocabulary([case.prompt for case in every]))


# %% tags=["active-ipynb"]
# index = show_data(config)

# %% [markdown]
# ## 2 Model
#
# Four readers. All begin with the vectors of the words. The dense network has
# weights for each *place* of its window; the other three have none that belong
# to a place.
#
# **Predict**: the window grows from 32 words to 64 and to 128. Whose weights
# grow with it, and how?


# %%
def build(reader: str, config: Config, words: int) -> keras.Model:
    """Returns ids `(B, T)` -> logit `(B, 1)` that the verb is "are"."""
    is_dense = reader == "dense network"
    ids = keras.Input((config.window if is_dense else None,), dtype="int32")
    x = keras.layers.Embedding(
        words, config.embedding_dim, mask_zero=not is_dense
    )(ids)
    if is_dense:
        x = keras.layers.Flatten()(x)
        x = keras.layers.Dense(config.units, activation="relu")(x)
    elif reader == "recurrence":
        x = LSTM(config.units)(x)
    elif reader == "attention":
        x = keras.layers.Dense(config.units)(x)
        for _ in range(2):
            x = TransformerBlock(4, 2 * config.units, position="rotary")(x)
        x = x[:, -1]
    else:
        x = keras.layers.GlobalAveragePooling1D()(x)
        x = keras.layers.Dense(config.units, activation="relu")(x)
    return keras.Model(ids, keras.layers.Dense(1)(x))


# %%
def count_weights(config: Config, index: WordIndex) -> dict[str, list[int]]:
    """Returns the weights of each reader, by the size of the window."""
    weights = {}
    print("  weights, for windows of 32, 64 and 128 words")
    for reader in READERS:
        weights[reader] = [
            build(
                reader,
                dataclasses.replace(config, window=window),
                len(index.vocabulary),
            ).count_params()
            for window in (32, 64, 128)
        ]
        print(f"  {reader:13}", *(f"{count:7,}" for count in weights[reader]))
    return weights


# %% tags=["active-ipynb"]
# weights = count_weights(config, index)

# %% [markdown]
# *Not scalable* is true of the dense network: twice as many places, nearly
# twice as many weights. The others do not know how long the text is.
#
# ## 3 Train
#
# As many steps for each reader, on few texts again and again or on many. Each
# is asked at the distances that it has learned.
#
# **Predict**: with 4000 texts, is the dense network right? With 500? And how
# often is a bag of words?


# %%
def trained(
    reader: str, config: Config, index: WordIndex, count: int, seed: int
) -> keras.Model:
    """Returns a reader that has learned from so many texts."""
    keras.utils.set_random_seed(seed)
    model = build(reader, config, len(index.vocabulary))
    model.compile(
        optimizer=keras.optimizers.Adam(config.learning_rate),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
    )
    ids, answers = encode(
        index, texts_of(config, count, seed + 1), config.window
    )
    epochs = max(1, config.steps * config.batch_size // count)
    model.fit(
        ids,
        answers,
        batch_size=config.batch_size,
        epochs=epochs,
        callbacks=[ShowProgress()],
        verbose=0,
    )
    return model


def right(model: keras.Model, ids: np.ndarray, answers: np.ndarray) -> float:
    """Returns the share of right answers."""
    logits = model.predict(ids, verbose=0)[:, 0]
    return float(((logits > 0) == answers).mean())


# %%
@show_progress()
def train_all(config: Config, index: WordIndex) -> tuple[dict, dict]:
    """Returns right answers by number of texts, and who learned from most."""
    learned: dict[str, list] = {reader: [] for reader in READERS}
    models: dict[str, list] = {reader: [] for reader in READERS}
    work = [(r, s) for r in READERS for s in seeds_of(config)]
    for reader, seed in follow(work, "readers"):
        questions = encode(
            index,
            texts_of(config, 4 * config.questions, 500 + seed),
            width_of(reader, config),
        )
        shares = []
        for count in numbers_in(config.texts):
            model = trained(reader, config, index, count, seed)
            shares.append(right(model, *questions))
        learned[reader].append(shares)
        models[reader].append(model)
    show_shares("texts", numbers_in(config.texts), learned)
    return learned, models


def seeds_of(config: Config) -> range:
    """Returns the seeds of the trainings."""
    return range(config.seed, config.seed + config.seeds)


def width_of(reader: str, config: Config) -> int:
    """Returns how many words a reader gets: all, or those of its window."""
    if reader == "dense network":
        return config.window
    # "the", the noun, and room
    return max(config.window, max(numbers_in(config.asked)) + 8)


def show_shares(what: str, names: list[int], table: dict[str, list]) -> None:
    """Prints the mean of the trainings, the lowest and the highest."""
    for reader in READERS:
        told = ", ".join(
            f"{name}: {column.mean():.0%} ({column.min():.0%} to "
            f"{column.max():.0%})"
            for name, column in zip(
                names, np.array(table[reader]).T, strict=True
            )
        )
        print(f"  {reader}, {what} {told}")


# %% tags=["active-ipynb"]
# learned, models = train_all(config, index)

# %% [markdown]
# *No order* and *no long memory* are not what fails here: with enough texts the
# dense network answers over 20 words, and it knows who stands where, which the
# bag of words does not. But it needs the texts: it learns each place by itself.
#
# ## 4 Look
#
# What does each one do with a noun that stands further back than it ever did?
# All words still are in the window, up to 29.
#
# **Predict**: 20 words between noun and verb are the most that were learned.
# Who is right at 22, at 24, at 40?


# %%
@show_progress()
def ask_further(
    config: Config, index: WordIndex, models: dict[str, list]
) -> dict[str, list]:
    """Returns right answers of each training, by distance."""
    asked = numbers_in(config.asked)
    curves: dict[str, list] = {reader: [] for reader in READERS}
    work = [
        (reader, seed, model)
        for reader in READERS
        for seed, model in zip(seeds_of(config), models[reader], strict=True)
    ]
    for reader, seed, model in follow(work, "questions"):
        shares = []
        for distance in asked:
            cases = texts_of(config, config.questions, 700 + seed, distance)
            questions = encode(index, cases, width_of(reader, config))
            shares.append(right(model, *questions))
        curves[reader].append(shares)
    show_shares("words between", asked, curves)
    return curves


# %% tags=["active-ipynb"]
# curves = ask_further(config, index, models)


# %%
def plot(config: Config, learned: dict, curves: dict) -> Figure:
    """Returns right answers by number of texts, and by distance."""
    figure, (left, at_right) = new_figure(
        1, 2, title='"The clouds behind the old house ... is or are?"'
    )
    counts, asked = numbers_in(config.texts), numbers_in(config.asked)
    for i, reader in enumerate(READERS):
        look = {"color": PALETTE[i], "marker": MARKERS[i], "label": reader}
        for axes, x, values in (
            (left, counts, learned[reader]),
            (at_right, asked, curves[reader]),
        ):
            values = np.array(values)  # (seeds, len(x))
            axes.plot(x, values.mean(axis=0), **look)
            axes.fill_between(
                x,
                values.min(axis=0),
                values.max(axis=0),
                color=PALETTE[i],
                alpha=0.15,
            )
    at_right.axvline(
        config.distance, color=GRAY, ls=":", label="longest learned"
    )
    for axes in (left, at_right):
        axes.axhline(0.5, color=GRAY, ls="--", label="a guess")
        axes.set(ylabel="right answers [share]", ylim=(0.3, 1.03))
    left.set(
        title=f"asked at distances up to {config.distance}",
        xlabel="texts to learn from [1]",
        xscale="log",
    )
    at_right.set(
        title=f"learned from {counts[-1]} texts",
        xlabel="words between noun and verb [1]",
    )
    left.legend(fontsize=8)
    at_right.legend(fontsize=8)
    return figure


# %% tags=["active-ipynb"]
# figure = plot(config, learned, curves)
# figure

# %% [markdown]
# Beyond 20 words the dense network guesses: no noun ever stood in those places,
# so nothing was learned there. A recurrence goes on as before: it does at each
# step what it has done at each step. So what fails is neither order nor memory,
# but places.


# %% tags=["active-py"]
@show_progress()
def main(config: Config = Config()) -> dict:
    """Runs the lab.

    Args:
        config: What you may change.

    Returns:
        What the lab prints, and the figure.
    """
    keras.utils.set_random_seed(config.seed)

    print("1 Data")
    index = show_data(config)

    print("2 Model")
    weights = count_weights(config, index)

    print("3 Train")
    learned, models = train_all(config, index)

    print("4 Look")
    curves = ask_further(config, index, models)
    figure = plot(config, learned, curves)
    print(f"  figure: {save_figure(figure, Path(config.out, 'dense.png'))}")
    return {
        "weights": weights,
        "learned": learned,
        "curves": curves,
        "figure": figure,
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
# 1. `--window 64`: what does the dense network do with words that stand further
#    back than 20 now, and why does a larger window not help?
# 2. `--texts 30000`: does the bag of words come closer? What is the best that
#    anybody could do who does not know the order?
# 3. Give all texts of training the same distance, by a change in `texts_of`.
#    Which of the readers still answers at others?
# 4. Use `SinusoidalPosition` in the place of the rotary positions. What happens
#    beyond 20 words, and why?
