"""Lab 3: the four design criteria, each as an experiment.

Slides: Lecture 2, "Sequence Modeling: Design Criteria", "Handle Variable
Sequence Lengths", "Model Long-Term Dependencies" and "Capture Differences in
Sequence Order" (docs/slides.md#order).
Read before: mitseq/layers/recurrent.py.
Command: python labs/03_design_criteria.py
Minutes: about two on two cores.
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


# %% [markdown]
# ## 3 Train
#
# All networks get the same examples and the same number of passes. Each is
# trained several times: the lab prints the mean, the lowest and the highest.


# %%
def accuracy(kind: str, learn, test, config: Config, seed: int) -> float:
    """Trains a network; returns its accuracy on the test set."""
    keras.utils.set_random_seed(seed)
    x, y = learn
    model = build_model(kind, x, config.units)
    model.compile(
        optimizer=keras.optimizers.Adam(
            config.learning_rate, global_clipnorm=1.0
        ),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
    )
    model.fit(
        x,
        y,
        batch_size=config.batch_size,
        epochs=config.epochs,
        callbacks=[ShowProgress(kind)],
        verbose=0,
    )
    x, y = test
    if kind == "window":  # a window of fixed length sees no more
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
    for seed in range(config.seed, config.seed + config.seeds):
        learn, test = draw(np.random.default_rng(seed))
        for kind, scores in found.items():
            scores.append(accuracy(kind, learn, test, config, seed))
    return found


def variable_length(config: Config) -> dict[str, list[float]]:
    """Learns from 5 to 11 steps and is asked about 21."""

    def draw(rng):
        count = config.examples
        return majority(rng, count, (5, 11)), majority(rng, count, (21, 21))

    return trained("recurrent window", draw, config)


def long_term(config: Config) -> dict[str, list[float]]:
    """Remembers the first step; a slice of time cannot."""

    def draw(rng):
        count, distance = config.examples, config.distance
        return recall(rng, count, distance), recall(rng, count, distance)

    return trained("recurrent window slice", draw, config)


def order(config: Config) -> dict[str, list[float]]:
    """Reads reviews; a bag has their words and not their order."""

    def draw(rng):
        return reviews(rng, config.examples), reviews(rng, config.examples)

    return trained("recurrent window bag", draw, config)


def sharing(config: Config) -> dict[str, list[float]]:
    """Finds a pattern where training never showed it."""

    def draw(rng):
        return tuple(pattern(rng, config.examples, half) for half in (0, 1))

    return trained("recurrent window", draw, config)


# %% [markdown]
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


# %% [markdown]
# ## 4 Look
#
# The bars of each criterion are means over the seeds, a line on a bar goes from
# the lowest to the highest. The dashed line is a guess.


# %%
def plot(outcomes: dict[str, dict[str, list[float]]]) -> Figure:
    """Returns the figure: the accuracy on the four criteria."""
    return plot_criteria(outcomes, {name: 0.5 for name in outcomes})


# %%
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
    rng = np.random.default_rng(config.seed)
    x, y = reviews(rng, 1)
    words = " ".join(WORDS[i] for i in x[0].argmax(axis=-1))
    print(f"  a review: {words!r}, mood {y[0]}")

    print("2 Model")
    for steps in (16, 32):
        x, _ = pattern(rng, 1, half=0, steps=steps)
        for kind in ("recurrent", "window"):
            size = build_model(kind, x, config.units).count_params()
            print(f"  {kind}: {size} weights for {steps} steps")

    print("3 Train")
    outcomes = {}
    for name, experiment in (
        ("variable length", variable_length),
        ("long-term memory", long_term),
        ("order", order),
        ("shared parameters", sharing),
    ):
        outcomes[name] = experiment(config)
        for kind, found in outcomes[name].items():
            low, mean, high = min(found), np.mean(found), max(found)
            print(f"  {name}, {kind}: {mean:.0%} ({low:.0%} to {high:.0%})")
    sums = total_loss(config)
    for name, value in sums.items():
        print(f"  {name}: {value:.3g}")

    print("4 Look")
    figure = plot(outcomes)
    print(f"  figure: {save_figure(figure, Path(config.out, 'criteria.png'))}")
    return {"outcomes": outcomes, "sums": sums, "figure": figure}


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
