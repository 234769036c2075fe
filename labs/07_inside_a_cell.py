"""Lab 7: inside a trained cell.

Slides: Lecture 2, "Gating Mechanisms in Neurons" and "Long Short Term Memory
(LSTM) Networks" (docs/slides.md#inside-a-cell).
Read before: mitseq/layers/lstm.py, mitseq/inside/cell.py.
Command: python labs/07_inside_a_cell.py
Minutes: less than one on two cores.
Expect: a store gate that is more open at the symbol (0.8) than at noise (0.5),
and a forget gate that does the reverse. On unseen tunes a unit that follows the
position in the bar, correlation 0.75, in a network that nobody has told what a
bar is; and in the bundled model one that knows when the next bar line is due,
0.89.
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
from mitseq.layers.lstm import LSTM
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
from mitseq.training.progress import ShowProgress
from mitseq.tunes.corpus import prepare
from mitseq.tunes.notation import is_bar_line

import keras
import numpy as np
from keras import ops


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
    # Decides the weights, the sequences and the split of the tunes.
    seed: int = 0
    # Folder for the figures.
    out: str = "runs/07_inside_a_cell"


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


# %% [markdown]
# ## 3 Train


# %%
def train_memory(model: keras.Model, config: Config) -> float:
    """Fits the model; returns its share of right answers on new sequences."""
    model.compile(
        keras.optimizers.Adam(0.01, global_clipnorm=1.0),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=True,
    )
    x, y = remember_first(
        64 * config.memory_steps, config.distance, anywhere=True
    )
    model.fit(
        x, y, batch_size=64, callbacks=[ShowProgress("memory")], verbose=0
    )
    x, y = remember_first(256, config.distance, seed=1)
    logits = model.predict(x, batch_size=256, verbose=0)
    return float(np.mean(logits.argmax(axis=-1) == y))


def train_tunes(
    model: keras.Model,
    vocabulary: Vocabulary,
    tunes: list[str],
    config: Config,
) -> list[float]:
    """Fits the model to the next token; returns the loss of each epoch."""
    model.compile(
        keras.optimizers.Adam(3e-3, global_clipnorm=1.0),
        loss=keras.losses.SparseCategoricalCrossentropy(
            from_logits=True, ignore_class=PAD
        ),
        jit_compile=True,
    )
    x, y = pack_rows(
        encode_tunes(vocabulary, tunes),
        config.num_steps,
        np.random.default_rng(config.seed),
    )
    history = model.fit(
        x,
        y,
        batch_size=config.batch_size,
        epochs=config.epochs,
        callbacks=[ShowProgress("tunes")],
        verbose=0,
    )
    return history.history["loss"]


# %% [markdown]
# ## 4 Look
#
# `gate_values(model, inputs)` returns every gate and state at every step, of
# any model with a layer of this package. First the network that remembers. The
# store gate i, averaged over the units, at the symbol and at noise; the forget
# gate f after it.


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


def memory_figure(model: keras.Model, config: Config):
    """Returns the gates over one sequence, noise before and after."""
    ids, _ = remember_first(1, config.distance, seed=2)
    noise, _ = remember_first(1, config.distance // 2, seed=3)
    ids = np.concatenate([noise[:, 1:], ids], axis=1)
    inside = gate_values(model, ids)
    tokens = ["." if i >= 4 else f"[{i}]" for i in ids[0]]
    return plot_gates(
        {name: inside[name][0] for name in ("i", "f", "c", "o", "h")},
        tokens,
        "An LSTM that remembers a symbol; '.' is noise",
    )


# %% [markdown]
# Then a sentence, read by a network that learned from reviews. Which word
# writes most into the cell state? That is the sum over all units of how far
# c_t is from c_{t-1}. And which units of its state come out different, when the
# same words stand in the other order?


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


def sentence_figure(model: keras.Model, text: str, units: np.ndarray):
    """Returns the gates and states of some units over a sentence."""
    inside = gate_values(model, np.array([text]))
    return plot_gates(
        {name: inside[name][0] for name in ("f", "i", "o", "c", "h")},
        words_of(model, text),
        "An LSTM reads a sentence; units that tell it from its twin",
        [int(unit) for unit in units],
    )


# %% [markdown]
# Then the search. For each signal: which unit of which layer follows it best,
# on the tunes to choose on? And how well, on the others?


# %%
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


def unit_figure(model: keras.Model, row: dict, rows: np.ndarray, steps=60):
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


def tune_figure(model: keras.Model, found: list[dict], rows: np.ndarray):
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


# %%
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
    corpus = prepare(config.data or None, seed=config.seed)
    print(
        f"  {len(corpus.train)} tunes to learn from, "
        f"{min(config.tunes, len(corpus.validation))} to choose a unit on, "
        f"{min(config.tunes, len(corpus.test))} to measure it on"
    )

    print("2 Model")
    memory_model = build_memory_model(config)
    vocabulary = tune_vocabulary(corpus.train, "token")
    tune_model = build_tune_model(vocabulary, config)
    print(f"  {memory_model.count_params():,} weights to remember a symbol")
    print(f"  {tune_model.count_params():,} weights to read tunes")

    print("3 Train")
    right = train_memory(memory_model, config)
    print(f"  symbols remembered through {config.distance} steps: {right:.0%}")
    losses = train_tunes(tune_model, vocabulary, corpus.train, config)
    print(f"  loss of the next token: {losses[0]:.2f} -> {losses[-1]:.2f}")

    print("4 Look")
    gates = gates_at_symbol_and_noise(memory_model, config)
    for name, (symbol, noise) in gates.items():
        print(
            f"  mean of {name}: {symbol:.2f} at the symbol, {noise:.2f} later"
        )
    reader = load_sentiment_model()
    wrote = {}
    for text in (config.text, config.twin):
        c = gate_values(reader, np.array([text]))["c"][0]
        wrote[text] = written_by_words(c)
        pairs = zip(words_of(reader, text), wrote[text], strict=True)
        print(
            "  cell state changed by: "
            + " ".join(f"{word} {change:.1f}" for word, change in pairs)
        )
    units = units_apart(reader, config.text, config.twin)[:12]
    models = {"told nothing": tune_model, "bundled": load_music_model()}
    found = {}
    for name, model in models.items():
        choose, measure = (
            padded(vocabulary_of(model), tunes, config)
            for tunes in (corpus.validation, corpus.test)
        )
        found[name] = search_units(model, choose, measure)
        for row in found[name]:
            print(
                f"  {name}, {row['signal']}: unit {row['unit']} of "
                f"{row['layer']}, correlation {row['chosen']:.2f} where it "
                f"was chosen, {row['measured']:.2f} on unseen tunes"
            )
    unseen = padded(vocabulary, corpus.test, config)
    figures = {
        "memory": memory_figure(memory_model, config),
        "sentence": sentence_figure(reader, config.text, units),
        "twin": sentence_figure(reader, config.twin, units),
        "tune": tune_figure(tune_model, found["told nothing"], unseen),
        "unit": unit_figure(tune_model, found["told nothing"][0], unseen),
        "unit_bundled": unit_figure(
            models["bundled"],
            max(found["bundled"], key=lambda row: row["chosen"]),
            measure,
        ),
    }
    for name, figure in figures.items():
        print(
            f"  figure: {save_figure(figure, Path(config.out, f'{name}.png'))}"
        )
    return {
        "right": right,
        "losses": losses,
        "gates": gates,
        "wrote": wrote,
        "found": found,
        "figures": figures,
        "memory_model": memory_model,
        "tune_model": tune_model,
    }


# %% tags=["active-ipynb"]
# results = main()

# %% tags=["active-ipynb"]
# results["figures"]["memory"]

# %% tags=["active-ipynb"]
# results["figures"]["sentence"]

# %% tags=["active-ipynb"]
# results["figures"]["unit"]

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
