"""Lab 11: recurrence, one dense network, or attention: the table, measured.

Slides: Lecture 2, "Limitations of Recurrent Models", "Goal of Sequence
Modeling" and "Attention Is All You Need" (docs/slides.md#limits).
Read before: mitseq/layers/lstm.py, mitseq/layers/multi_head.py.
Command: python labs/11_recurrence_or_attention.py
Minutes: about 4 on two cores.
Expect: order is told right in 100 % by all but attention without positions,
which guesses (50 %). A symbol from 100 steps ago: 100 % for the dense network
and for attention, 13 %, a guess, for an LSTM after as many steps of training.
One value out of 32 pairs: 100 % for attention, below 20 % for the other two.
One more item of a stream after 4096: as fast as the first one for the LSTM, 100
times as slow for attention that reads the prefix anew.
"""

# %% [markdown]
# # Recurrence, one dense network, or attention?
#
# ## Idea
#
# The lecture compares three ways to read a sequence. Recurrence goes step by
# step and keeps a state of fixed size. "Feed everything into a dense network"
# reads all steps at once, with weights for each place. Self-attention reads all
# at once too, with the same weights for every place. The slides say what each
# can and cannot do. Here every entry of that table is measured: order, long
# memory, what a fixed-size state forgets, the time that a length costs, and
# what a stream costs that comes one item at a time.

# %%
import argparse
import dataclasses
import time
from pathlib import Path

from mitseq.layers.lstm import LSTM
from mitseq.layers.multi_head import MultiHeadAttention
from mitseq.layers.position import SinusoidalPosition
from mitseq.plots.style import GRAY, MARKERS, PALETTE, new_figure, save_figure
from mitseq.progress import follow, show_progress
from mitseq.training.progress import ShowProgress

import keras
import numpy as np
import tensorflow as tf
from keras import ops
from matplotlib.figure import Figure

READERS = ("recurrence", "dense network", "attention", "without positions")


@dataclasses.dataclass(frozen=True)
class Config:
    """What you may change.

    Every field is an option of the command line too.
    """

    # Units of the LSTM, and features of a token for the others.
    units: int = 32
    # Steps between the first item and the question what it was.
    distances: str = "10 100"
    # Pairs to remember; the question is for one of them.
    pairs: str = "2 8 32"
    # Sequences of each task.
    sequences: int = 4096
    # Steps of training, the same for every reader and task.
    steps: int = 600
    # Sequences a step.
    batch_size: int = 64
    # Rate of Adam.
    learning_rate: float = 3e-3
    # Lengths at which the time is taken.
    lengths: str = "64 128 256 512 1024 2048 4096"
    # Features where the time is taken: small layers measure only overhead.
    timed_units: int = 128
    # Times are the smallest of this many: other programs disturb the rest.
    repeats: int = 3
    # Decides the data and the weights.
    seed: int = 0
    # Folder for the figure.
    out: str = "runs/11_recurrence_or_attention"


# %% [markdown]
# ## 1 Data
#
# Three tasks, drawn at random, each with two ids a step and one answer.
#
# *Order*: a 1 and a 2 stand somewhere among zeros. Which one came first?


# %%
SYMBOLS = 8  # answers of the second and third task


def order_task(count: int, rng: np.random.Generator, length: int = 20):
    """Returns ids `(n, T, 2)` and whether the 1 came before the 2."""
    x = np.zeros((count, length, 2), "int32")
    # Not at the last step, which asks: it would know that it is the second.
    places = np.argsort(rng.random((count, length - 1)), axis=1)[:, :2]
    rows = np.arange(count)
    x[rows, places[:, 0], 0] = 1
    x[rows, places[:, 1], 0] = 2
    return x, (places[:, 0] < places[:, 1]).astype("int32")


# %% [markdown]
# *Memory*: the first item is one of eight symbols, then comes noise for a long
# time. What was it?


# %%
def memory_task(count: int, rng: np.random.Generator, distance: int):
    """Returns ids `(n, distance + 1, 2)` and the first symbol."""
    x = rng.integers(1, SYMBOLS + 1, (count, distance + 1, 2)).astype("int32")
    x[:, 1:, 1] = 0  # what is to be kept is marked
    return x, x[:, 0, 0] - 1


# %% [markdown]
# *Pairs*: keys with a value each, every key once. At the end one key comes
# again. Which value belonged to it? A state of fixed size has to keep all of
# the pairs, because it does not know yet which one will be asked for.


# %%
def pairs_task(count: int, rng: np.random.Generator, pairs: int):
    """Returns ids `(n, pairs + 1, 2)` and the value of the key asked for."""
    keys = np.argsort(rng.random((count, pairs)), axis=1) + 1
    values = rng.integers(1, SYMBOLS + 1, (count, pairs))
    asked = rng.integers(0, pairs, count)
    rows = np.arange(count)
    x = np.zeros((count, pairs + 1, 2), "int32")
    x[:, :-1, 0], x[:, :-1, 1] = keys, values
    x[:, -1, 0] = keys[rows, asked]
    return x, (values[rows, asked] - 1).astype("int32")


# %% [markdown]
# ## 2 Model
#
# All readers get the same vectors: the two ids of a step, embedded and side by
# side. They end in the same layer over the answers. Attention gets two layers:
# the second asks with what the first found.


# %%
def build_model(
    reader: str, length: int, ids: int, answers: int, config: Config
) -> keras.Model:
    """Returns a classifier, ids `(B, T, 2)` -> logits `(B, answers)`."""
    inputs = keras.Input((length, 2), dtype="int32")
    # As large as the positions that are added to it, or they drown it.
    large = keras.initializers.RandomNormal(stddev=0.5)
    x = keras.layers.Concatenate()(
        [
            keras.layers.Embedding(ids, config.units // 2, large)(each)
            for each in (inputs[:, :, 0], inputs[:, :, 1])
        ]
    )
    if reader == "recurrence":
        y = LSTM(config.units)(x)
    elif reader == "dense network":
        y = keras.layers.Flatten()(x)
        y = keras.layers.Dense(4 * config.units, "relu")(y)
    else:
        if reader == "attention":
            x = SinusoidalPosition()(x)
        for _ in range(2):
            x = x + MultiHeadAttention(2)(keras.layers.LayerNormalization()(x))
            think = keras.layers.Dense(2 * config.units, "relu")(
                keras.layers.LayerNormalization()(x)
            )
            x = x + keras.layers.Dense(config.units)(think)
        y = x[:, -1]  # the last step asks
    return keras.Model(inputs, keras.layers.Dense(answers)(y))


# %% [markdown]
# ## 3 Train


# %%
def learn(reader: str, task, config: Config, *arguments: int) -> float:
    """Trains a reader; returns the share of new sequences it gets right."""
    keras.utils.set_random_seed(config.seed)
    rng = np.random.default_rng(config.seed)
    x, y = task(config.sequences + 512, rng, *arguments)
    model = build_model(
        reader, x.shape[1], int(x.max()) + 1, int(y.max()) + 1, config
    )
    model.compile(
        optimizer=keras.optimizers.Adam(
            config.learning_rate, global_clipnorm=1.0
        ),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=config.steps > 100,  # compiling takes seconds itself
    )
    size = config.sequences // config.batch_size * config.batch_size
    data = tf.data.Dataset.from_tensor_slices((x[:size], y[:size]))
    data = data.shuffle(size, seed=config.seed).repeat()
    data = data.batch(config.batch_size).take(config.steps)
    name = ", ".join([task.__name__, *map(str, arguments), reader])
    model.fit(data, shuffle=False, callbacks=[ShowProgress(name)], verbose=0)
    told = ops.convert_to_numpy(model(x[-512:])).argmax(axis=-1)
    return float((told == y[-512:]).mean())


# %% [markdown]
# ## 4 Look
#
# What does a length cost? One call of each layer, forward, on one sequence. The
# dense network has one more cost, its weights: they grow with the length.


# %%
def layer_of(reader: str, units: int) -> keras.layers.Layer:
    """The layer alone, `(B, T, D)` -> `(B, T, D)`, without its surroundings."""
    if reader == "recurrence":
        return LSTM(units, return_sequences=True)
    return MultiHeadAttention(4, causal=True)


def seconds(function, *arguments, repeats: int) -> float:
    """The shortest time of a call; the first one, which compiles, not."""
    function(*arguments)
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        ops.convert_to_numpy(function(*arguments))
        times.append(time.perf_counter() - started)
    return min(times)


def time_against_length(config: Config) -> dict[str, list[float]]:
    """Seconds of a call at each length."""
    found = {}
    for reader in ("recurrence", "attention"):
        layer = layer_of(reader, config.timed_units)
        layer.build((1, None, config.timed_units))
        call = tf.function(layer, jit_compile=True)
        found[reader] = [
            seconds(
                call,
                tf.random.normal((1, length, config.timed_units)),
                repeats=config.repeats,
            )
            for length in follow(numbers(config.lengths), reader)
        ]
    return found


# %% [markdown]
# A stream comes one item at a time: a sensor, a microphone. Recurrence
# takes the item and its state. Attention keeps keys and values of all items
# before, and looks at each; or, without that cache, reads the prefix anew.


# %%
def time_of_a_stream(config: Config) -> dict[str, list[float]]:
    """Seconds for one more item, after so many items were read."""
    units = config.timed_units
    x_t = tf.random.normal((1, units))
    found: dict[str, list[float]] = {}
    recurrent = layer_of("recurrence", units)
    attention = layer_of("attention", units)
    for layer in (recurrent, attention):
        layer.build((1, None, units))
    step_of_lstm = tf.function(recurrent.cell, jit_compile=True)
    step_of_cache = tf.function(attention.step, jit_compile=True)
    whole = tf.function(attention, jit_compile=True)
    for length in follow(numbers(config.lengths), "a stream"):
        state = recurrent.get_initial_state(1)
        cache = attention.step_state(1, length)
        x = tf.random.normal((1, length, units))
        for name, call in (
            ("recurrence", lambda s=state: step_of_lstm(x_t, s)[0]),
            ("attention, cache", lambda s=cache: step_of_cache(x_t, s)[0]),
            ("attention, prefix anew", lambda x=x: whole(x)[:, -1]),
        ):
            times = seconds(call, repeats=config.repeats * 5)
            found.setdefault(name, []).append(times)
    return found


def weights_against_length(config: Config) -> dict[str, list[int]]:
    """Numbers of weights of the three classifiers at each length."""
    return {
        reader: [
            build_model(reader, length, 9, 8, config).count_params()
            for length in numbers(config.lengths)
        ]
        for reader in READERS[:3]
    }


def numbers(text: str) -> list[int]:
    """The numbers in a text."""
    return [int(word) for word in text.split()]


# %%
def plot(results: dict, config: Config) -> Figure:
    """Returns the figure: every entry of the table as a picture."""
    figure, axes = new_figure(
        2, 3, size=(12.5, 7), title="Recurrence or attention, measured"
    )
    order, memory, pairs = axes[0]
    names = list(results["order"])
    order.barh(
        names, list(results["order"].values()), color=PALETTE[: len(names)]
    )
    order.invert_yaxis()
    order.axvline(0.5, color=GRAY, ls="--")
    order.set(xlim=(0, 1), xlabel="share right (dashed: a guess)")
    order.set_title("Order: which came first?")
    for axes_of, key, places, label in (
        (memory, "memory", config.distances, "steps between"),
        (pairs, "pairs", config.pairs, "pairs to remember"),
    ):
        lines(axes_of, results[key], numbers(places))
        axes_of.axhline(1 / SYMBOLS, color=GRAY, ls="--")
        axes_of.set(
            xlabel=label, ylabel="share right (dashed: a guess)", ylim=(0, 1.05)
        )
    memory.set_title("Memory: what was first?")
    pairs.set_title(f"A state of {config.units} units forgets")
    for axes_of, key, label, title in zip(
        axes[1],
        ("time", "stream", "weights"),
        ("milliseconds a sequence", "milliseconds an item", "weights"),
        (
            "Time against length",
            "One more item of a stream",
            "Size of the model",
        ),
        strict=True,
    ):
        scale = 1 if key == "weights" else 1000
        lines(axes_of, results[key], numbers(config.lengths), scale)
        axes_of.set(
            xlabel="items" if key == "stream" else "steps",
            ylabel=label,
            yscale="log",
        )
        axes_of.set_xscale("log", base=2)
        axes_of.set_title(title)
    for each in axes.flat[1:]:
        each.legend(fontsize=8)
    return figure


def lines(axes, results: dict, places: list[int], scale: float = 1) -> None:
    """A line for each reader, in the same color everywhere."""
    for name, values in results.items():
        at = [i for i, r in enumerate(READERS) if name.startswith(r)][0]
        at = 5 if "anew" in name else at
        axes.plot(
            places,
            np.array(values) * scale,
            color=PALETTE[at],
            marker=MARKERS[at],
            label=name,
        )


def table(results: dict, config: Config) -> str:
    """The design table of the lecture, with numbers for marks."""
    times, lengths = results["time"], numbers(config.lengths)
    rows = [("", *READERS[:3])]
    share = "{:.0%}".format
    rows.append(("order", *(share(results["order"][r]) for r in READERS[:3])))
    for key, places, word in (
        ("memory", config.distances, "steps ago"),
        ("pairs", config.pairs, "pairs"),
    ):
        last = numbers(places)[-1]
        rows.append(
            (
                f"{key}: {last} {word}",
                *(share(results[key][r][-1]) for r in READERS[:3]),
            )
        )
    rows.append(("steps one after another, T = 1000", "1000", "1", "1"))
    growth = {
        reader: np.log(values[-1] / values[-2])
        / np.log(lengths[-1] / lengths[-2])
        for reader, values in times.items()
    }
    rows.append(
        (
            f"time grows from T = {lengths[-2]} on as T to the power",
            f"{growth['recurrence']:.1f}",
            "-",
            f"{growth['attention']:.1f}",
        )
    )
    weights = results["weights"]
    rows.append(
        (
            f"weights at T = {lengths[-1]}",
            *(f"{weights[r][-1]:,}" for r in READERS[:3]),
        )
    )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  " + "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True))
        for row in rows
    )


# %%
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
    for task, arguments in (
        (order_task, ()),
        (memory_task, (6,)),
        (pairs_task, (6,)),
    ):
        x, y = task(1, np.random.default_rng(config.seed), *arguments)
        shown = " ".join(f"{a}/{b}" for a, b in x[0])
        print(f"  {task.__name__}: {shown} -> {y[0]}")

    print("2 Model")
    weights = weights_against_length(config)
    for reader, counts in weights.items():
        print(f"  {reader}: {counts[0]:,} to {counts[-1]:,} weights")

    print("3 Train")
    results: dict = {"weights": weights}
    results["order"] = {}
    for reader in READERS:
        value = results["order"][reader] = learn(reader, order_task, config)
        print(f"  order, {reader}: {value:.1%}")
    for key, task, places in (
        ("memory", memory_task, config.distances),
        ("pairs", pairs_task, config.pairs),
    ):
        results[key] = {r: [] for r in READERS[:3]}
        for place in numbers(places):
            for reader in READERS[:3]:
                value = learn(reader, task, config, place)
                results[key][reader].append(value)
                print(f"  {key} {place}, {reader}: {value:.1%}")

    print("4 Look")
    results["time"] = time_against_length(config)
    results["stream"] = time_of_a_stream(config)
    print(table(results, config))
    for name, values in results["stream"].items():
        print(
            f"  one more item, {name}: {1000 * values[0]:.2f} to "
            f"{1000 * values[-1]:.2f} ms"
        )
    results["figure"] = plot(results, config)
    path = save_figure(results["figure"], Path(config.out) / "figure.png")
    print(f"  figure: {path}")
    return results


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
# 1. Give the LSTM 256 units (`--units 256`). How many pairs does it keep now,
#    and what does that cost?
# 2. Train ten times as many steps. Which of the differences were a matter of
#    what can be learned in time, and which stay?
# 3. The dense network remembers the first item well. The slide says that it
#    has no long memory. What happens to it when the item moves to another
#    place, or the sequence gets longer?
# 4. At which length does attention start to cost more than recurrence? Try
#    `--timed_units 512`.
# 5. A stream that never ends: which of the three can read it for a year?
