"""Lab 14: one vector for a whole sentence, and the way out of it.

Notes on Lecture 2, "Machine Translation" and "Attention"
(docs/slides.md#translation).
Read before: language.py and model.py in mitseq/tasks/translate.
Command: python labs/14_translation.py
Minutes: about 4 on two cores.
Expect: words at their place, means of 3 seeds, of sentences as long as those
learned (6 to 18 words): 51 % (49 to 54) falling to 35 % (33 to 38) with the
context vector alone, 100 % to 95 % (94 to 96) with attention. On one clause
more (21 words) both fail, 17 % (16 to 18) and 27 % (25 to 28): of 8000
sentences learned 6 have 20 words or more. The decoder looks at the true source
word in 75 % (73 to 77) over all lengths.
"""

# %% [markdown]
# # Everything through one vector
#
# ## Idea
#
# An encoder reads the whole source sentence and hands on a context vector,
# "perhaps 512 numbers". A decoder starts from it and writes word by word. The
# vector has the same size for 6 words as for 30. So the longer the sentence,
# the less of each word can be left in it: the bottleneck. Attention lets the
# decoder look at every state of the encoder, at each step anew.
#
# The two languages here are made up, so that it is known which source word
# each target word comes from, and the order changes: adjectives stand behind
# their noun, the verb at the end.

# %%
import argparse
import dataclasses
from collections.abc import Sequence
from pathlib import Path

from mitseq.plots.style import save_figure
from mitseq.progress import follow, show_progress
from mitseq.tasks.translate.evaluation import (
    alignment_accuracy,
    word_accuracy,
)
from mitseq.tasks.translate.figures import plot_alignment, plot_by_length
from mitseq.tasks.translate.language import Made, write_sentences
from mitseq.tasks.translate.model import (
    build_translation_model,
    parts_of,
)
from mitseq.tasks.translate.pairs import Pairs, as_pair, language_pairs
from mitseq.tasks.translate.train import batches_of
from mitseq.tasks.translate.translate import alignment, translate
from mitseq.text.words import word_vocabulary
from mitseq.training.progress import ShowProgress
from mitseq.training.token_loss import compile_for_tokens

import keras
import numpy as np
from matplotlib.figure import Figure


@dataclasses.dataclass(frozen=True)
class Config:
    """What you may change.

    Every field is an option of the command line too.
    """

    # "lstm" or "gru": who reads and who writes.
    cell: str = "lstm"
    # Size of the hidden state. An LSTM hands on two of them.
    units: int = 64
    # Size of a word's vector; there are about 100 words.
    embedding_dim: int = 32
    # Most clauses of a sentence to learn from, 4 to 9 words each.
    clauses: int = 2
    # One clause more is asked than was learned: does it go on?
    asked: int = 3
    # Sentences to learn from.
    sentences: int = 8000
    # Passes over them; attention is found in the fourth or so.
    epochs: int = 10
    # Pairs a step: small, for many steps.
    batch: int = 32
    # Share dropped.
    dropout: float = 0.1
    # At the start; it falls to nothing as a half cosine.
    learning_rate: float = 5e-3
    # Sentences of each number of clauses that are translated.
    questions: int = 200
    # Trainings of each network: their range is what chance does.
    seeds: int = 3
    # The first of them; decides the sentences, too.
    seed: int = 0
    # Folder for the figures.
    out: str = "runs/14_translation"


# %% tags=["active-ipynb"]
# config = Config()
# keras.utils.set_random_seed(config.seed)

# %% [markdown]
# ## 1 Data
#
# A sentence, its translation, and where each word of it comes from.


# %%
def data(config: Config) -> tuple[Pairs, list[Made]]:
    """Returns pairs to learn from, and sentences of each length to ask."""
    pairs = language_pairs(config.clauses, config.sentences, config.seed)
    learned = {pair.source for pair in pairs.train}
    asked = [
        made
        for clauses in range(1, config.asked + 1)
        for made in write_sentences(
            config.questions, [clauses], [config.seed, clauses]
        )
        if as_pair(made).source not in learned
    ]
    return pairs, asked


# %%
def show_data(config: Config) -> tuple[Pairs, list[Made]]:
    """Returns what `data` does; prints two pairs and an alignment."""
    pairs, asked = data(config)
    for pair in pairs.train[:2]:
        print(f"  {pair.source}\n    {pair.target}")
    print(f"  {len(pairs.train)} pairs to learn from, {len(asked)} to ask")
    return pairs, asked


# %% tags=["active-ipynb"]
# pairs, asked = show_data(config)

# %% [markdown]
# ## 2 Model
#
# Twice the same encoder, which reads both ways, and the same decoder. One of
# the decoders has the context vector alone. The other one also asks all states
# of the encoder (Bahdanau's small network), before each word.

# %%
NAMES = {"none": "the context vector alone", "additive": "attention"}


def model_of(config: Config, pairs: Pairs, attention: str) -> keras.Model:
    """Returns a network, compiled; `attention` is "none" or "additive"."""
    model = build_translation_model(
        word_vocabulary(pair.source for pair in pairs.train),
        word_vocabulary(pair.target for pair in pairs.train),
        cell=config.cell,
        attention=attention,
        units=config.units,
        embedding_dim=config.embedding_dim,
        dropout=config.dropout,
    )
    steps = -(-config.sentences // config.batch)
    falling = keras.optimizers.schedules.CosineDecay(
        config.learning_rate, config.epochs * steps
    )
    compile_for_tokens(model, falling, jit_compile=False)
    return model


# %%
def show_models(config: Config, pairs: Pairs) -> None:
    """Prints how large the two networks are."""
    for attention, name in NAMES.items():
        model = model_of(config, pairs, attention)
        states = parts_of(model)[0].outputs[: 1 + (config.cell == "lstm")]
        size = sum(state.shape[-1] for state in states)
        print(
            f"  {name}: {model.count_params()} weights, {size} numbers "
            "handed on"
        )


# %% tags=["active-ipynb"]
# show_models(config, pairs)

# %% [markdown]
# ## 3 Train
#
# In training the decoder is given the right word before each step (teacher
# forcing). Sentences of about the same length share a batch. Each of the two is
# trained three times, from other weights and in another order.
#
# **Predict**: which of the two has the smaller loss in the end? Will it be half
# as large, or nearly nothing beside the other?


# %%
def train(
    config: Config, model: keras.Model, pairs: Pairs, seed: int
) -> list[float]:
    """Fits a network; returns the loss of each epoch, in nats a word."""
    batches = batches_of(
        model, pairs.train, config.batch, seed, is_shuffled=True
    )
    history = model.fit(
        batches.dataset(),
        epochs=config.epochs,
        callbacks=[ShowProgress()],
        shuffle=False,  # the batches are
        verbose=0,
    )
    return history.history["loss"]


# %%
@show_progress()
def train_all(
    config: Config, pairs: Pairs
) -> tuple[dict[str, list[list[float]]], dict[str, list[keras.Model]]]:
    """Returns the losses of each training by name, and the networks."""
    losses: dict[str, list[list[float]]] = {name: [] for name in NAMES.values()}
    models: dict[str, list[keras.Model]] = {name: [] for name in NAMES.values()}
    for attention, name in NAMES.items():
        for seed in range(config.seed, config.seed + config.seeds):
            keras.utils.set_random_seed(seed)
            model = model_of(config, pairs, attention)
            losses[name].append(train(config, model, pairs, seed))
            models[name].append(model)
        shown = ", ".join(f"{e[0]:.2f} to {e[-1]:.2f}" for e in losses[name])
        print(f"  {name}: loss {shown}")
    return losses, models


# %% tags=["active-ipynb"]
# losses, models = train_all(config, pairs)

# %% [markdown]
# ## 4 Look
#
# Now nobody hands them the right word any more. How many words stand at their
# place, by the length of the source? The mean of the trainings, the lowest and
# the highest.
#
# **Predict**: what happens to each of the two from 6 to 18 words, the lengths
# that they have learned? And on sentences of one clause more, longer than any?


# %%
def by_length(model: keras.Model, asked: list[Made]) -> list[dict]:
    """Returns the share of words at their place, for lengths in steps of 3."""
    pairs = [as_pair(made) for made in asked]
    found = translate(model, [pair.source for pair in pairs], beams=1)
    shares: dict[int, list[float]] = {}
    for made, pair, (best, *_) in zip(asked, pairs, found, strict=True):
        length = 3 * round(len(made.source) / 3)
        share = word_accuracy(best.text, [pair.target])
        shares.setdefault(length, []).append(share)
    return [
        {
            "words": length,
            "sentences": len(each),
            "accuracy": float(np.mean(each)),
        }
        for length, each in sorted(shares.items())
    ]


# %%
def told(shares: Sequence[float]) -> str:
    """The mean of the trainings, the lowest and the highest."""
    return f"{np.mean(shares):.0%} ({min(shares):.0%} to {max(shares):.0%})"


@show_progress()
def ask_all(
    models: dict[str, list[keras.Model]], asked: list[Made]
) -> dict[str, list[dict]]:
    """Returns what `by_length` does, for both, with one accuracy a training."""
    work = [(name, model) for name in models for model in models[name]]
    found: dict[str, list[list[dict]]] = {name: [] for name in models}
    for name, model in follow(work, "translating"):
        found[name].append(by_length(model, asked))
    curves: dict[str, list[dict]] = {}
    for name, several in found.items():
        print(f"  {name}, words at their place:")
        for rows in zip(*several, strict=True):
            shares = [row["accuracy"] for row in rows]
            curves.setdefault(name, []).append(rows[0] | {"accuracy": shares})
            print(f"    {rows[0]['words']:2} words: {told(shares)}")
    return curves


def longest_learned(pairs: Pairs) -> int:
    """The words that 99 of 100 sentences to learn from do not exceed."""
    words = [len(pair.source.split()) - 1 for pair in pairs.train]  # no stop
    return int(np.quantile(words, 0.99, method="inverted_cdf"))


def draw_bottleneck(curves: dict[str, list[dict]], pairs: Pairs) -> Figure:
    """Returns the means by length, with the lengths that were learned."""
    means = {
        name: [row | {"accuracy": np.mean(row["accuracy"])} for row in rows]
        for name, rows in curves.items()
    }
    return plot_by_length(means, trained=longest_learned(pairs))


# %% tags=["active-ipynb"]
# curves = ask_all(models, asked)
# bottleneck = draw_bottleneck(curves, pairs)
# bottleneck

# %% [markdown]
# Through one vector, the longer the sentence, the less is left of each word.
# With attention little is lost up to 18 words, the end of the shade: 99 of 100
# sentences learned are no longer. Beyond it both fail, and not for the
# bottleneck: only 6 of 8000 sentences made them look as far back as 20 words.
#
# Attention has found by itself where to look: nobody told it which word comes
# from which. But we know.
#
# **Predict**: how often is the source word that it looks at most the one that
# the word comes from? And what will the picture look like, where the adjective
# stands behind its noun and the verb at the end?


# %%
def judge_alignment(
    models: dict[str, list[keras.Model]], asked: list[Made]
) -> list[dict]:
    """Returns how often each decoder looks at the true source word."""
    judged = [alignment_accuracy(each, asked) for each in models["attention"]]
    print(
        "  looks at the word that it comes from: "
        f"{told([each['aligned'] for each in judged])} of "
        f"{judged[0]['words']} words"
    )
    return judged


def draw_alignment(
    models: dict[str, list[keras.Model]], asked: list[Made]
) -> Figure:
    """Returns where the first decoder looked in a sentence of eight words."""
    model = models["attention"][0]
    shown = next(made for made in asked if len(made.source) == 8)
    best = translate(model, [as_pair(shown).source])[0][0]
    return plot_alignment(alignment(model, best), truth=shown.alignment)


# %% tags=["active-ipynb"]
# judged = judge_alignment(models, asked)
# aligned = draw_alignment(models, asked)
# aligned


# %% tags=["active-py"]
@show_progress()
def main(config: Config = Config()) -> dict:
    """Runs the lab.

    Args:
        config: What you may change.

    Returns:
        What the lab prints, the trained networks and the figures.
    """
    keras.utils.set_random_seed(config.seed)

    print("1 Data")
    pairs, asked = show_data(config)

    print("2 Model")
    show_models(config, pairs)

    print("3 Train")
    losses, models = train_all(config, pairs)

    print("4 Look")
    curves = ask_all(models, asked)
    bottleneck = draw_bottleneck(curves, pairs)
    judged = judge_alignment(models, asked)
    aligned = draw_alignment(models, asked)
    figures = {"bottleneck": bottleneck, "alignment": aligned}
    for name, figure in figures.items():
        path = save_figure(figure, Path(config.out, f"{name}.png"))
        print(f"  figure: {path}")
    return {
        "losses": losses,
        "curves": curves,
        "alignment": judged,
        "models": models,
        "figures": figures,
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
# 1. `--units 32`, `--units 128`: by how many words does the curve of the
#    context vector move? What does that say of "perhaps 512 numbers"?
# 2. `--asked 5`: both lose on sentences that are longer than any they learned.
#    Does attention lose for the same reason?
# 3. Draw the alignment of a sentence with "children". Where does the decoder
#    look for the ending of the adjective?
# 4. "dot" for "additive" in `NAMES`: Luong's product instead of Bahdanau's
#    small network. Is the alignment found earlier or later?
# 5. Give `language_pairs` `reverse=True`. Is the way back harder?
