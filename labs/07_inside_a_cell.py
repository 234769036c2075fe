"""Lab 7: inside a trained cell.

Slides: Lecture 2, "Gating Mechanisms in Neurons" and "Long Short Term Memory
(LSTM) Networks" (docs/slides.md#inside-a-cell).
Read before: mitseq/layers/lstm.py, mitseq/inside/cell.py.
Command: python labs/07_inside_a_cell.py
Minutes: about 2 on two cores.
Expect: means of 3 seeds. A store gate that is more open at the symbol
(0.82) than at noise (0.59), and a forget gate that does the reverse (0.49 and
0.71). On unseen tunes a unit that follows the position in the bar, correlation
0.73 (0.67 to 0.79), in a network that nobody has told what a bar is; and in the
bundled model one that knows when the next bar line is due, 0.74.
"""

# %% [markdown]
# # Inside a trained cell
#
# ## Idea
#
# A gate is a row of taps between 0 (closed) and 1 (open). The slides say what
# the taps of an LSTM are for: forget, store, update, output. Nobody tells the
# network to use them so. Does it?
#
# In this lab you open trained networks and look at every gate at every step.
# The first has to remember a symbol through noise. The second reads a sentence
# that hinges on "not". The third reads folk tunes, and you search among its
# units for one that knows where in the bar it stands.

# %%
import argparse
import dataclasses
from pathlib import Path

from mitseq.by_hand.memory import remember_first
from mitseq.inside.cell import correlations, gate_values
from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.layers.gru import GRU
from mitseq.layers.lstm import LSTM
from mitseq.layers.rnn import SimpleRNN
from mitseq.plots.cells import plot_gates, plot_unit
from mitseq.plots.style import save_figure
from mitseq.progress import show_progress
from mitseq.tasks.music.bar_position import BarPosition
from mitseq.tasks.music.model import (
    load_music_model,
    tune_vocabulary,
    vocabulary_of,
)
from mitseq.tasks.music.rows import encode_tunes, pack_rows
from mitseq.tasks.sentiment.model import load_sentiment_model
from mitseq.text.vocabulary import PAD, SPECIAL, Vocabulary
from mitseq.training.batches import untuned
from mitseq.training.new_start import new_start
from mitseq.training.progress import ShowProgress
from mitseq.tunes.corpus import Corpus, prepare
from mitseq.tunes.notation import is_bar_line

import keras
import numpy as np
import tensorflow as tf
from keras import ops
from matplotlib.figure import Figure


@dataclasses.dataclass(frozen=True)
class Config:
    """What you may change.

    Every field is an option of the command line too.
    """

    # File or folder of ABC; empty: the collections that come with music21.
    data: str = ""
    # Steps of noise after the symbol: enough to see that it is kept.
    distance: int = 24
    # Units of the network that remembers: few, so that all can be looked at.
    memory_units: int = 12
    # Training batches of that network: it is right long before.
    memory_steps: int = 800
    # Units of the network that reads tunes without being told about bars.
    units: int = 128
    # Passes over the tunes: the bar is among the first things it learns.
    epochs: int = 3
    # Rows a training batch.
    batch_size: int = 32
    # Tokens a row of training tunes.
    num_steps: int = 128
    # Unseen tunes to choose a unit on, and as many others to measure it on.
    tunes: int = 24
    # Tokens of these tunes that are looked at: more is slower, not clearer.
    longest: int = 200
    # Read by the bundled classifier; with the twin below it hinges on order.
    text: str = "The food was good, not bad at all."
    # The same words, and the opposite of it.
    twin: str = "The food was bad, not good at all."
    # How often both networks are trained.
    seeds: int = 3
    # The first of them: it decides the weights and the sequences; this one
    # alone decides the split of the tunes.
    seed: int = 0
    # Folder for the figures.
    out: str = "runs/07_inside_a_cell"


# %% tags=["active-ipynb"]
# config = Config()
# keras.utils.set_random_seed(config.seed)

# %% [markdown]
# ## 1 Data
#
# For the first network the task of Lab 6: a symbol (0 to 3), then noise (4 to
# 7). For the second, tunes in three parts: to learn from, to choose a unit on,
# and to measure it on. With hundreds of units, some follow anything by chance,
# so the tunes that chose a unit must not judge it.
#
# Three signals that a unit may follow. They are computed from the notes.

# %%
SIGNALS = ("position in the bar", "a bar line is next", "a bar line is read")


def tokens_of(vocabulary: Vocabulary, ids: np.ndarray) -> list[str]:
    """Returns the tokens of ids, without the padding behind them."""
    return [vocabulary.tokens[i - SPECIAL] if i >= SPECIAL else "" for i in ids]


def signals_of(
    vocabulary: Vocabulary, rows: np.ndarray
) -> dict[str, np.ndarray]:
    """Returns each signal `(B, T)` of padded tunes; NaN where there is none.

    Position in the bar: the share of a full bar that has gone by, from 0 after
    a bar line towards 1.
    """
    features = ops.convert_to_numpy(BarPosition(vocabulary, lags=())(rows))
    position, missing = features[..., 0], features[..., 1] - 1
    full = (position + missing).astype("float64")
    bars = np.array(
        [[is_bar_line(t) for t in tokens_of(vocabulary, row)] for row in rows]
    )
    counts = (rows >= SPECIAL) & (missing >= 0) & (full > 0)
    is_next = np.concatenate([bars[:, 1:], np.zeros_like(bars[:, :1])], axis=1)
    signals = (position / np.maximum(full, 1), is_next, bars)
    return {
        name: np.where(counts, signal, np.nan)
        for name, signal in zip(SIGNALS, signals, strict=True)
    }


def padded(
    vocabulary: Vocabulary, tunes: list[str], config: Config
) -> np.ndarray:
    """Returns the first tunes as ids `(B, T)`."""
    encoded = encode_tunes(vocabulary, tunes[: config.tunes])
    rows = np.full((len(encoded), config.longest), PAD, "int32")
    for row, ids in zip(rows, encoded, strict=True):
        row[: len(ids)] = ids[: config.longest]
    return rows


def show_tunes(config: Config) -> Corpus:
    """Prints how many tunes there are; returns them."""
    corpus = prepare(config.data or None, seed=config.seed)
    print(
        f"  {len(corpus.train)} tunes to learn from, "
        f"{min(config.tunes, len(corpus.validation))} to choose a unit on, "
        f"{min(config.tunes, len(corpus.test))} to measure it on"
    )
    return corpus


# %% tags=["active-ipynb"]
# corpus = show_tunes(config)

# %% [markdown]
# ## 2 Model
#
# A small LSTM for the symbol; and one for the tunes that sees nothing but the
# tokens. The bundled model of the package is looked at too. It is *told* the
# position in the bar (mitseq/tasks/music/bar_position.py), so that it knows
# comes as no surprise; the other has to find it out. The sentence is read by
# the LSTM of the bundled sentiment classifier, forwards.


# %%
def build_memory_model(config: Config) -> keras.Model:
    """Returns a model, ids `(B, T)` -> logits of the four symbols."""
    ids = keras.Input((None,), dtype="int32", name="ids")
    h_T = LSTM(config.memory_units, name="lstm")(ops.one_hot(ids, 8))
    return keras.Model(ids, keras.layers.Dense(4, name="logits")(h_T))


def build_tune_model(vocabulary: Vocabulary, config: Config) -> keras.Model:
    """Returns a model, ids `(B, T)` -> logits of the next token."""
    ids = keras.Input((None,), dtype="int32", name="ids")
    x = VocabularyEmbedding(vocabulary, 64, name="embedding")(ids)
    x = LSTM(config.units, return_sequences=True, name="lstm_1")(x)
    return keras.Model(ids, keras.layers.Dense(len(vocabulary))(x))


def show_models(
    config: Config, corpus: Corpus
) -> tuple[Vocabulary, keras.Model, keras.Model]:
    """Builds both networks and prints how many weights they have."""
    vocabulary = tune_vocabulary(corpus.train, "token")
    memory_model = build_memory_model(config)
    tune_model = build_tune_model(vocabulary, config)
    print(f"  {memory_model.count_params():,} weights to remember a symbol")
    print(f"  {tune_model.count_params():,} weights to read tunes")
    return vocabulary, memory_model, tune_model


# %% tags=["active-ipynb"]
# vocabulary, memory_model, tune_model = show_models(config, corpus)

# %% [markdown]
# How many weights does a gate cost? A SimpleRNN of H units that reads D numbers
# has one matrix (D, H), one (H, H) and H biases. An LSTM has that four times:
# three gates and a candidate.
#
# **Predict**: a GRU has two gates and a candidate. How many weights has it, if
# D = 8 and H = 12? Is it exactly three times as many as the SimpleRNN has?


# %%
def count_weights(config: Config, input_dim: int = 8) -> dict[str, int]:
    """Prints and returns the numbers of weights, counted and by formula."""
    D, H = input_dim, config.memory_units
    once = H * (D + H + 1)
    formulas = {
        "SimpleRNN": (SimpleRNN, f"H (D + H + 1) = {once}", once),
        "GRU": (GRU, f"3 H (D + H + 1) + H = {3 * once + H}", 3 * once + H),
        "LSTM": (LSTM, f"4 H (D + H + 1) = {4 * once}", 4 * once),
    }
    counted = {}
    for name, (kind, formula, expected) in formulas.items():
        layer = kind(H)
        layer.build((None, None, D))
        counted[name] = layer.count_params()
        agrees = "as" if counted[name] == expected else "not as"
        print(f"  {name}: {counted[name]} weights, {agrees} {formula}")
    return counted


# %% tags=["active-ipynb"]
# counted = count_weights(config)

# %% [markdown]
# Three times and H more: in the form that GPU kernels compute, and Keras by
# default, the reset gate has a bias of its own inside. With
# `reset_after=False`, as in the paper, it is exactly three times.
#
# ## 3 Train
#
# Both are trained several times. The figures show the first seed.


# %%
def train_memory(model: keras.Model, config: Config) -> float:
    """Fits the model; returns its share of right answers on new sequences."""
    x, y = remember_first(
        64 * config.memory_steps,
        config.distance,
        anywhere=True,
        seed=config.seed,
    )
    model.fit(
        untuned(tf.data.Dataset.from_tensor_slices((x, y)).batch(64)),
        shuffle=False,
        callbacks=[ShowProgress(f"memory, seed {config.seed}")],
        verbose=0,
    )
    x, y = remember_first(256, config.distance, seed=1000 + config.seed)
    logits = model.predict(x, batch_size=256, verbose=0)
    return float(np.mean(logits.argmax(axis=-1) == y))


def train_tunes(
    model: keras.Model,
    vocabulary: Vocabulary,
    tunes: list[str],
    config: Config,
) -> list[float]:
    """Fits the model to the next token; returns the loss of each epoch."""
    x, y = pack_rows(
        encode_tunes(vocabulary, tunes),
        config.num_steps,
        np.random.default_rng(config.seed),
    )
    rows = tf.data.Dataset.from_tensor_slices((x, y))
    rows = rows.shuffle(len(x), seed=config.seed)
    history = model.fit(
        untuned(rows.batch(config.batch_size)),
        shuffle=False,  # they are shuffled
        epochs=config.epochs,
        callbacks=[ShowProgress(f"tunes, seed {config.seed}")],
        verbose=0,
    )
    return history.history["loss"]


# %%
def gates_at_symbol_and_noise(
    model: keras.Model, config: Config
) -> dict[str, tuple[float, float]]:
    """Returns for f, i and o the mean at the symbol and at later noise."""
    # The symbol stands in the middle, so that noise comes before it too.
    ids, _ = remember_first(64, config.distance, seed=2)
    noise, _ = remember_first(64, config.distance, seed=3)
    inside = gate_values(model, np.concatenate([noise[:, 1:], ids], axis=1))
    at = config.distance
    return {
        name: (
            float(inside[name][:, at].mean()),
            float(inside[name][:, at + 1 :].mean()),
        )
        for name in ("f", "i", "o")
    }


def search_units(
    model: keras.Model, choose: np.ndarray, measure: np.ndarray
) -> list[dict]:
    """Returns for each signal the unit that follows it, and how well."""
    vocabulary = vocabulary_of(model)
    layers = [layer.name for layer in model.layers if isinstance(layer, LSTM)]
    signals = signals_of(vocabulary, choose), signals_of(vocabulary, measure)
    states = {
        name: (
            gate_values(model, choose, name)["h"],
            gate_values(model, measure, name)["h"],
        )
        for name in layers
    }
    rows = []
    for signal in SIGNALS:
        found = []
        for name, (chosen_on, measured_on) in states.items():
            r = correlations(chosen_on, signals[0][signal])
            unit = int(np.abs(r).argmax())
            again = correlations(
                measured_on[..., unit : unit + 1], signals[1][signal]
            )
            found.append((float(np.abs(r[unit])), name, unit, float(again[0])))
        chosen, name, unit, measured = max(found)
        rows.append(
            {
                "signal": signal,
                "layer": name,
                "unit": unit,
                "chosen": chosen,
                "measured": abs(measured),
                "sign": np.sign(measured),
            }
        )
    return rows


def each_seed(config: Config) -> list[Config]:
    """Returns a config a seed, the first one last: its weights are kept."""
    seeds = range(config.seed, config.seed + config.seeds)
    return [dataclasses.replace(config, seed=seed) for seed in seeds][::-1]


def told(values: list[float], form: str = ".0%") -> str:
    """Returns the mean of the seeds, the lowest and the highest."""
    mean, low, high = np.mean(values), min(values), max(values)
    return f"{mean:{form}} ({low:{form}} to {high:{form}})"


@show_progress()
def train_memories(
    config: Config, memory_model: keras.Model
) -> tuple[list[float], list[dict[str, tuple[float, float]]]]:
    """Returns the shares of right answers, and the gates, of each seed."""
    memory_model.compile(
        keras.optimizers.Adam(0.01, global_clipnorm=1.0),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=True,
    )
    right, gates = [], []
    for each in each_seed(config):
        new_start(memory_model, each.seed)
        right.append(train_memory(memory_model, each))
        gates.append(gates_at_symbol_and_noise(memory_model, each))
    print(
        f"  symbols remembered through {config.distance} steps: {told(right)}"
    )
    return right, gates


# %% tags=["active-ipynb"]
# right, gates = train_memories(config, memory_model)


# %%
@show_progress()
def train_on_tunes(
    config: Config,
    tune_model: keras.Model,
    vocabulary: Vocabulary,
    corpus: Corpus,
) -> tuple[list[list[float]], list[list[dict]]]:
    """Returns the losses, and the units that follow a signal, of each seed."""
    tune_model.compile(
        keras.optimizers.Adam(3e-3, global_clipnorm=1.0),
        loss=keras.losses.SparseCategoricalCrossentropy(
            from_logits=True, ignore_class=PAD
        ),
        jit_compile=True,
    )
    choose = padded(vocabulary, corpus.validation, config)
    measure = padded(vocabulary, corpus.test, config)
    losses, found = [], []
    for each in each_seed(config):
        new_start(tune_model, each.seed)
        losses.append(train_tunes(tune_model, vocabulary, corpus.train, each))
        found.append(search_units(tune_model, choose, measure))
    first, last = ([each[k] for each in losses] for k in (0, -1))
    print(
        f"  loss of the next token: {told(first, '.2f')} -> {told(last, '.2f')}"
    )
    return losses, found


# %% tags=["active-ipynb"]
# losses, of_seeds = train_on_tunes(config, tune_model, vocabulary, corpus)

# %% [markdown]
# ## 4 Look
#
# `gate_values(model, inputs)` returns every gate and state at every step, of
# any model with a layer of this package. First the network that remembers.
#
# **Predict**: f is the forget gate: 1 keeps, 0 drops. i is the store gate.
# Which of the two is larger at the symbol than at noise, and which is smaller?


# %%
def show_gates(gates: list[dict[str, tuple[float, float]]]) -> None:
    """Prints the means of the units, at the symbol and at later noise."""
    for name in gates[0]:
        symbol, noise = ([each[name][k] for each in gates] for k in (0, 1))
        print(
            f"  mean of {name}: {told(symbol, '.2f')} at the symbol, "
            f"{told(noise, '.2f')} later"
        )


# %% tags=["active-ipynb"]
# show_gates(gates)

# %% [markdown]
# Store opens at the symbol, forget makes room for it there and keeps what is in
# it at noise. A mean over units hides much, though. So take one unit and one
# step, with a pencil: $c_t = f_t c_{t-1} + i_t \tilde{c}_t$, and
# $h_t = o_t \tanh(c_t)$.


# %%
def show_one_step(config: Config, memory_model: keras.Model) -> float:
    """Prints one unit around the symbol; returns how far the sum is off."""
    ids = around_the_symbol(config)
    inside = {k: v[0] for k, v in gate_values(memory_model, ids).items()}
    at = config.distance // 2
    unit = int(np.abs(inside["c"][at] - inside["c"][at - 1]).argmax())
    off = 0.0
    for t in (at - 1, at, at + 1):
        f, i, c_tilde, o, c, h = (
            inside[k][t, unit] for k in ("f", "i", "c_tilde", "o", "c", "h")
        )
        before = inside["c"][t - 1, unit]
        what = "the symbol" if t == at else "noise"
        print(
            f"  unit {unit}, {what:10}: c = {f:.2f} * {before:5.2f} + {i:.2f} "
            f"* {c_tilde:5.2f} = {c:5.2f}, h = {o:.2f} * tanh(c) = {h:5.2f}"
        )
        off = max(off, abs(float(f * before + i * c_tilde - c)))
    return off


def around_the_symbol(config: Config) -> np.ndarray:
    """Returns one sequence with the symbol in its middle, `(1, T)`."""
    ids, _ = remember_first(1, config.distance, seed=2)
    noise, _ = remember_first(1, config.distance // 2, seed=3)
    return np.concatenate([noise[:, 1:], ids], axis=1)


# %% tags=["active-ipynb"]
# off = show_one_step(config, memory_model)

# %% [markdown]
# Then all units, over the whole sequence.


# %%
def memory_figure(config: Config, model: keras.Model) -> Figure:
    """Returns the gates over one sequence, noise before and after."""
    ids = around_the_symbol(config)
    inside = gate_values(model, ids)
    tokens = ["." if i >= 4 else f"[{i}]" for i in ids[0]]
    return plot_gates(
        {name: inside[name][0] for name in ("i", "f", "c", "o", "h")},
        tokens,
        "An LSTM that remembers a symbol; '.' is noise",
    )


# %% tags=["active-ipynb"]
# memory = memory_figure(config, memory_model)
# memory

# %% [markdown]
# How does one find a unit that knows something? One looks for the unit that
# goes up and down with it. Try that here, where the answer is known: which unit
# tells, at the end, whether the symbol was a 0? The unit is chosen on eight
# sequences, and measured on 256 others.
#
# **Predict**: with the same eight sequences, look for a unit that follows a
# coin which was tossed for each of them. How well will the best of the units
# follow the coin? And on the others?


# %%
def show_search(
    config: Config, memory_model: keras.Model
) -> dict[str, tuple[float, float]]:
    """Prints and returns for two signals the correlation, chosen and new."""
    rng = np.random.default_rng(config.seed)
    sets = [
        remember_first(count, config.distance, seed=seed)
        for count, seed in ((8, 4), (256, 5))
    ]
    states = [gate_values(memory_model, ids)["h"][:, -1:] for ids, _ in sets]
    # both symbols and both sides of the coin are among the eight
    coins = [np.arange(len(ids)) % 2 for ids, _ in sets]
    signals = {
        "the symbol is 0": [answers == 0 for _, answers in sets],
        "a coin": [rng.permutation(coin) for coin in coins],
    }
    found = {}
    for name, (chosen_on, measured_on) in signals.items():
        r = correlations(states[0], chosen_on[:, None].astype(float))
        unit = int(np.abs(r).argmax())
        again = correlations(
            states[1][..., unit : unit + 1],
            measured_on[:, None].astype(float),
        )
        found[name] = float(np.abs(r[unit])), float(np.abs(again[0]))
        print(
            f"  {name}: unit {unit}, correlation {found[name][0]:.2f} where "
            f"it was chosen, {found[name][1]:.2f} on others"
        )
    return found


# %% tags=["active-ipynb"]
# searched = show_search(config, memory_model)

# %% [markdown]
# Among a dozen units one always seems to follow. So whoever searches measures
# on other sequences than those that chose. With hundreds of units, as below, it
# matters more.
#
# Then a sentence, read by a network that learned from reviews. How much does a
# word write into the cell state? That is the sum over all units of how far c_t
# is from c_{t-1}. And which units of its state come out different, when the
# same words stand in the other order?
#
# **Predict**: "The food was good, not bad at all." Which words write most?


# %%
def words_of(model: keras.Model, text: str) -> list[str]:
    """Returns the words of a text as a sentiment model splits it."""
    tokens = model.get_layer("tokens")(ops.convert_to_tensor([text]))
    return [token.decode() for token in tokens.numpy()[0]]


def written_by_words(c: np.ndarray) -> np.ndarray:
    """Returns for cell states `(T, H)` how much each step changes, `(T,)`."""
    before = np.concatenate([np.zeros_like(c[:1]), c[:-1]])
    return np.abs(c - before).sum(axis=1)


def units_apart(model: keras.Model, one: str, other: str) -> np.ndarray:
    """Returns the units, first those whose last states differ most."""
    states = [
        gate_values(model, np.array([text]))["h"][0, -1]
        for text in (one, other)
    ]
    return np.argsort(-np.abs(states[0] - states[1]), kind="stable")


def show_words(
    config: Config, reader: keras.Model
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Prints how much each word writes; returns it, and units that differ."""
    wrote = {}
    for text in (config.text, config.twin):
        c = gate_values(reader, np.array([text]))["c"][0]
        wrote[text] = written_by_words(c)
        pairs = zip(words_of(reader, text), wrote[text], strict=True)
        print(
            "  cell state changed by: "
            + " ".join(f"{word} {change:.1f}" for word, change in pairs)
        )
    return wrote, units_apart(reader, config.text, config.twin)[:12]


def sentence_figure(model: keras.Model, text: str, units: np.ndarray) -> Figure:
    """Returns the gates and states of some units over a sentence."""
    inside = gate_values(model, np.array([text]))
    return plot_gates(
        {name: inside[name][0] for name in ("f", "i", "o", "c", "h")},
        words_of(model, text),
        "An LSTM reads a sentence; units that tell it from its twin",
        [int(unit) for unit in units],
    )


# %% tags=["active-ipynb"]
# reader = load_sentiment_model()
# wrote, units = show_words(config, reader)

# %% tags=["active-ipynb"]
# sentence = sentence_figure(reader, config.text, units)
# sentence

# %% tags=["active-ipynb"]
# twin = sentence_figure(reader, config.twin, units)
# twin

# %% [markdown]
# "not" and the words of mood write most, "the" and "food" least.
#
# Then the search, in the networks that read tunes. For each signal: which unit
# of which layer follows it best, on the tunes to choose on? And how well, on
# the others?
#
# **Predict**: nobody has told the first network what a bar is. Will one of its
# units know where in the bar it stands? And in the bundled model, which is told
# the position: which signal is followed best there?


# %%
def show_units(
    config: Config, of_seeds: list[list[dict]], corpus: Corpus
) -> dict[str, list[dict]]:
    """Prints which units follow what; returns those of the first seed."""
    for signals in zip(*of_seeds, strict=True):
        chosen, measured = (
            [row[k] for row in signals] for k in ("chosen", "measured")
        )
        print(
            f"  told nothing, {signals[0]['signal']}: correlation "
            f"{told(chosen, '.2f')} where it was chosen, "
            f"{told(measured, '.2f')} on unseen tunes"
        )
    bundled = load_music_model()
    vocabulary = vocabulary_of(bundled)
    found = search_units(
        bundled,
        padded(vocabulary, corpus.validation, config),
        padded(vocabulary, corpus.test, config),
    )
    for row in found:
        print(
            f"  bundled, {row['signal']}: unit {row['unit']} of "
            f"{row['layer']}, {row['chosen']:.2f} where it was chosen, "
            f"{row['measured']:.2f} on unseen tunes"
        )
    return {"told nothing": of_seeds[-1], "bundled": found}


# %% tags=["active-ipynb"]
# found = show_units(config, of_seeds, corpus)

# %% [markdown]
# There is such a unit, in every seed. The bundled model is told the position at
# every step, and none of its units follows it as well: what one is told anew
# need not be kept. Best followed is that a bar line is next, which it is not
# told. Its numbers are those of one training on unseen tunes.


# %%
def unit_figure(
    model: keras.Model, row: dict, rows: np.ndarray, steps: int = 60
) -> Figure:
    """Returns the trace of the chosen unit over the start of a new tune."""
    vocabulary = vocabulary_of(model)
    tokens = [t.strip() for t in tokens_of(vocabulary, rows[0])][:steps]
    values = gate_values(model, rows[:1], row["layer"])["h"][0, :steps]
    signal = signals_of(vocabulary, rows[:1])[row["signal"]][0, :steps]
    return plot_unit(
        row["sign"] * values[:, row["unit"]],
        tokens,
        signal,
        (f"h of unit {row['unit']}", row["signal"]),
        f"Unit {row['unit']} of {row['layer']} follows: {row['signal']} "
        f"(correlation {row['measured']:.2f} on unseen tunes)",
        [t for t, token in enumerate(tokens) if is_bar_line(token)],
    )


def tune_figure(
    model: keras.Model, found: list[dict], rows: np.ndarray
) -> Figure:
    """Returns the gates of the units that were found, over a new tune."""
    vocabulary = vocabulary_of(model)
    tokens = [t.strip() for t in tokens_of(vocabulary, rows[0])][:60]
    name = found[0]["layer"]
    units = sorted({row["unit"] for row in found if row["layer"] == name})
    spread = np.linspace(0, model.get_layer(name).units - 1, 8).astype(int)
    inside = gate_values(model, rows[:1], name)
    return plot_gates(
        {k: inside[k][0, :60] for k in ("f", "i", "o", "c")},
        tokens,
        f"Units of {name} over a tune that it has never read",
        [*units, *(int(u) for u in spread if u not in units)],
    )


def draw_unit(
    config: Config, tune_model: keras.Model, found: dict, corpus: Corpus
) -> Figure:
    """Returns the unit that follows the bar, in a network told nothing."""
    rows = padded(vocabulary_of(tune_model), corpus.test, config)
    return unit_figure(tune_model, found["told nothing"][0], rows)


def draw_tune(
    config: Config, tune_model: keras.Model, found: dict, corpus: Corpus
) -> Figure:
    """Returns the gates of the units that were found."""
    rows = padded(vocabulary_of(tune_model), corpus.test, config)
    return tune_figure(tune_model, found["told nothing"], rows)


def draw_bundled(config: Config, found: dict, corpus: Corpus) -> Figure:
    """Returns the unit of the bundled model that follows something best."""
    model = load_music_model()
    rows = padded(vocabulary_of(model), corpus.test, config)
    row = max(found["bundled"], key=lambda row: row["chosen"])
    return unit_figure(model, row, rows)


# %% tags=["active-ipynb"]
# unit = draw_unit(config, tune_model, found, corpus)
# unit

# %% tags=["active-ipynb"]
# tune = draw_tune(config, tune_model, found, corpus)
# tune

# %% tags=["active-ipynb"]
# unit_bundled = draw_bundled(config, found, corpus)
# unit_bundled


# %% tags=["active-py"]
def save_figures(config: Config, **figures: Figure) -> dict[str, Figure]:
    """Saves figures under their names, and returns them by name."""
    for name, figure in figures.items():
        path = save_figure(figure, Path(config.out, f"{name}.png"))
        print(f"  figure: {path}")
    return figures


@show_progress()
def main(config: Config = Config()) -> dict:
    """Runs the lab.

    Args:
        config: What you may change.

    Returns:
        What the lab prints, and the figures.
    """
    keras.utils.set_random_seed(config.seed)

    print("1 Data")
    corpus = show_tunes(config)

    print("2 Model")
    vocabulary, memory_model, tune_model = show_models(config, corpus)
    counted = count_weights(config)

    print("3 Train")
    right, gates = train_memories(config, memory_model)
    losses, of_seeds = train_on_tunes(config, tune_model, vocabulary, corpus)

    print("4 Look")
    show_gates(gates)
    off = show_one_step(config, memory_model)
    memory = memory_figure(config, memory_model)
    searched = show_search(config, memory_model)
    reader = load_sentiment_model()
    wrote, units = show_words(config, reader)
    sentence = sentence_figure(reader, config.text, units)
    twin = sentence_figure(reader, config.twin, units)
    found = show_units(config, of_seeds, corpus)
    unit = draw_unit(config, tune_model, found, corpus)
    tune = draw_tune(config, tune_model, found, corpus)
    unit_bundled = draw_bundled(config, found, corpus)
    figures = save_figures(
        config,
        memory=memory,
        sentence=sentence,
        twin=twin,
        unit=unit,
        tune=tune,
        unit_bundled=unit_bundled,
    )
    return {
        "counted": counted,
        "right": right,
        "losses": losses,
        "gates": gates,
        "off": off,
        "searched": searched,
        "wrote": wrote,
        "found": found,
        "figures": figures,
        "memory_model": memory_model,
        "tune_model": tune_model,
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
# 1. Look at the gates of an untrained network (`memory_steps=1`). What is
#    missing?
# 2. Replace the LSTM of `build_memory_model` by a GRU. Which gate does now what
#    forget and store did? (`gate_values` gives "z" and "r".)
# 3. Search the *gates* instead of the states: `["f"]` instead of `["h"]` in
#    `search_units`. Does a forget gate close at the bar line?
# 4. Is there a unit that counts bars, or one that knows the key? Write the
#    signal, add it to `SIGNALS`, and mind the tunes that you choose on.
# 5. Set the unit that was found to zero: put `0` into its row of the last
#    weights of `tune_model`. `mitseq.generate_tunes(tune_model, count=50,
#    unchecked=True)` writes, and `tune.check()` finds the bars that do not add
#    up. Are there more of them than before?
