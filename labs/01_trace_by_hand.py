"""Lab 1: where will the ball go, and a hidden state traced by hand.

Slides: Lecture 2, "Given an image of a ball, can you predict where it will go
next?", "Sequences in the Wild", "The Perceptron Revisited", "Feed-Forward
Networks Revisited", "Handling Individual Time Steps" and "Neurons with
Recurrence" (docs/slides.md#ball); notes, "Trace the Hidden State by Hand".
Read before: mitseq/by_hand/ball.py, mitseq/layers/perceptron.py.
Command: python labs/01_trace_by_hand.py
Minutes: half a minute on two cores.
Expect: the network that sees one position at a time is off by 0.08 box widths,
as far as the ball flies in a step. The one with a state is off by 0.03 after
three positions. With 0.9 in front of the old state, the first of five words
counts ten times as much as with 0.5.
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
# difference. Then you follow a hidden state with a pencil.

# %%
import argparse
import dataclasses
from pathlib import Path

from mitseq.by_hand.ball import ball_paths, from_two_positions, without_memory
from mitseq.by_hand.trace import trace_by_hand
from mitseq.by_hand.wild import neighbors, sequences_in_the_wild
from mitseq.layers.perceptron import feed_forward, perceptron
from mitseq.layers.rnn import SimpleRNN
from mitseq.plots.ball import plot_ball
from mitseq.plots.sequences import plot_sequences
from mitseq.plots.style import save_figure
from mitseq.plots.trace import plot_trace
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

    # Balls to learn from; as many again are held out.
    balls: int = 2000
    # Positions of each: a few bounces.
    num_steps: int = 12
    # Hidden units of both networks.
    units: int = 32
    # Passes over the balls: more would still help a little.
    epochs: int = 60
    # Balls in a step.
    batch_size: int = 64
    # Larger than usual: the networks are small.
    learning_rate: float = 0.005
    # The sentence to trace by hand; its words count 1, 2, 3, ...
    sentence: str = "The quick brown fox jumps"
    # Decides the balls and the initial weights.
    seed: int = 0
    # Folder for the figures.
    out: str = "runs/01_trace_by_hand"


# %% [markdown]
# ## 1 Data
#
# Balls fly through a box and bounce off its walls. The input of a step is a
# position, the target is the next one.


# %%
def balls(config: Config) -> tuple[np.ndarray, np.ndarray]:
    """Returns the paths to learn from and those held out."""
    paths = ball_paths(2 * config.balls, config.num_steps, config.seed)
    return paths[: config.balls], paths[config.balls :]


# %% [markdown]
# A ball is one sequence of many. Sounds, texts, prices, temperatures and genes
# are others. Shuffle one: its values stay, its order is gone. A value then says
# nothing about those before it. The lab prints the largest correlation of a
# value with one of the 24 values before it. The largest of 24 is never 0, so
# compare each number with that of the shuffled values: if it is not above, it
# is chance. (So it is for the text. One letter says little about another; a
# text needs more than one number of its past.)


# %%
def order_in_the_wild(seed: int) -> dict[str, tuple[float, float]]:
    """Returns each sequence's correlation with its past, and shuffled."""
    rng = np.random.default_rng(seed)
    return {
        name: (
            neighbors(values),
            float(
                np.mean([neighbors(rng.permutation(values)) for _ in range(20)])
            ),
        )
        for name, values in sequences_in_the_wild(seed).items()
    }


# %% [markdown]
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


# %% [markdown]
# Both models below predict how far the ball will move. They differ in one line.
# `Dense` treats every step of the sequence by itself. `SimpleRNN` hands a state
# from each step to the next.


# %%
def build_model(kind: str, units: int) -> keras.Model:
    """Returns a model, positions `(B, T, 2)` -> next positions `(B, T, 2)`.

    Args:
        kind: "feed-forward" or "recurrent".
        units: Hidden units.
    """
    x = keras.Input((None, 2), name="positions")
    if kind == "feed-forward":
        h = keras.layers.Dense(units, "tanh")(x)
    else:
        h = SimpleRNN(units, return_sequences=True)(x)
    return keras.Model(x, x + keras.layers.Dense(2)(h), name=kind)


# %% [markdown]
# What is such a state? Take one unit, no tanh, and a number for each word:
# `h_t = 0.5 h_prev + 0.5 x_t`. Trace it with a pencil, then compare. The column
# `dh_5/dx_t` is the influence of each word on the last state, in exact
# fractions. Then trace it again with 0.9 in front of the old state.


# %%
def traces_of(sentence: str) -> list:
    """Returns the trace with 0.5 and the one with 0.9."""
    return [trace_by_hand(sentence, keep=keep) for keep in (0.5, 0.9)]


# %% [markdown]
# ## 3 Train
#
# The loss of a ball is the mean of the losses of its steps.


# %%
def train(
    model: keras.Model, paths: np.ndarray, held_out: np.ndarray, config: Config
) -> np.ndarray:
    """Fits the model; returns the held-out error after 1, 2, ... positions."""
    model.compile(
        optimizer=keras.optimizers.Adam(config.learning_rate), loss="mse"
    )
    model.fit(
        paths[:, :-1],
        paths[:, 1:],
        batch_size=config.batch_size,
        epochs=config.epochs,
        callbacks=[ShowProgress(model.name)],
        verbose=0,
    )
    return error_by_step(
        model.predict(held_out[:, :-1], batch_size=1000, verbose=0), held_out
    )


def error_by_step(guess: np.ndarray, paths: np.ndarray) -> np.ndarray:
    """Returns the mean distance of guess and ball at each step, `(T - 1,)`."""
    return np.linalg.norm(guess - paths[:, 1:], axis=-1).mean(axis=0)


# %% [markdown]
# ## 4 Look
#
# The figure shows one ball with the guesses of both networks. Beside it stands
# the error of both after one, two, three ... positions. After the first they
# are equal: there is nothing to remember yet.


# %%
def plot(
    models: dict[str, keras.Model],
    errors: dict[str, np.ndarray],
    paths: np.ndarray,
) -> Figure:
    """Returns the figure, with the ball that bounces most before its end.

    It flies on at its end: nobody foresees a bounce.
    """
    bends = np.abs(np.diff(paths, n=2, axis=1)).sum(axis=2)
    flies_on = bends[:, -3:].max(axis=1) < 1e-6
    path = paths[np.where(flies_on, bends.sum(axis=1), -1).argmax()]
    guesses = {
        name: np.asarray(model(path[None, :-1]))[0, -1]
        for name, model in models.items()
    }
    return plot_ball(path, guesses, errors)


# %%
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
    learned_from, held_out = balls(config)
    print(f"  {len(learned_from)} balls to learn from, as many held out")
    order = order_in_the_wild(config.seed)
    for name, (as_it_is, shuffled) in order.items():
        print(
            f"  {name}: correlation with its past {as_it_is:.2f}, "
            f"shuffled {shuffled:.2f}"
        )

    print("2 Model")
    difference = perceptrons_in_a_layer(config.seed)
    print(f"  a layer and its neurons one by one differ by {difference:.0e}")
    traces = traces_of(config.sentence)
    for trace in traces:
        print(f"  h_t = {trace.keep} * h_prev + {trace.write} * x_t")
        print("    " + trace.table().replace("\n", "\n    "))

    print("3 Train")
    models = {
        kind: build_model(kind, config.units)
        for kind in ("feed-forward", "recurrent")
    }
    errors = {
        kind: train(model, learned_from, held_out, config)
        for kind, model in models.items()
    }
    guessed = error_by_step(without_memory(held_out), held_out)
    known = error_by_step(from_two_positions(held_out), held_out)
    for name, error in {
        **errors,
        "a guess from one position": guessed,
        "the same step once more": known,
    }.items():
        print(
            f"  {name}: off by {error[0]:.3f} after one position, "
            f"{error[1:].mean():.3f} after more [box widths]"
        )

    print("4 Look")
    figures = {
        "ball": plot(models, errors, held_out),
        "trace": plot_trace(traces),
        "wild": plot_sequences(sequences_in_the_wild(config.seed)),
    }
    for name, figure in figures.items():
        path = save_figure(figure, Path(config.out, f"{name}.png"))
        print(f"  figure: {path}")
    return {
        "order": order,
        "traces": traces,
        "errors": errors,
        "guessed": guessed,
        "known": known,
        "models": models,
        "figure": figures["ball"],
        "figures": figures,
    }


# %% tags=["active-ipynb"]
# results = main()

# %% tags=["active-ipynb"]
# results["figures"]["ball"]

# %% tags=["active-ipynb"]
# results["figures"]["trace"]

# %% tags=["active-ipynb"]
# results["figures"]["wild"]

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
# 1. The recurrent network is never as good as `from_two_positions`. Give it 128
#    units and 120 epochs. Where are its errors now?
# 2. Give the feed-forward network two positions at once, side by side. Which
#    error does it reach? What would it need for a ball that spins?
# 3. Trace your own sentence: `--sentence "I love recurrent neural networks"`.
# 4. How much of the first word is left in `h_5` for a `keep` of 0.5, of 0.9, of
#    1.1? With which `keep` does the first word count more than the last? (These
#    are the vanishing and the exploding gradient of lab 6.)
# 5. Take `trace_by_hand(..., keep=-0.9)`. What does a negative weight do to the
#    influence of the words?
