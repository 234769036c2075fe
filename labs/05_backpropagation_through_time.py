"""Lab 5: backpropagation through time, by hand.

Slides: Lecture 2, "Recall: Backpropagation in Feed Forward Models", "RNNs:
Backpropagation Through Time" and "RNNs: Computational Graph Across Time"
(docs/slides.md#bptt).
Read before: mitseq/by_hand/backpropagation.py, then mitseq/layers/bptt.py.
Command: python labs/05_backpropagation_through_time.py
Minutes: a quarter of a minute on two cores.
Expect: all derivatives agree with the tape to 1e-12 for one unit and to 1e-5
for a layer. Cut at every step, dL/dw is another number. Training by your own
derivatives and by `fit` ends at the same loss.
"""

# %% [markdown]
# # Backpropagation through time, by hand
#
# ## Idea
#
# Training is two steps, again and again: take the derivative of the loss with
# respect to each weight, then shift the weights a little downhill. In a
# feed-forward network the derivative runs back through the layers. In a
# recurrent network every step has its own loss, the total loss is their sum,
#
# $$L = L_1 + L_2 + \dots + L_T$$
#
# and the same weights are used at every step. So errors run back through time,
# from step to step, and the derivative of a weight is a sum over all steps.
#
# In this lab you do that with a pencil for one step and for two, then with five
# numbers, then with matrices, and check every derivative against TensorFlow's
# tape.

# %%
import argparse
import dataclasses
from pathlib import Path

from mitseq.by_hand.backpropagation import ScalarBPTT, scalar_bptt
from mitseq.layers.rnn import SimpleRNN
from mitseq.plots.gradients import plot_scalar_bptt
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

    # Weight from the state to the next: 0.9 keeps most of it.
    w: float = 0.9
    # Weight from the input: small, so that the tanh is not saturated.
    u: float = 0.5
    # Weight to the output.
    v: float = 1.0
    # Size of the layer with matrices: any will do.
    units: int = 4
    # Sequences in its batch: their gradients are added up.
    batch_size: int = 3
    # Steps downhill: enough to see the loss fall.
    epochs: int = 60
    # How far to shift the weights against their derivative.
    learning_rate: float = 0.1
    # Decides the numbers of the matrices.
    seed: int = 0
    # Folder for the figure.
    out: str = "runs/05_backpropagation_through_time"


# %% tags=["active-ipynb"]
# config = Config()
# keras.utils.set_random_seed(config.seed)

# %% [markdown]
# ## 1 Data
#
# One sequence of five numbers. At each step the network should say how much it
# has read so far: a running sum, a little damped. The first number counts until
# the end, so the derivative must come back all the way.

# %%
X = (0.5, -0.3, 0.8, 0.1, -0.6)


def running_sum(x: tuple[float, ...] = X) -> list[float]:
    """Returns the targets: 0.8 of the sum so far."""
    return [0.8 * sum(x[: t + 1]) for t in range(len(x))]


def show_data() -> list[float]:
    """Prints the numbers; returns the targets."""
    targets = running_sum()
    print(f"  x       {list(X)}")
    print(f"  targets {[round(a, 2) for a in targets]}")
    return targets


# %% tags=["active-ipynb"]
# targets = show_data()

# %% [markdown]
# ## 2 Model
#
# One unit, three weights:
#
# $$h_t = \tanh(w h_{t-1} + u x_t) \qquad y_t = v h_t \qquad
# L_t = (y_t - \text{target}_t)^2 / 2$$
#
# What is a derivative? Nudge a weight a little, and see how far the loss moves:
# $(L(w + \epsilon) - L(w - \epsilon)) / 2\epsilon$. That needs no calculus, and
# for a million weights it takes two million runs. The chain rule needs one run
# back. Begin with the first number alone. With $h_0 = 0$,
#
# $$\frac{dL_1}{dw} = (y_1 - \text{target}_1)\, v\, (1 - h_1^2)\, h_0$$
#
# **Predict**: what is that, whatever the weights are? And which factor takes
# the place of $h_0$ in $dL_2/dw$, where a second number has been read?


# %%
def nudged(
    w: float, u: float, v: float, steps: int, nudge: float = 1e-5
) -> float:
    """Returns dL/dw of the first steps without calculus, by two runs."""
    x, targets = X[:steps], running_sum()[:steps]
    more, less = (
        scalar_bptt(x, targets, w + by, u, v).loss for by in (nudge, -nudge)
    )
    return (more - less) / (2 * nudge)


def one_step_and_two(w: float, u: float, v: float) -> tuple[float, float]:
    """Returns dL/dw for one number and for two, by pencil."""
    target_1, target_2 = running_sum()[:2]
    h_1 = np.tanh(u * X[0])
    h_2 = np.tanh(w * h_1 + u * X[1])
    y_1, y_2 = v * h_1, v * h_2
    dL_1 = abs((y_1 - target_1) * v * (1 - h_1**2) * 0.0)  # h_0 is 0
    # h_1 does not depend on w: there is nothing more to blame.
    dL_2 = (y_2 - target_2) * v * (1 - h_2**2) * h_1
    return float(dL_1), float(dL_1 + dL_2)


def show_nudges(config: Config) -> dict[str, list[float]]:
    """Prints and returns dL/dw for 1, 2, ... numbers, found in two ways."""
    weights = config.w, config.u, config.v
    steps = range(1, len(X) + 1)
    found = {
        "nudged": [nudged(*weights, each) for each in steps],
        "by pencil": list(one_step_and_two(*weights)),
    }
    for name, values in found.items():
        told = " ".join(f"{value:8.5f}" for value in values)
        print(f"  dL/dw {name:9}: {told}")
    return found


# %% tags=["active-ipynb"]
# nudges = show_nudges(config)

# %% [markdown]
# For one number it is zero: no old state was multiplied by `w`. For two it is
# $h_1$ that `w` was multiplied by. From the third number on the pencil has more
# to do: `w` moves $h_2$ by itself, *and* $h_2$ moves $h_3$. Every step adds a
# way, and they are added up. So the work is done once, backward.
#
# Backward, the state $h_t$ hears from two sides: from the loss of its own step,
# and from step $t+1$, which has used it.
#
# $$\frac{dL}{dh_t} = (y_t - \text{target}_t)\, v \;+\;
# \frac{dL}{dh_{t+1}} (1 - h_{t+1}^2)\, w$$
#
# The rest is local: through the tanh, times what the weight was multiplied by,
# and summed over the steps, because the weight is the same one at each.
# `scalar_bptt` is these lines and nothing else; open it. The tape must find the
# same.
#
# **Predict**: which of the five states hears from its own loss alone, so that
# its column `later` is zero?


# %%
def by_the_tape(
    w: float, u: float, v: float, steps_back: int | None = None
) -> list[float]:
    """Returns dL/dw, dL/du, dL/dv and all dL/dh_t, by TensorFlow."""
    weights = [tf.constant(a, tf.float64) for a in (w, u, v)]
    h, loss, states = tf.constant(0.0, tf.float64), 0.0, []
    with tf.GradientTape() as tape:
        tape.watch(weights)
        for t, (x_t, target) in enumerate(zip(X, running_sum(), strict=True)):
            if steps_back and t % steps_back == 0:
                h = tf.stop_gradient(h)  # the cut
            h = tf.tanh(weights[0] * h + weights[1] * x_t)
            tape.watch(h)
            states.append(h)
            loss += (weights[2] * h - target) ** 2 / 2  # the sum of the L_t
    return [float(g) for g in tape.gradient(loss, [*weights, *states])]


def largest_error(passes: ScalarBPTT, tape: list[float]) -> float:
    """Returns how far the written derivatives are from the tape's."""
    written = [passes.dw, passes.du, passes.dv, *passes.dh]
    return max(abs(a - b) for a, b in zip(written, tape, strict=True))


def show_passes(config: Config) -> tuple[ScalarBPTT, float]:
    """Prints both passes; returns them, and how far they are from the tape."""
    weights = config.w, config.u, config.v
    passes = scalar_bptt(X, running_sum(), *weights)
    print("  " + passes.table().replace("\n", "\n  "))
    scalar_error = largest_error(passes, by_the_tape(*weights))
    print(f"  largest difference to the tape: {scalar_error:.0e}")
    return passes, scalar_error


# %% tags=["active-ipynb"]
# passes, scalar_error = show_passes(config)

# %% [markdown]
# The last one: nothing comes after it. The first hears from all others, and
# each voice has come through a tanh and through `w` once for every step.
#
# The same in vectors. The weights are matrices, `*` by `w` becomes a product
# with $W_{hh}^T$, and the sum over time is one product of two tall matrices:
#
# $$\frac{dL}{dh_t} = \text{local}_t + dz_{t+1} W_{hh}^T \qquad
# dz_t = \frac{dL}{dh_t} (1 - h_t^2) \qquad
# \frac{dL}{dW_{hh}} = \sum_t h_{t-1}^T dz_t$$
#
# This is what mitseq/layers/bptt.py does for `SimpleRNN`; in
# equations.py `RNNEquations.backward` is the middle line, `weight_gradients`
# the right one.


# %%
def layer_by_hand(
    x: np.ndarray,  # (B, T, D)
    local: np.ndarray,  # (B, T, H): dL/dh_t from the loss of step t alone
    W_xh: np.ndarray,
    W_hh: np.ndarray,
    b_h: np.ndarray,
) -> dict[str, np.ndarray]:
    """Returns the gradients of a layer of tanh units."""
    B, T, _ = x.shape
    h = np.zeros((T + 1, B, len(W_hh)))  # h[t] is h_t, h[0] the zeros
    for t in range(T):
        h[t + 1] = np.tanh(x[:, t] @ W_xh + h[t] @ W_hh + b_h)
    dz = np.zeros((T, B, len(W_hh)))
    later = np.zeros((B, len(W_hh)))
    for t in reversed(range(T)):
        dh_t = local[:, t] + later  # local + what flows back
        dz[t] = dh_t * (1 - h[t + 1] ** 2)
        later = dz[t] @ W_hh.T
    return {
        "W_xh": np.tensordot(x.transpose(1, 0, 2), dz, [(0, 1), (0, 1)]),
        "W_hh": np.tensordot(h[:-1], dz, [(0, 1), (0, 1)]),
        "b_h": dz.sum(axis=(0, 1)),
    }


def layer_errors(config: Config) -> dict[str, float]:
    """Returns how far `SimpleRNN`'s gradients are from those by hand."""
    rng = np.random.default_rng(config.seed)
    x = rng.normal(size=(config.batch_size, 6, 2)).astype("float32")
    target = rng.normal(size=(config.batch_size, 6, config.units))
    layer = SimpleRNN(config.units, return_sequences=True)
    with tf.GradientTape() as tape:
        h_seq = layer(x)
        loss = tf.reduce_sum((h_seq - target.astype("float32")) ** 2) / 2
    weights = {w.name: w.numpy() for w in layer.trainable_weights}
    local = h_seq.numpy() - target  # of this loss
    written = layer_by_hand(x, local, **weights)
    by_layer = tape.gradient(loss, layer.trainable_weights)
    return {
        name: float(np.abs(written[name] - gradient).max())
        for name, gradient in zip(weights, by_layer, strict=True)
    }


def show_layer(config: Config) -> dict[str, float]:
    """Prints and returns what `layer_errors` finds."""
    matrix_errors = layer_errors(config)
    for name, error in matrix_errors.items():
        print(
            f"  SimpleRNN({config.units}), dL/d{name}: differs by {error:.0e}"
        )
    return matrix_errors


# %% tags=["active-ipynb"]
# matrix_errors = show_layer(config)

# %% [markdown]
# ## 3 Train
#
# Second half of the recipe: shift each weight against its derivative. Once with
# the derivatives written out, once with `fit`, from the same three numbers.
#
# **Predict**: will the two ways end at the same loss, or near each other, or
# far from each other?


# %%
def train_by_hand(config: Config) -> list[float]:
    """Returns the total loss before each step downhill."""
    weights, losses = [config.w, config.u, config.v], []
    for _ in range(config.epochs):
        passes = scalar_bptt(X, running_sum(), *weights)
        losses.append(passes.loss)
        weights = [
            a - config.learning_rate * d
            for a, d in zip(
                weights, (passes.dw, passes.du, passes.dv), strict=True
            )
        ]
    return losses


def total_loss(targets: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
    """The sum over the steps, as on the slide; Keras takes the mean."""
    return tf.reduce_sum((y - targets) ** 2, axis=[1, 2]) / 2


def train_by_fit(config: Config) -> list[float]:
    """Returns the same, by `SimpleRNN`, `Dense` and `fit`."""
    x = keras.Input((len(X), 1))
    rnn = SimpleRNN(1, use_bias=False, return_sequences=True)
    model = keras.Model(x, keras.layers.Dense(1, use_bias=False)(rnn(x)))
    model.set_weights(
        [np.full((1, 1), a) for a in (config.u, config.w, config.v)]
    )
    model.compile(keras.optimizers.SGD(config.learning_rate), loss=total_loss)
    history = model.fit(
        np.reshape(X, (1, -1, 1)),
        np.reshape(running_sum(), (1, -1, 1)),
        epochs=config.epochs,
        callbacks=[ShowProgress()],
        verbose=0,
    )
    return history.history["loss"]


@show_progress()
def train_both(config: Config) -> tuple[list[float], list[float]]:
    """Returns the losses by hand and by `fit`."""
    by_hand, by_fit = train_by_hand(config), train_by_fit(config)
    for name, losses in (("by hand", by_hand), ("by fit ", by_fit)):
        print(f"  {name}: loss {losses[0]:.6f} -> {losses[-1]:.6f}")
    return by_hand, by_fit


# %% tags=["active-ipynb"]
# by_hand, by_fit = train_both(config)

# %% [markdown]
# The same loss, as far as numbers of seven digits go: `fit` does nothing else
# than what you wrote out.
#
# ## 4 Look
#
# What if the way back is cut? Long texts are often trained in pieces: the state
# goes on from piece to piece, the derivative does not (truncated
# backpropagation through time). What lies behind the cut is never blamed.
#
# **Predict**: the loss is the same with and without a cut, because the way
# forward is. Is dL/dw the same? What if the cut comes after 5 steps?


# %%
def cut_derivatives(config: Config) -> dict[int, float]:
    """Returns dL/dw for each number of steps after which the way is cut."""
    return {
        k: scalar_bptt(
            X, running_sum(), config.w, config.u, config.v, steps_back=k
        ).dw
        for k in range(1, len(X) + 1)
    }


def show_cuts(config: Config) -> tuple[dict[int, float], float]:
    """Prints dL/dw by cut; returns it, and how far it is from the tape."""
    weights = config.w, config.u, config.v
    cuts = cut_derivatives(config)
    cut_error = max(
        largest_error(
            scalar_bptt(X, running_sum(), *weights, steps_back=k),
            by_the_tape(*weights, steps_back=k),
        )
        for k in cuts
    )
    for k, dw in cuts.items():
        print(f"  cut every {k} steps: dL/dw = {dw:8.4f}")
    print(f"  the tape with `stop_gradient` differs by {cut_error:.0e}")
    return cuts, cut_error


# %% tags=["active-ipynb"]
# cuts, cut_error = show_cuts(config)

# %% [markdown]
# It is another derivative, and with a cut after all five steps nothing is cut.
# A state that is kept in a variable cuts at *every* step, without a word.
#
# The figure shows the two parts of each dL/dh_t; the influence dh_t/dh_k of
# each state on each later one, a product with one factor for each step between
# them; and dL/dw for each cut. The products are the subject of the next lab.


# %%
def plot(config: Config, passes: ScalarBPTT, cuts: dict[int, float]) -> Figure:
    """Returns the figure: both parts of each dL/dh_t, influences, cuts."""
    return plot_scalar_bptt(passes, config.w, cuts)


# %% tags=["active-ipynb"]
# figure = plot(config, passes, cuts)
# figure


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
    targets = show_data()

    print("2 Model")
    nudges = show_nudges(config)
    passes, scalar_error = show_passes(config)
    matrix_errors = show_layer(config)

    print("3 Train")
    by_hand, by_fit = train_both(config)

    print("4 Look")
    cuts, cut_error = show_cuts(config)
    figure = plot(config, passes, cuts)
    print(f"  figure: {save_figure(figure, Path(config.out, 'bptt.png'))}")
    return {
        "targets": targets,
        "nudges": nudges,
        "passes": passes,
        "scalar_error": scalar_error,
        "matrix_errors": matrix_errors,
        "by_hand": by_hand,
        "by_fit": by_fit,
        "cuts": cuts,
        "cut_error": cut_error,
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
# 1. Take `Config(w=0.3)` and `Config(w=2.0)`. What happens to the numbers on
#    the left of the middle picture, and to the cut at 1?
# 2. Which entries of the middle picture are needed for dL_5/dh_1? Multiply the
#    factors by hand.
# 3. Leave out the sum over time: let `dw` be the last step's part only. Does
#    the loss still fall?
# 4. Give a loss to the last step only. Which `local` parts are zero then, and
#    what does h_1 hear?
# 5. Replace the tanh in `scalar_bptt` by the identity. Which factor of each
#    step goes away, and what is dh_5/dh_1 now?
