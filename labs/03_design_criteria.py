"""Lab 3: the four design criteria, each as an experiment.

Slides: Lecture 2, "Sequence Modeling: Design Criteria", "Handle Variable
Sequence Lengths", "Model Long-Term Dependencies" and "Capture Differences in
Sequence Order" (docs/slides.md#order).
Read before: mitseq/layers/recurrent.py.
Command: python labs/03_design_criteria.py
Minutes: about one on two cores.
Expect: means of three seeds. Length: 98 % of the recurrent network, 77 % of a
window. Distance and order: 100 % of both; 50 % of a slice of time and 51 % of a
bag, which cannot do better. Sharing: 68 % (60 to 73) against 51 % of the
window: what was learned in one half helps the recurrent network in the other,
though not fully.
"""

# %% [markdown]
# # The four design criteria
#
# ## Idea
#
# A model of sequences should take sequences of any *length*, remember what is
# *long* ago, notice the *order*, and *share* what it learns at one place with
# all others. Each of these is a claim that you can test. You build a small
# task for each, on which a network without the property has to fail, and let a
# recurrent network and a feed-forward network try it side by side.

# %%
import argparse
import dataclasses
from pathlib import Path

from mitseq.layers.gru import GRU
from mitseq.plots.criteria import plot_criteria
from mitseq.plots.style import save_figure
from mitseq.progress import show_progress
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

    # Hidden units of both networks: the tasks are small.
    units: int = 24
    # Sequences to learn from in each experiment; as many are held out.
    examples: int = 2000
    # Passes over them.
    epochs: int = 12
    # Sequences in a step.
    batch_size: int = 50
    # Larger than usual: the networks are small.
    learning_rate: float = 0.01
    # Steps between what decides and the question, in the second experiment.
    distance: int = 15
    # How often each network is trained, on other examples, from other weights.
    seeds: int = 3
    # The first of them.
    seed: int = 0
    # Folder for the figure.
    out: str = "runs/03_design_criteria"


# %% tags=["active-ipynb"]
# config = Config()
# keras.utils.set_random_seed(config.seed)

# %% [markdown]
# ## 1 Data
#
# Four tasks, each with a training and a test set `(x, y)`.
#
# **Length.** Are there more ones than minus ones? Training shows 5 to 11 of
# them, the test has 21. Zeros fill up what is short.


# %%
def majority(rng: np.random.Generator, count: int, lengths: tuple[int, int]):
    """Returns `(count, longest, 1)` of 1, -1 and 0, and which prevails."""
    x = rng.choice([-1.0, 1.0], (count, lengths[1], 1)).astype("float32")
    # Odd numbers of steps: there is no draw.
    steps = rng.integers(lengths[0] // 2, lengths[1] // 2 + 1, count) * 2 + 1
    x[np.arange(lengths[1]) >= steps[:, None]] = 0
    return x, (x.sum(axis=(1, 2)) > 0).astype("int32")


# %% [markdown]
# **Distance.** The first step says what the answer is. Noise follows, and at
# the end comes the question. "*France* is where I grew up ... I speak fluent".


# %%
def recall(rng: np.random.Generator, count: int, distance: int):
    """Returns `(count, distance + 1, 2)`, the first step, and the answer."""
    x = np.zeros((count, distance + 1, 2), "float32")
    y = rng.integers(0, 2, count)
    x[:, 0, 0] = 2 * y - 1
    x[:, 1:, 1] = rng.normal(0, 1, (count, distance))
    return x, y.astype("int32")


# %% [markdown]
# **Order.** "The food was good, not bad at all" or "bad, not good": the same
# words, and the opposite mood.

# %%
THINGS = "food service music view price room coffee soup".split()
GOOD = "good great fine lovely".split()
BAD = "bad awful poor dull".split()
WORDS = ["the", "was", ",", "not", "at", "all", *THINGS, *GOOD, *BAD]


def reviews(rng: np.random.Generator, count: int):
    """Returns one-hot words `(count, 9, V)`, and 1 for a good mood."""
    y = rng.integers(0, 2, count)
    rows = []
    for label in y:
        pair = [rng.choice(GOOD), rng.choice(BAD)]
        first, second = pair if label else pair[::-1]
        text = f"the {rng.choice(THINGS)} was {first} , not {second} at all"
        rows.append([WORDS.index(word) for word in text.split()])
    return np.eye(len(WORDS), dtype="float32")[rows], y.astype("int32")


# %% [markdown]
# **Sharing.** Does "1 1 1" occur in the noise? In training it occurs in the
# first half of the sequence only, in the test in the second half.


# %%
def pattern(rng: np.random.Generator, count: int, half: int, steps: int = 16):
    """Returns `(count, steps, 1)`, and whether the pattern is in a half."""
    x = rng.uniform(-1, 0.5, (count, steps, 1)).astype("float32")
    y = rng.integers(0, 2, count)
    at = rng.integers(0, steps // 2 - 2, count) + half * (steps // 2)
    for k in range(3):
        x[np.flatnonzero(y), at[y == 1] + k, 0] = 1.0
    return x, y.astype("int32")


def show_data(config: Config) -> None:
    """Prints an example of each task."""
    rng = np.random.default_rng(config.seed)
    x, y = majority(rng, 1, (5, 11))
    print(f"  length: {x[0, :, 0].astype(int)} -> {y[0]}")
    x, y = recall(rng, 1, config.distance)
    first = " ".join(f"{a:.0f}/{noise:.1f}" for a, noise in x[0, :5])
    print(f"  distance: {first} ... -> {y[0]}")
    x, y = reviews(rng, 1)
    words = " ".join(WORDS[i] for i in x[0].argmax(axis=-1))
    print(f"  order: {words!r} -> {y[0]}")
    x, y = pattern(rng, 1, half=0)
    numbers = " ".join(f"{number:.1f}" for number in x[0, :, 0])
    print(f"  sharing: {numbers} -> {y[0]}")


# %% tags=["active-ipynb"]
# show_data(config)

# %% [markdown]
# ## 2 Model
#
# The recurrent network reads step by step and answers from its last state. A
# feed-forward network comes in three forms: on a *window* of fixed length, with
# weights of its own for each step; on a *bag*, the sum of all steps; or on a
# *slice* of time, the last step alone.
#
# The slice is there to show what it is to have no memory, the bag what it is to
# have no order: each fails at one criterion because it has to. The window is
# the rival. It sees all steps, each at its place, so memory and order are no
# difficulty for it. What it pays: weights for each step, one length for all,
# and what it learns at one step it does not know at another.
#
# **Predict**: sequences of 16 steps become sequences of 32. How many weights
# more does the recurrent network need, and how many the window?


# %%
def build_model(kind: str, x: np.ndarray, units: int) -> keras.Model:
    """Returns a model, sequences `(B, T, D)` -> the logit of "yes".

    Args:
        kind: "recurrent", "window", "bag" or "slice".
        x: An example of the input, for its sizes.
        units: Hidden units.
    """
    _, num_steps, input_dim = x.shape
    if kind == "recurrent":
        inputs = keras.Input((None, input_dim))
        h = GRU(units)(keras.layers.Masking()(inputs))
    else:
        inputs = keras.Input((num_steps, input_dim))
        if kind == "window":
            seen = keras.layers.Flatten()(inputs)
        elif kind == "bag":
            seen = keras.ops.sum(inputs, axis=1)
        else:
            seen = inputs[:, -1]
        h = keras.layers.Dense(units, "tanh")(seen)
    return keras.Model(inputs, keras.layers.Dense(1)(h), name=kind)


def show_weights(config: Config) -> None:
    """Prints how many weights two networks have, for two lengths."""
    rng = np.random.default_rng(config.seed)
    for steps in (16, 32):
        x, _ = pattern(rng, 1, half=0, steps=steps)
        for kind in ("recurrent", "window"):
            size = build_model(kind, x, config.units).count_params()
            print(f"  {kind}: {size} weights for {steps} steps")


# %% tags=["active-ipynb"]
# show_weights(config)

# %% [markdown]
# The recurrent network uses the same weights at each step, whatever the length.
# The window has weights for each step. On short sequences of one number a step
# it is the smaller of the two all the same; it catches up as they get longer.
#
# ## 3 Train
#
# All networks get the same examples and the same number of passes. Each is
# trained several times: the lab prints the mean, the lowest and the highest.


# %%
def compiled(kind: str, x: np.ndarray, config: Config) -> keras.Model:
    """Returns a network that can be trained."""
    model = build_model(kind, x, config.units)
    model.compile(
        optimizer=keras.optimizers.Adam(
            config.learning_rate, global_clipnorm=1.0
        ),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        # a call costs a millisecond or so, as much as a small step
        steps_per_execution=20,
    )
    return model


def accuracy(
    model: keras.Model, learn, test, config: Config, seed: int
) -> float:
    """Trains a network anew; returns its accuracy on the test set."""
    new_start(model, seed)
    x, y = learn
    model.fit(
        x,
        y,
        batch_size=config.batch_size,
        epochs=config.epochs,
        callbacks=[ShowProgress(model.name)],
        verbose=0,
    )
    x, y = test
    if model.name == "window":  # a window of fixed length sees no more
        x = x[:, : model.input_shape[1]]
    logits = np.concatenate(
        [np.asarray(model(x[i : i + 1000])) for i in range(0, len(x), 1000)]
    )
    return float(np.mean((logits[:, 0] > 0) == y))


def trained(kinds: str, draw, config: Config) -> dict[str, list[float]]:
    """Trains networks of several kinds, once a seed.

    Args:
        kinds: As for `build_model`, with spaces between them.
        draw: Called with a random generator; returns what to learn from and the
            test.
        config: What you may change.

    Returns:
        Kind -> accuracies.
    """
    found: dict[str, list[float]] = {kind: [] for kind in kinds.split()}
    models: dict[str, keras.Model] = {}
    for seed in range(config.seed, config.seed + config.seeds):
        learn, test = draw(np.random.default_rng(seed))
        for kind, scores in found.items():
            if kind not in models:
                models[kind] = compiled(kind, learn[0], config)
            scores.append(accuracy(models[kind], learn, test, config, seed))
    for kind, scores in found.items():
        low, mean, high = min(scores), np.mean(scores), max(scores)
        print(f"    {kind}: {mean:.0%} ({low:.0%} to {high:.0%})")
    return found


# %% [markdown]
# **Predict**: trained on at most 11 steps, asked about 21. The window sees the
# first 11 of them. How often can it be right?


# %%
@show_progress()
def variable_length(config: Config) -> dict[str, list[float]]:
    """Learns from 5 to 11 steps and is asked about 21."""
    print("  variable length")

    def draw(rng):
        count = config.examples
        return majority(rng, count, (5, 11)), majority(rng, count, (21, 21))

    return trained("recurrent window", draw, config)


# %% tags=["active-ipynb"]
# lengths = variable_length(config)

# %% [markdown]
# Of 21 signs it knows 11: that is far better than a guess, and it cannot be
# more. The recurrent network goes on counting.
#
# **Predict**: noise of 15 steps lies between the first step and the question.
# Who remembers the first step: the recurrent network, the window, the slice?


# %%
@show_progress()
def long_term(config: Config) -> dict[str, list[float]]:
    """Remembers the first step; a slice of time cannot."""
    print("  long-term memory")

    def draw(rng):
        count, distance = config.examples, config.distance
        return recall(rng, count, distance), recall(rng, count, distance)

    return trained("recurrent window slice", draw, config)


# %% tags=["active-ipynb"]
# memories = long_term(config)

# %% [markdown]
# The window has no need to remember: it sees the first step. Only the slice has
# to guess.
#
# **Predict**: the same words, the opposite mood. Who is at 50 % now?


# %%
@show_progress()
def order(config: Config) -> dict[str, list[float]]:
    """Reads reviews; a bag has their words and not their order."""
    print("  order")

    def draw(rng):
        return reviews(rng, config.examples), reviews(rng, config.examples)

    return trained("recurrent window bag", draw, config)


# %% tags=["active-ipynb"]
# orders = order(config)

# %% [markdown]
# The bag, as it must. Order is no privilege of recurrence: whoever has weights
# for each place knows it too.
#
# **Predict**: the pattern was only ever shown in the first half. Who finds it
# in the second? Always?


# %%
@show_progress()
def sharing(config: Config) -> dict[str, list[float]]:
    """Finds a pattern where training never showed it."""
    print("  shared parameters")

    def draw(rng):
        return tuple(pattern(rng, config.examples, half) for half in (0, 1))

    return trained("recurrent window", draw, config)


# %% tags=["active-ipynb"]
# shares = sharing(config)

# %% [markdown]
# The window guesses: its weights for the second half have never met a pattern.
# The recurrent network has one set of weights for all steps, and that helps,
# though not fully: the state in which the pattern meets them is another one.
#
# The loss of a sequence is the sum of the losses of its steps, and so is its
# gradient. Here is a network that says at each step which sign prevails so far.
# Its total loss is computed twice: all at once, and step by step.


# %%
def total_loss(config: Config) -> dict[str, float]:
    """Returns how far the sum over time steps is from the whole."""
    rng = np.random.default_rng(config.seed)
    x, _ = majority(rng, 20, (11, 11))
    y = (np.cumsum(x, axis=1) > 0).astype("float32")
    layer = GRU(config.units, return_sequences=True, seed=config.seed)
    answer = keras.layers.Dense(1)
    with tf.GradientTape(persistent=True) as tape:
        logits = answer(layer(x))
        losses = keras.ops.binary_crossentropy(y, logits, from_logits=True)
        whole = keras.ops.sum(losses)
        steps = [keras.ops.sum(losses[:, t]) for t in range(x.shape[1])]
    weight = layer.trainable_weights[0].value
    gradient = tape.gradient(whole, weight)
    summed = sum(tape.gradient(step, weight) for step in steps)
    return {
        "total loss [nats]": float(whole),
        "difference of the sum": abs(float(sum(steps) - whole)),
        "difference of the gradients": float(
            keras.ops.max(keras.ops.abs(summed - gradient))
        ),
    }


def show_total_loss(config: Config) -> dict[str, float]:
    """Prints and returns what `total_loss` finds."""
    sums = total_loss(config)
    for name, value in sums.items():
        print(f"  {name}: {value:.3g}")
    return sums


# %% tags=["active-ipynb"]
# sums = show_total_loss(config)

# %% [markdown]
# ## 4 Look
#
# The bars of each criterion are means over the seeds, a line on a bar goes from
# the lowest to the highest. The dashed line is a guess.


# %%
def plot(lengths: dict, memories: dict, orders: dict, shares: dict) -> Figure:
    """Returns the figure: the accuracy on the four criteria."""
    outcomes = by_criterion(lengths, memories, orders, shares)
    return plot_criteria(outcomes, {name: 0.5 for name in outcomes})


def by_criterion(
    lengths: dict, memories: dict, orders: dict, shares: dict
) -> dict[str, dict[str, list[float]]]:
    """Returns criterion -> network -> accuracies."""
    return {
        "variable length": lengths,
        "long-term memory": memories,
        "order": orders,
        "shared parameters": shares,
    }


# %% tags=["active-ipynb"]
# figure = plot(lengths, memories, orders, shares)
# figure


# %% tags=["active-py"]
@show_progress()
def main(config: Config = Config()) -> dict:
    """Runs the lab.

    Args:
        config: What you may change.

    Returns:
        The accuracies, the sums of the losses and the figure.
    """
    keras.utils.set_random_seed(config.seed)

    print("1 Data")
    show_data(config)

    print("2 Model")
    show_weights(config)

    print("3 Train")
    lengths = variable_length(config)
    memories = long_term(config)
    orders = order(config)
    shares = sharing(config)
    sums = show_total_loss(config)

    print("4 Look")
    figure = plot(lengths, memories, orders, shares)
    print(f"  figure: {save_figure(figure, Path(config.out, 'criteria.png'))}")
    return {
        "outcomes": by_criterion(lengths, memories, orders, shares),
        "sums": sums,
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
# 1. Set `distance` to 40, then to 100. When does the recurrent network fail?
#    Replace the `GRU` by `mitseq.SimpleRNN`: when does that one fail?
# 2. Show the window the pattern in both halves. How many examples does it need
#    until it is as good as the recurrent network with one half?
# 3. Ask about 201 steps in the first experiment. What does the state have to
#    count, and where does it end?
# 4. Sharing is the weakest of the four. What may the state have learned beside
#    the pattern, if the second half never mattered? Train with patterns in both
#    halves of shorter sequences: does it help?
# 5. Invent a review that the recurrent network gets wrong.
