"""Lab 1: where will the ball go, and a hidden state traced by hand.

Slides: Lecture 2, "Given an image of a ball, can you predict where it will go
next?", "Sequences in the Wild", "The Perceptron Revisited", "Feed-Forward
Networks Revisited", "Handling Individual Time Steps" and "Neurons with
Recurrence" (docs/slides.md#ball); notes, "Trace the Hidden State by Hand".
Read before: mitseq/by_hand/ball.py, mitseq/layers/perceptron.py.
Command: python labs/01_trace_by_hand.py
Minutes: about 1 on two cores.
Expect: the network that sees one position at a time is off by 0.07 box widths,
as far as the ball flies in a step. One that sees four is off by 0.0095, one
with a state by 0.0045; at walls by 0.0405 and by 0.0173. With 0.9 in front of
the old state, the first of five words counts ten times as much as with 0.5.
"""

# %% [markdown]
# # Where will the ball go next?
#
# ## Idea
#
# Look at a picture of a ball in the air. Where will it be in the next picture?
# From one position you can only guess. From two you know its direction and its
# speed. A network without a memory is in the first situation at every step, a
# network with a *hidden state* in the second. In this lab you measure the
# difference: one step ahead, at the walls, and twenty steps ahead. Then you
# follow a hidden state with a pencil.

# %%
import argparse
import dataclasses
from pathlib import Path

from mitseq.by_hand.ball import ball_paths
from mitseq.by_hand.trace import trace_by_hand
from mitseq.by_hand.wild import order_in_the_wild, sequences_in_the_wild
from mitseq.layers.perceptron import feed_forward, perceptron
from mitseq.layers.rnn import SimpleRNN
from mitseq.plots.ball import plot_ball
from mitseq.plots.sequences import plot_sequences
from mitseq.plots.style import save_figure
from mitseq.plots.trace import plot_trace
from mitseq.progress import show_progress
from mitseq.tasks.ball.evaluation import (
    RULE,
    STAYS,
    Errors,
    evaluate_ball_model,
    join,
    unseen_paths,
)
from mitseq.tasks.ball.figures import plot_errors
from mitseq.training.new_start import new_start
from mitseq.training.progress import ShowProgress

import keras
import numpy as np
from matplotlib.figure import Figure


@dataclasses.dataclass(frozen=True)
class Config:
    """What you may change.

    Every field is an option of the command line too.
    """

    # Balls to learn from.
    balls: int = 3000
    # Balls that are held out, of each seed.
    held_out: int = 300
    # Positions of each: several bounces.
    num_steps: int = 32
    # Hidden units of all networks; with 32 the state is little help at walls.
    units: int = 64
    # Positions that the window sees.
    window: int = 4
    # Passes over the balls: more would still help.
    epochs: int = 30
    # How far the networks feed back what they predicted.
    ahead: int = 20
    # Trainings of each network; one alone may be lucky.
    seeds: int = 3
    # Balls in a step.
    batch_size: int = 64
    # Larger than usual, for the networks are small; it falls to 0.
    learning_rate: float = 0.005
    # The sentence to trace by hand; its words count 1, 2, 3, ...
    sentence: str = "The quick brown fox jumps"
    # Decides the balls and the initial weights of the first training.
    seed: int = 0
    # Folder for the figures.
    out: str = "runs/01_trace_by_hand"


# %% tags=["active-ipynb"]
# config = Config()
# keras.utils.set_random_seed(config.seed)

# %% [markdown]
# ## 1 Data
#
# Balls fly through a box and bounce off its walls. The input of a step is a
# position, the target is the next one. The balls that are held out fly 40
# steps: farther than those that are learned from.


# %%
def balls(config: Config, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns the paths to learn from and those held out."""
    learned_from = ball_paths(
        config.balls, config.num_steps, seed, speed=(0.02, 0.12)
    )
    return learned_from, unseen_paths(config.held_out, seed)


def show_balls(config: Config) -> tuple[np.ndarray, np.ndarray]:
    """Prints how many balls there are, and where the first one flies."""
    learned_from, held_out = balls(config, config.seed)
    print(
        f"  {len(learned_from)} balls to learn from, {len(held_out)} held out, "
        f"{config.seeds} times"
    )
    for t in range(4):
        print(f"  position {t + 1}: {learned_from[0, t].round(3)}")
    return learned_from, held_out


# %% tags=["active-ipynb"]
# learned_from, held_out = show_balls(config)

# %% [markdown]
# A ball is one sequence of many. Sounds, texts, prices, temperatures and genes
# are others:


# %%
def draw_wild(config: Config) -> Figure:
    """Returns the figure of five sequences."""
    return plot_sequences(sequences_in_the_wild(config.seed))


# %% tags=["active-ipynb"]
# wild = draw_wild(config)
# wild

# %% [markdown]
# Shuffle one: its values stay, its order is gone. A value then says nothing
# about those before it. Of numbers the lab prints the largest correlation of a
# value with one of the 24 values before it. Letters and bases are no numbers:
# "b" is not between "a" and "c". Of them it prints the entropy, how many
# yes-or-no questions a symbol takes on average, and how many are left when the
# symbol before it is known.
#
# **Predict**: a letter takes about four questions. How many are left if you
# know the letter before it? And if the text has been shuffled?


# %%
def show_order(config: Config) -> dict[str, str]:
    """Prints what the order of each sequence tells; returns the sentences."""
    order = order_in_the_wild(config.seed)
    for name, told in order.items():
        print(f"  {name}: {told}")
    return order


# %% tags=["active-ipynb"]
# order = show_order(config)

# %% [markdown]
# The largest of 24 correlations is never 0, and in a short text many pairs
# stand only once, which looks more certain than it is. That is why the shuffled
# text seems to tell something, too. So compare each number with that of the
# shuffled values: what is between them is the order.
#
# ## 2 Model
#
# One neuron weighs its inputs, adds them up and bends the sum: the perceptron.
# Many of them side by side, in layers, are a feed-forward network. Its only
# argument is the input of this step.


# %%
def perceptrons_in_a_layer(seed: int) -> float:
    """Returns how far a layer is from its neurons one by one: not at all."""
    rng = np.random.default_rng(seed)
    x_t, W = rng.normal(size=(5, 3)), rng.normal(size=(3, 4))
    layer = np.asarray(feed_forward(x_t, [(W, np.zeros(4))]))
    neurons = [
        np.asarray(perceptron(x_t, w, activation=keras.activations.linear))
        for w in W.T
    ]
    return float(np.abs(layer - np.stack(neurons, axis=-1)).max())


def compare_with_neurons(config: Config) -> float:
    """Prints and returns how far a layer is from its neurons one by one."""
    difference = perceptrons_in_a_layer(config.seed)
    print(f"  a layer and its neurons one by one differ by {difference:.0e}")
    return difference


# %% tags=["active-ipynb"]
# difference = compare_with_neurons(config)

# %% [markdown]
# The three models below predict how far the ball will move. They differ in one
# line. `Dense` treats every step of the sequence by itself. `Conv1D` sees a
# window of positions, and forgets what was before. `SimpleRNN` hands a state
# from each step to the next.
#
# A step is a few hundredths of the box. So the positions are spread before the
# network reads them, and its output is made small.


# %%
KINDS = ("feed-forward", "window", "recurrent")


def build_model(kind: str, units: int, window: int = 4) -> keras.Model:
    """Returns a model, positions `(B, T, 2)` -> next positions `(B, T, 2)`.

    Args:
        kind: "feed-forward", "window" or "recurrent".
        units: Hidden units.
        window: Positions that the window sees.
    """
    layers = keras.layers
    x = keras.Input((None, 2), name="positions")
    h = layers.Rescaling(4, offset=-2)(x)
    if kind == "feed-forward":
        h = layers.Dense(units, "relu")(h)
    elif kind == "window":
        h = layers.Conv1D(units, window, padding="causal", activation="relu")(h)
    else:
        h = SimpleRNN(units, return_sequences=True)(h)
    h = layers.Dense(units, "relu")(h)
    step = layers.Rescaling(0.1)(layers.Dense(2)(h))
    return keras.Model(x, x + step, name=kind)


def show_models(config: Config) -> None:
    """Prints how many weights each network has."""
    for kind in KINDS:
        model = build_model(kind, config.units, config.window)
        print(f"  {kind}: {model.count_params():,} weights")


# %% tags=["active-ipynb"]
# show_models(config)

# %% [markdown]
# What is such a state? Take one unit, no tanh, and a number for each word:
# `h_t = 0.5 h_prev + 0.5 x_t`, from `h_0 = 0`. The column `dh_5/dx_t` of the
# table below is the influence of each word on the last state, in exact
# fractions.
#
# **Predict**: The = 1, quick = 2, brown = 3, fox = 4, jumps = 5. Take a pencil:
# what is `h_5`? How many times more does the last word count in it than the
# first? And with 0.9 in front of the old state instead of 0.5?


# %%
def traces_of(sentence: str) -> list:
    """Returns the trace with 0.5 and the one with 0.9."""
    return [trace_by_hand(sentence, keep=keep) for keep in (0.5, 0.9)]


def show_traces(config: Config) -> list:
    """Prints both traces as tables; returns them."""
    traces = traces_of(config.sentence)
    for trace in traces:
        print(f"  h_t = {trace.keep} * h_prev + {trace.write} * x_t")
        print("    " + trace.table().replace("\n", "\n    "))
        last, first = trace.influence[-1], trace.influence[0]
        print(f"    the last word counts {float(last / first):.1f} times as")
        print("    much as the first")
    return traces


# %% tags=["active-ipynb"]
# traces = show_traces(config)

# %% tags=["active-ipynb"]
# trace = plot_trace(traces)
# trace

# %% [markdown]
# The factor in front of the old state is the memory. What was read k steps ago
# is left with its k-th power, and a power falls fast: the first of five words
# counts ten times as much with 0.9 as with 0.5.
#
# ## 3 Train
#
# The loss of a ball is the mean of the losses of its steps: how far off the
# guess is along an axis.
#
# **Predict**: which of the three networks is nearest one step ahead? Which of
# them cannot be better than "it stays where it is", however long it trains?


# %%
def train(
    model: keras.Model, paths: np.ndarray, config: Config, seed: int
) -> keras.Model:
    """Fits the model to paths, from new weights, and returns it."""
    steps = -(-len(paths) // config.batch_size)
    if not model.compiled:
        rate = keras.optimizers.schedules.CosineDecay(
            config.learning_rate, config.epochs * steps
        )
        model.compile(
            optimizer=keras.optimizers.Adam(rate, global_clipnorm=1.0),
            loss="mae",
            steps_per_execution=steps,  # one call of TensorFlow: calls cost
        )
    new_start(model, seed)
    model.fit(
        paths[:, :-1],
        paths[:, 1:],
        batch_size=config.batch_size,
        epochs=config.epochs,
        callbacks=[ShowProgress(f"{model.name}, seed {seed}")],
        verbose=0,
    )
    return model


def error_by_step(guess: np.ndarray, paths: np.ndarray) -> np.ndarray:
    """Returns the mean distance of guess and ball at each step, `(T - 1,)`."""
    return np.linalg.norm(guess - paths[:, 1:], axis=-1).mean(axis=0)


def told(values: np.ndarray) -> str:
    """Returns the mean and the range of the seeds."""
    return f"{values.mean():.4f} ({values.min():.4f} to {values.max():.4f})"


@show_progress()
def train_all(config: Config) -> tuple[dict, dict[str, Errors]]:
    """Trains each network once a seed.

    Returns:
        The models of the first seed, and the errors of all, a row a seed. With
        them come those who need no training: a ball that stays, the same step
        once more, and the physical rule, which remembers the speed.
    """
    models = {
        kind: build_model(kind, config.units, config.window) for kind in KINDS
    }
    first: dict[str, list[np.ndarray]] = {}  # the weights of the first seed
    errors: dict[str, list[Errors]] = {}
    for seed in range(config.seed, config.seed + config.seeds):
        learned_from, held_out = balls(config, seed)
        for kind, model in models.items():
            train(model, learned_from, config, seed)
            first.setdefault(kind, model.get_weights())
            found = evaluate_ball_model(
                model, [held_out], config.ahead, name=kind
            )
            errors.setdefault(kind, []).append(found.pop(kind))
        for name, each in found.items():  # the same for each network
            errors.setdefault(name, []).append(each)
    for kind, model in models.items():
        model.set_weights(first[kind])
    joined = {name: join(each) for name, each in errors.items()}
    for name in (*KINDS, STAYS):
        print(f"  {name}: off by {told(joined[name].next)} box widths")
    return models, joined


# %% tags=["active-ipynb"]
# models, errors = train_all(config)

# %% [markdown]
# Each number is the mean of the seeds, with the lowest and the highest. From
# one position nobody knows the direction: the network without a memory learns
# that it had better stay where it is.
#
# ## 4 Look
#
# **Predict**: at a wall the ball turns. Will the window of four positions or
# the state be nearer there? And when each guess is read as if the ball had been
# seen there, twenty times: who gets lost?


# %%
def table(errors: dict[str, Errors], ahead: int) -> str:
    """Returns a line for each: one step ahead, at walls, many steps ahead."""
    lines = [f"{'':24} {'one step':27} {'at walls':27} {ahead} steps ahead"]
    for name, each in errors.items():
        far = "-" if each.ahead is None else told(each.ahead[:, -1])
        lines.append(
            f"{name:24} {told(each.next):27} {told(each.walls):27} {far}"
        )
    return "\n".join(lines)


def compare(config: Config, errors: dict[str, Errors]) -> np.ndarray:
    """Prints the table; returns how many times nearer a state is."""
    print("  distance in box widths, mean and range of the seeds")
    print("    " + table(errors, config.ahead).replace("\n", "\n    "))
    better = errors["feed-forward"].next / errors["recurrent"].next
    print(
        f"  with a state {better.mean():.0f} times nearer than from one "
        f"position ({better.min():.0f} to {better.max():.0f})"
    )
    return better


# %% tags=["active-ipynb"]
# better = compare(config, errors)

# %% [markdown]
# "At walls" are the steps in which, or just after which, the ball bounces.
# After a bounce two positions do not show the speed: one has to know it from
# before. The physical rule does; a rule is not always at hand. Nor is a network
# always worth it: "the same step once more" needs no training, and one step
# ahead it is nearer than the state, which is only as good as it at the walls.
#
# One ball with the guesses of the networks. Beside it stands their error after
# one, two, three ... positions. After the first they are equal: there is
# nothing to remember yet.


# %%
def plot(models: dict[str, keras.Model], paths: np.ndarray) -> Figure:
    """Returns the figure, with the ball that bounces most before its end.

    It flies on at its end: nobody foresees a bounce.
    """
    paths = paths[:, :13]
    bends = np.abs(np.diff(paths, n=2, axis=1)).sum(axis=2)
    flies_on = bends[:, -3:].max(axis=1) < 1e-6
    one = np.where(flies_on, bends.sum(axis=1), -1).argmax()
    guesses = {
        name: np.asarray(model(paths[:, :-1])) for name, model in models.items()
    }
    return plot_ball(
        paths[one],
        {name: guess[one, -1] for name, guess in guesses.items()},
        {name: error_by_step(guess, paths) for name, guess in guesses.items()},
    )


def plot_ahead(
    config: Config, models: dict[str, keras.Model], errors: dict[str, Errors]
) -> Figure:
    """Returns the figure: the error by the number of steps ahead."""
    return plot_errors(
        {name: errors[name] for name in (*models, STAYS, RULE)},
        f"How far ahead can one see? {config.seeds} seeds, simulated balls",
    )


# %% tags=["active-ipynb"]
# ball = plot(models, held_out)
# ball

# %% [markdown]
# How far ahead can one see? Each guess is read as if the ball had been seen
# there.

# %% tags=["active-ipynb"]
# ahead = plot_ahead(config, models, errors)
# ahead


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
        What the lab prints, the trained models and the figures.
    """
    keras.utils.set_random_seed(config.seed)

    print("1 Data")
    learned_from, held_out = show_balls(config)
    wild = draw_wild(config)
    order = show_order(config)

    print("2 Model")
    difference = compare_with_neurons(config)
    show_models(config)
    traces = show_traces(config)
    trace = plot_trace(traces)

    print("3 Train")
    models, errors = train_all(config)

    print("4 Look")
    better = compare(config, errors)
    ball = plot(models, held_out)
    ahead = plot_ahead(config, models, errors)
    figures = save_figures(
        config, ball=ball, ahead=ahead, trace=trace, wild=wild
    )
    return {
        "order": order,
        "difference": difference,
        "traces": traces,
        "errors": errors,
        "better": better,
        "models": models,
        "figure": ball,
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
# 1. The physical rule is exact, the recurrent network is not. Give it 128 units
#    and 90 epochs. Then take `mitseq.LSTM` in its place. Where are its errors
#    at the walls now? `mitseq ball evaluate` shows what a GRU reaches.
# 2. Give the window two positions, or eight (`--window 8`). What can it see at
#    a wall, and what can it never see? What does it need for a ball that spins?
#    Then take both `Rescaling` out of `build_model`. Who learns how much less?
# 3. Trace your own sentence: `--sentence "I love recurrent neural networks"`.
# 4. How much of the first word is left in `h_5` for a `keep` of 0.5, of 0.9, of
#    1.1? With which `keep` does the first word count more than the last? (These
#    are the vanishing and the exploding gradient of lab 6.)
# 5. Take `trace_by_hand(..., keep=-0.9)`. What does a negative weight do to the
#    influence of the words?
