"""Lab 8: a network that writes folk tunes.

Slides: Lecture 2, "Example Task: Music Generation" and "Encoding Language for
a Neural Network" (docs/slides.md#music); the lecture's Lab 1.
Read before: mitseq/text/vocabulary.py, mitseq/tasks/music/model.py.
Command: python labs/08_music_generation.py
Minutes: about 3 on two cores.
Expect: 1.55 bits per character (1.52 to 1.57, three trainings) on tunes that
the network has never read. A uniform guess needs 5.6, counting letters 4.4. Of
64 samples of each training, drawn as the network says, 44 % (41 to 52) are
tunes whose bars add up; drawn by the rules of `AddsUp`, from what can still add
up, 96 % (92 to 98).
"""

# %% [markdown]
# # A network that writes folk tunes
#
# ## Idea
#
# Folk tunes can be written as text. In ABC notation, `M:6/8` is the meter,
# `K:D` the key, `DFA AFD|` a bar of six eighth notes. A model that reads a tune
# note by note and predicts the next one has learned something about music, and
# it can write: draw a note from its prediction, hand it back as input, go on.
#
# In this lab you prepare tunes, train an LSTM on them, measure what it knows in
# bits per character, and let it write. A checker adds up the bars of what it
# writes, and you look at the score and listen.

# %%
import argparse
import dataclasses
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from mitseq.plots.style import BLUE, MARKERS, new_figure, save_figure
from mitseq.progress import show_progress
from mitseq.tasks.music.evaluation import bits_per_character
from mitseq.tasks.music.generate import (
    GeneratedTunes,
    generate_tunes,
    rejection,
    sample_texts,
)
from mitseq.tasks.music.model import build_music_model, tune_vocabulary
from mitseq.tasks.music.rows import encode_tunes, pack_rows
from mitseq.text.vocabulary import PAD
from mitseq.training.batches import untuned
from mitseq.training.budget import Budget
from mitseq.training.callbacks import EndOfBudget, Schedule
from mitseq.training.code_length import BitsPerCharacter, CodeLength
from mitseq.training.new_start import new_start
from mitseq.training.progress import ShowProgress
from mitseq.tunes.corpus import Corpus, prepare
from mitseq.tunes.notation import pieces
from mitseq.tunes.render import render

import keras
import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure


@dataclasses.dataclass(frozen=True)
class Config:
    """What you may change.

    Every field is an option of the command line too.
    """

    # File or folder of ABC; empty: the collections that come with music21.
    data: str = ""
    # "token": a whole note is one token. "character": as in the lecture.
    level: str = "token"
    # "rnn", "lstm" or "gru".
    cell: str = "lstm"
    # The lecture's lab takes 1024; 128 learn enough in the time we have.
    units: int = 128
    # Numbers of a token, and as many of its place in the bar.
    embedding_dim: int = 64
    # One layer is fast; the bundled model has more.
    layers: int = 1
    # With few epochs there is little to forget; more epochs want more.
    dropout: float = 0.1
    # Rows a step: few tunes, so small, to make more steps of them.
    batch_size: int = 16
    # Tokens a row: most tunes fit into one.
    num_steps: int = 256
    # Highest rate; it warms up to it and falls to a hundredth of it.
    learning_rate: float = 1e-2
    # Passes over the tunes: more would still help, but there are 3 minutes.
    epochs: int = 6
    # A training stops after this time in any case, on a slow machine sooner.
    minutes: float = 10.0
    # Tunes to write and to render.
    tunes: int = 4
    # Samples of each training to judge without the checker's help.
    samples: int = 64
    # 1: as the model says. Below: safer. Above: bolder.
    temperature: float = 1.0
    # Trainings from other weights: their range is what chance does.
    seeds: int = 3
    # The first of them, of weights, order and samples; decides the split, too.
    seed: int = 0
    # Folder for the figure and the tunes.
    out: str = "runs/08_music_generation"


# %% tags=["active-ipynb"]
# config = Config()
# keras.utils.set_random_seed(config.seed)

# %% [markdown]
# ## 1 Data
#
# The installed music21 carries three old collections of Irish, Scottish and
# English dance tunes. `prepare` reads them, brings every tune to one spelling,
# drops what is damaged or there twice, and holds tunes out: near-duplicates
# never stand on both sides, or the network could win by remembering.


# %%
def tunes_of(config: Config) -> Corpus:
    """Returns the tunes, split into train, validation and test."""
    return prepare(config.data or None, seed=config.seed)


# %%
def show_data(config: Config) -> Corpus:
    """Returns what `tunes_of` does; prints a tune."""
    corpus = tunes_of(config)
    print(
        f"  {corpus.report['read']} tunes read: {len(corpus.train)} to learn "
        f"from, {len(corpus.validation)} and {len(corpus.test)} held out\n\n"
        f"{corpus.train[0]}"
    )
    return corpus


# %% tags=["active-ipynb"]
# corpus = show_data(config)

# %% [markdown]
# The vocabulary maps each token to an index. The lecture takes characters. Here
# a note with its accidental, octave and length is one token, so that `d3/2` is
# one decision of the network, not four.
#
# **Predict**: which token is the most frequent? A note, a bar line, a header?


# %%
def most_frequent(tunes: list[str], count: int = 8) -> list[tuple[str, int]]:
    """Returns the most frequent tokens with their numbers."""
    return Counter(p for tune in tunes for p in pieces(tune)).most_common(count)


# %%
def show_tokens(corpus: Corpus) -> None:
    """Prints the most frequent tokens."""
    for token, count in most_frequent(corpus.train):
        print(f"  {count:6,} x {token!r}")


# %% tags=["active-ipynb"]
# show_tokens(corpus)

# %% [markdown]
# How good is a prediction? If the model gives the right token probability p, an
# ideal code spends $-\log_2 p$ bits on it. Divided by the number of characters
# this compares models of any vocabulary. Two figures to beat, before any
# network: every character is as likely as any other, and every character is as
# likely as it is frequent.
#
# **Predict**: a tune has about 50 different characters. How many bits does a
# uniform guess need? What does counting save, and what will be left for a
# network that has read 3,200 tunes?


# %%
def uniform_bits(train: list[str], held_out: list[str]) -> float:
    """Bits per character if all characters and the end are equally likely."""
    kinds = len(set().union(*train, *held_out)) + 1
    return _per_character(held_out, lambda _: math.log2(kinds))


def unigram_bits(train: list[str], held_out: list[str]) -> float:
    """Bits per character if only frequencies in `train` are known."""
    counts = Counter(c for tune in train for c in [*tune, "end"])
    kinds = len(set().union(*train, *held_out)) + 1
    total = sum(counts.values()) + kinds
    # One more of each: no character is impossible.
    return _per_character(
        held_out, lambda c: math.log2(total / (counts[c] + 1))
    )


def _per_character(tunes, bits_of):
    bits = sum(bits_of(c) for tune in tunes for c in [*tune, "end"])
    return bits / sum(map(len, tunes))


# %%
def count_characters(corpus: Corpus) -> dict[str, float]:
    """Returns the bits per character of the two peers."""
    bits = {
        "uniform": uniform_bits(corpus.train, corpus.test),
        "unigram": unigram_bits(corpus.train, corpus.test),
    }
    show_bits(bits)
    return bits


def show_bits(bits: dict[str, float]) -> None:
    """Prints bits per character."""
    for name, value in bits.items():
        print(f"  bits per character, held-out test tunes, {name}: {value:.2f}")


# %% tags=["active-ipynb"]
# peers = count_characters(corpus)

# %% [markdown]
# ## 2 Model
#
# Index to vector, a recurrent layer over the whole tune, one logit for each
# token ("Many to Many"). With tokens the model is also told where in the bar it
# stands, and the logits see what the LSTM is given, too (a shortcut): a phrase
# often comes again after some bars, and what only repeats needs no way through
# the state. `build_music_model` is a functional Keras model; open it.


# %%
def build_model(config: Config, train: list[str]) -> keras.Model:
    """Returns the model, ids `(B, T)` -> logits `(B, T, V)`."""
    vocabulary = tune_vocabulary(train, config.level)
    return build_music_model(
        vocabulary,
        cell=config.cell,
        units=config.units,
        layers=config.layers,
        embedding_dim=config.embedding_dim,
        dropout=config.dropout,
        lags=(1, 2, 4, 8),
        in_key=False,  # notes as they are written
        points=False,
        shortcut=True,
    )


# %%
def show_model(config: Config, corpus: Corpus) -> keras.Model:
    """Returns the model; prints how large it is."""
    model = build_model(config, corpus.train)
    vocabulary = model.get_layer("embedding").vocabulary
    print(
        f"  {len(vocabulary)} tokens, {model.count_params():,} weights in "
        f"{len(model.layers)} layers"
    )
    return model


# %% tags=["active-ipynb"]
# model = show_model(config, corpus)

# %% [markdown]
# ## 3 Train
#
# Tunes are packed into rows of equal length. The target at each step is the
# next token; padding does not count. The loss is the cross-entropy of the
# slide. Gradients are clipped, because they can explode. After each epoch a
# callback computes the bits per character of the validation tunes. All of it
# three times, from other weights.


# %%
def compile_model(model: keras.Model, config: Config) -> None:
    """Says what the model is to learn by."""
    model.compile(
        optimizer=keras.optimizers.Adam(
            config.learning_rate, global_clipnorm=1.0
        ),
        loss=keras.losses.SparseCategoricalCrossentropy(
            from_logits=True, ignore_class=PAD
        ),
        jit_compile=True,
    )


def train(
    model: keras.Model,
    corpus: Corpus,
    config: Config,
    code_length: CodeLength,
) -> list[float]:
    """Fits the model; returns the bits per character of each epoch."""
    vocabulary = model.get_layer("embedding").vocabulary
    x, y = pack_rows(
        encode_tunes(vocabulary, corpus.train),
        config.num_steps,
        np.random.default_rng(config.seed),
    )
    steps = math.ceil(len(x) / config.batch_size)
    budget = Budget(config.epochs, config.minutes)
    rows = tf.data.Dataset.from_tensor_slices((x, y))
    rows = rows.shuffle(len(x)).batch(config.batch_size)
    history = model.fit(
        untuned(rows),
        shuffle=False,  # they are shuffled
        epochs=config.epochs,
        callbacks=[
            Schedule(config.learning_rate, budget, steps),
            EndOfBudget(budget, steps),
            BitsPerCharacter(
                encode_tunes(vocabulary, corpus.validation),
                sum(map(len, corpus.validation)),
                code_length,
            ),
            ShowProgress(),
        ],
        verbose=0,
    )
    return history.history["val_bits_per_character"]


# %%
def seeds_of(config: Config) -> list[int]:
    """The seeds, the first one last: a model keeps what it learns last."""
    return list(range(config.seed, config.seed + config.seeds))[::-1]


@show_progress()
def train_all(
    config: Config, model: keras.Model, corpus: Corpus
) -> tuple[list[list[np.ndarray]], list[list[float]], dict[str, list[float]]]:
    """Fits the model from several weights; it ends with those of `seed`.

    Returns:
        For each training the weights that it ends with, the bits per character
        of its epochs, and those of the test tunes.
    """
    compile_model(model, config)
    code_length = CodeLength(model)  # compiled once, as the model is
    weights, curves, bits = [], [], []
    for seed in seeds_of(config):
        new_start(model, seed)
        curves.append(train(model, corpus, config, code_length))
        print(
            "  bits per character of the validation tunes, seed "
            f"{seed}, epoch by epoch:",
            *(f"{each:.2f}" for each in curves[-1]),
        )
        bits.append(bits_per_character(model, corpus.test, code_length))
        weights.append(model.get_weights())
    print(
        "  bits per character, held-out test tunes, network: "
        f"{told(bits, '.2f')}"
    )
    return weights, curves, {"network": bits}


def told(values: Sequence[float], form: str = ".0%") -> str:
    """The mean of the trainings, the lowest and the highest."""
    return (
        f"{np.mean(values):{form}} ({min(values):{form}} to "
        f"{max(values):{form}})"
    )


# %% tags=["active-ipynb"]
# weights, curves, network = train_all(config, model, corpus)

# %% [markdown]
# What is left is not all ignorance: a good tune is not predictable to the last
# note.
#
# ## 4 Look
#
# First what the model writes if nobody helps: each token is drawn with the
# probability that the network gives it.
#
# **Predict**: of its samples, how many are tunes whose bars all add up to the
# meter? And what is wrong with the others?


# %%
def judge_samples(
    model: keras.Model, config: Config, seed: int, by_rules: bool = False
) -> tuple[float, Counter, list[str]]:
    """Returns the share of samples accepted, the reasons, and the samples."""
    samples = sample_texts(
        model,
        config.samples,
        seed=seed,
        temperature=config.temperature,
        adding_up=by_rules,
    )
    reasons = Counter(rejection(text) for text in samples)
    accepted = reasons.pop(None, 0)
    return accepted / len(samples), reasons, samples


# %%
@show_progress()
def judge(
    config: Config,
    model: keras.Model,
    weights: list[list[np.ndarray]],
    by_rules: bool = False,
) -> tuple[list[float], Counter, list[str]]:
    """Returns what `judge_samples` does of all trainings, and prints it."""
    accepted, reasons, samples = [], Counter(), []
    for seed, each in zip(seeds_of(config), weights, strict=True):
        model.set_weights(each)
        share, why, texts = judge_samples(model, config, seed, by_rules)
        accepted.append(share)
        reasons += why
        samples += texts
    drawn = "from what can still add up" if by_rules else "as the network says"
    print(
        f"  {told(accepted)} of {config.samples} samples, drawn {drawn}, are "
        "tunes that add up"
    )
    for reason, count in reasons.most_common(3):
        print(f"    {count} x {reason}")
    return accepted, reasons, samples


# %% tags=["active-ipynb"]
# accepted, reasons, samples = judge(config, model, weights)

# %% [markdown]
# That a bar adds up need not be left to chance. `AddsUp`
# (mitseq/tasks/music/adds_up.py) reads along, counts the bar, and takes the
# tokens away after which it could not be filled any more. The rest is drawn as
# before.
#
# **Predict**: how many of these samples add up? Has the network learned
# anything by it?


# %% tags=["active-ipynb"]
# by_rules, _, _ = judge(config, model, weights, by_rules=True)

# %% [markdown]
# So this share is one of the rules, the first one is one of the network. What
# the rules let through is a broken header, or a section that is not closed.
# `generate_tunes` draws by the rules, until enough tunes have passed the
# checker. These are of the training with the first seed, whose weights the
# model has now.


# %%
@show_progress()
def write(config: Config, model: keras.Model) -> GeneratedTunes:
    """Returns tunes that passed the checker; prints the first."""
    written = generate_tunes(
        model,
        config.tunes,
        temperature=config.temperature,
        seed=config.seed,
    )
    print(
        f"  {len(written)} tunes written, {written.rejected} thrown away:\n\n"
        f"{written[0].abc}"
    )
    return written


# %% tags=["active-ipynb"]
# written = write(config, model)

# %% tags=["active-ipynb"]
# written[0]

# %% tags=["active-ipynb"]
# written[0].play()

# %% [markdown]
# Is it a tune to you? Listen for the two parts, for what comes again, and for
# its end. The figure shows the bits per character as they fall below those of
# counting, and how long the tunes are that the model writes, next to human
# ones: does it know when to stop?


# %%
def plot(
    bits: dict[str, float],
    curves: list[list[float]],
    human: list[str],
    written: list[str],
) -> Figure:
    """Returns the figure: the bits by epoch, and the lengths of tunes."""
    figure, (left, right) = new_figure(1, 2, size=(11, 4))
    for i, curve in enumerate(curves):
        left.plot(
            range(1, len(curve) + 1),
            curve,
            color=BLUE,
            marker=MARKERS[i % len(MARKERS)],
            label=None if i else "the network, by training",
        )
    for name, style in (("uniform", ":"), ("unigram", "--")):
        left.axhline(bits[name], color="gray", ls=style, label=name)
    left.set(
        xlabel="epoch", ylabel="bits per held-out character", ylim=(0, None)
    )
    left.legend()
    bars = [[tune.count("|") for tune in tunes] for tunes in (human, written)]
    right.hist(
        bars,
        bins=range(0, 61, 4),
        density=True,
        label=["human tunes", "samples"],
    )
    right.set(xlabel="bar lines in a tune", ylabel="share")
    right.legend()
    return figure


# %% tags=["active-ipynb"]
# figure = plot(peers, curves, corpus.test, samples)
# figure


# %% tags=["active-py"]
def save_all(
    config: Config, figure: Figure, written: GeneratedTunes
) -> list[Path]:
    """Writes the figure and the tunes; returns the files of these."""
    paths = render(written, out_dir=config.out, overwrite=True)
    print(f"  figure: {save_figure(figure, Path(config.out, 'figure.png'))}")
    for path in paths:
        if path.suffix in (".html", ".wav", ".png"):
            print(f"  look and listen: {path}")
    return paths


@show_progress()
def main(config: Config = Config()) -> dict:
    """Runs the lab.

    Args:
        config: What you may change.

    Returns:
        What the lab prints, the trained model, the tunes, the paths of their
        files and the figure.
    """
    keras.utils.set_random_seed(config.seed)

    print("1 Data")
    corpus = show_data(config)
    show_tokens(corpus)
    peers = count_characters(corpus)

    print("2 Model")
    model = show_model(config, corpus)

    print("3 Train")
    weights, curves, network = train_all(config, model, corpus)

    print("4 Look")
    accepted, reasons, samples = judge(config, model, weights)
    by_rules, _, _ = judge(config, model, weights, by_rules=True)
    written = write(config, model)
    figure = plot(peers, curves, corpus.test, samples)
    paths = save_all(config, figure, written)
    return {
        "bits_per_character": peers | network,
        "curves": curves,
        "accepted": accepted,
        "accepted_by_rules": by_rules,
        "reasons": reasons,
        "samples": samples,
        "tunes": list(written),
        "paths": paths,
        "model": model,
        "corpus": corpus,
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
# 1. Write with `temperature=0.5` and with 1.3. What happens to the share that
#    the checker accepts, and to the melodies?
# 2. Train with `level="character"`. The bits per character compare: which one
#    knows more after the same minutes? Which one writes more bars that add up?
# 3. Ask for a jig in D: `generate_tunes(model, 4, key="D", meter="6/8")`. Why
#    is this nothing but a prompt?
# 4. Replace the LSTM: `cell="rnn"`, `cell="gru"`. Which is fastest, which is
#    best?
# 5. Compare with the bundled model, `mitseq music evaluate --samples 64`. What
#    did the longer training buy?
