"""Lab 6: gradients vanish and explode, and what cures them.

Slides: Lecture 2, "Standard RNN Gradient Flow", "Standard RNN Gradient Flow:
Exploding Gradients", "Standard RNN Gradient Flow: Vanishing Gradients" and
"The Problem of Long-Term Dependencies" (docs/slides.md#gradient-flow).
Read before: mitseq/inside/gradients.py, mitseq/by_hand/memory.py.
Command: python labs/06_vanishing_and_exploding_gradients.py
Minutes: 2 1/2 on two cores.
Expect: 16 steps remembered by a SimpleRNN, as by each cure on its own; 32 by
ReLU and identity together, 128 if clipped too; 64 by an LSTM, 128 by a GRU.
Seeds 0, 1 and 2 gave 16 for the SimpleRNN and 64 for the LSTM each time; the
others were measured with seed 0 only, and may be a doubling more or less.
Without a tanh, the gradient decays by the spectral radius of W_hh, to 1 %.
"""

# %% [markdown]
# # Gradients vanish and explode
#
# ## Idea
#
# "I grew up in France, ... and I speak fluent ____": the dots may be long. The
# error at the last word has to run back to "France" through every step between,
# and each step multiplies it by one more factor:
#
# $$\frac{dL}{dh_t} = \frac{dL}{dh_T} \frac{dh_T}{dh_{T-1}} \dots
# \frac{dh_{t+1}}{dh_t}$$
#
# Many factors below 1, and nothing arrives: the network learns from the nearest
# words only. Many above 1, and one step of the optimizer throws the weights
# away. In this lab you measure the product on real training steps, then you
# measure what it costs: how far apart may a word and the place where it is
# needed be, for each of the lecture's cures?

# %%
import argparse
import dataclasses
import importlib.util
from pathlib import Path

from mitseq.by_hand.memory import remember_first
from mitseq.inside.gradient_norms import GradientNorms
from mitseq.inside.gradients import GradientFlow, gradient_flow
from mitseq.inside.spectrum import decay_per_step
from mitseq.layers.gru import GRU
from mitseq.layers.lstm import LSTM
from mitseq.layers.rnn import SimpleRNN
from mitseq.plots.gradients import (
    plot_gradient_flow,
    plot_gradient_norms,
    plot_learned_distances,
)
from mitseq.plots.style import save_figure
from mitseq.progress import show_progress
from mitseq.training.progress import ShowProgress

import keras
import numpy as np
from keras import ops


@dataclasses.dataclass(frozen=True)
class Config:
    """What you may change.

    Every field is an option of the command line too.
    """

    # Names of VARIANTS with commas between; empty: all of them.
    variants: str = ""
    # The first distance that is tried; then twice as far, and so on.
    shortest: int = 8
    # The last one, if a network gets so far.
    longest: int = 256
    # Kinds of symbols: 8 are three bits to remember, a guess is right in 12 %.
    symbols: int = 8
    # Hidden units, the same for every network.
    units: int = 32
    # Training batches, the same for every network and distance.
    steps: int = 1000
    # Sequences a batch.
    batch_size: int = 64
    # Of Adam, the same for every network: at 0.01 the plain ones fail sooner.
    learning_rate: float = 3e-3
    # Largest norm of the gradient where it is clipped.
    clip: float = 1.0
    # Distance at which the gradients are looked at before training.
    flow_distance: int = 64
    # Share of right answers that counts as learned.
    enough: float = 0.9
    # Decides the sequences and the initial weights.
    seed: int = 0
    # Folder for the figures and TensorBoard's files.
    out: str = "runs/06_vanishing_and_exploding_gradients"


# %% [markdown]
# ## 1 Data
#
# A task with a dial. One step holds a symbol, all others hold noise, and after
# the last step the network names the symbol. In training the symbol stands
# anywhere, so that there are easy sequences too. In the test it stands first:
# then all `distance` steps of noise lie between.


# %%
def train_and_test(
    config: Config, distance: int
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Returns (ids, answers) to learn from and to be tested on."""
    count = config.steps * config.batch_size
    return (
        remember_first(
            count, distance, config.symbols, anywhere=True, seed=config.seed
        ),
        remember_first(512, distance, config.symbols, seed=config.seed + 1),
    )


# %% [markdown]
# ## 2 Model
#
# One-hot symbols, a recurrent layer, one logit for each symbol. What differs is
# the recurrent layer, and whether gradients are clipped. The cures of the
# lecture, each on its own, then together:
#
# - clipping scales a big gradient down (exploding);
# - a ReLU has a slope of 1 where a tanh has less;
# - W_hh starts as the identity and the bias as zero: the state is passed on;
# - gates decide what is kept, so the state need not pass a matrix.
#
# W_hh of a plain SimpleRNN starts orthogonal, as in Keras. That is a mild cure
# already: all its singular values are 1, only the tanh takes something away.


# %%
def _rnn(activation="tanh", start="orthogonal"):
    return lambda units: SimpleRNN(
        units, activation, recurrent_initializer=start
    )


# name -> what builds the layer, and whether gradients are clipped
VARIANTS = {
    "SimpleRNN": (_rnn(), False),
    "+ clipping": (_rnn(), True),
    "+ ReLU": (_rnn("relu"), False),
    "+ identity": (_rnn("tanh", "identity"), False),
    "+ ReLU, identity": (_rnn("relu", "identity"), False),
    "+ all three": (_rnn("relu", "identity"), True),
    "LSTM": (LSTM, True),
    "GRU": (GRU, True),
}


def build_model(config: Config, variant: str, distance: int) -> keras.Model:
    """Returns a compiled model, ids `(B, T)` -> logits `(B, symbols)`."""
    make, is_clipped = VARIANTS[variant]
    ids = keras.Input((distance + 1,), dtype="int32", name="ids")
    layer = make(config.units)
    h_T = layer(ops.one_hot(ids, 2 * config.symbols))
    logits = keras.layers.Dense(config.symbols, name="logits")(h_T)
    model = keras.Model(ids, logits)
    model.compile(
        keras.optimizers.Adam(
            config.learning_rate,
            global_clipnorm=config.clip if is_clipped else None,
        ),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=True,
    )
    return model


# %% [markdown]
# Before training, look at the factors. First without a tanh, where the theory
# is exact: over many steps the gradient changes by the *spectral radius* of
# W_hh at each, whatever its singular values are.


# %%
def linear_decay(config: Config, steps: int = 200) -> tuple[float, float]:
    """Returns the decay of dL/dh_t per step, measured, and the radius."""
    layer = SimpleRNN(
        config.units,
        "linear",
        recurrent_initializer=keras.initializers.RandomNormal(
            stddev=0.9 / np.sqrt(config.units), seed=config.seed
        ),
    )
    x = keras.Input((steps, 1))
    model = keras.Model(x, keras.layers.Dense(1)(layer(x)))
    model.compile(loss="mse")
    noise = np.random.default_rng(config.seed).normal(size=(8, steps, 1))
    flow = gradient_flow(model, noise, np.ones((8, 1)), examples=0)
    far = flow.dL_dh[: steps // 2]  # where the start-up is over
    return decay_per_step(far), flow.matrices["W_hh"].spectral_radius


# %% [markdown]
# Then the networks of this lab, on their first training step. `gradient_flow`
# gives the norm of dL/dh_t for every t, and of the product of the factors
# alone, the Jacobian dh_T/dh_t.


# %%
def first_step(config: Config) -> dict[str, GradientFlow]:
    """Returns the gradient flow of each variant, before any training."""
    distance = config.flow_distance
    _, (ids, answers) = train_and_test(
        dataclasses.replace(config, steps=1), distance
    )
    flows = {}
    for variant, (_, is_clipped) in VARIANTS.items():
        keras.utils.set_random_seed(config.seed)
        if not is_clipped or variant in ("LSTM", "GRU"):  # clipping comes after
            model = build_model(config, variant, distance)
            flows[variant] = gradient_flow(model, ids[:32], answers[:32])
    return flows


# %% [markdown]
# And the other end: W_hh so large that gradients explode. One step of plain
# gradient descent, without clipping and with it.


# %%
def explode(config: Config, clip: float | None) -> tuple[float, float, float]:
    """Returns the gradient's norm, and the loss before and after a step."""
    distance = config.flow_distance
    keras.utils.set_random_seed(config.seed)
    layer = SimpleRNN(
        config.units,
        "relu",
        recurrent_initializer=keras.initializers.Orthogonal(1.6, config.seed),
    )
    ids = keras.Input((distance + 1,), dtype="int32")
    x = ops.one_hot(ids, 2 * config.symbols)
    model = keras.Model(ids, keras.layers.Dense(config.symbols)(layer(x)))
    model.compile(
        keras.optimizers.SGD(0.1, global_clipnorm=clip),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    batch = remember_first(64, distance, config.symbols, seed=config.seed)
    norms = GradientNorms(*batch, examples=0)
    before = model.evaluate(*batch, batch_size=64, verbose=0)
    model.fit(*batch, batch_size=64, callbacks=[norms], verbose=0)
    after = model.evaluate(*batch, batch_size=64, verbose=0)
    return norms.weight_norms[0], before, after


# %% [markdown]
# ## 3 Train
#
# Every network gets the same units, the same batches and the same learning
# rate. It starts at the shortest distance; if it learns that, it starts anew at
# twice as far. The distance that it learns is the last one before it fails.


# %%
def accuracy(config: Config, variant: str, distance: int) -> float:
    """Trains one network; returns its share of right answers in the test."""
    keras.utils.set_random_seed(config.seed)
    train, (ids, answers) = train_and_test(config, distance)
    model = build_model(config, variant, distance)
    model.fit(
        *train,
        batch_size=config.batch_size,
        callbacks=[ShowProgress(f"{variant}, {distance} steps")],
        verbose=0,
    )
    logits = model.predict(ids, batch_size=512, verbose=0)
    return float(np.mean(logits.argmax(axis=-1) == answers))


def climb(config: Config, variant: str) -> dict[int, float]:
    """Returns the accuracy at each distance, up to the first failure."""
    found, distance = {}, config.shortest
    while distance <= config.longest:
        found[distance] = accuracy(config, variant, distance)
        if not found[distance] >= config.enough:
            break
        distance *= 2
    return found


def learned_distance(config: Config, found: dict[int, float]) -> int:
    """Returns the longest distance that was learned, 0 for none."""
    return max((d for d, a in found.items() if a >= config.enough), default=0)


# %% [markdown]
# ## 4 Look
#
# `GradientNorms` does the same measurements while a model trains, for your own
# model too: `model.fit(..., callbacks=[GradientNorms(x, y, log_dir="...")])`.
# Here a SimpleRNN tries twice the distance that it can learn.


# %%
def watched_training(
    config: Config, variant: str, distance: int
) -> GradientNorms:
    """Trains one network under a `GradientNorms`; returns it."""
    keras.utils.set_random_seed(config.seed)
    train, (ids, answers) = train_and_test(config, distance)
    has_tensorboard = importlib.util.find_spec("tensorboard") is not None
    norms = GradientNorms(
        ids[:32],
        answers[:32],
        every=max(1, config.steps // 20),
        log_dir=Path(config.out, "tensorboard") if has_tensorboard else None,
    )
    build_model(config, variant, distance).fit(
        *train,
        batch_size=config.batch_size,
        callbacks=[norms, ShowProgress(f"{variant}, {distance} steps")],
        verbose=0,
    )
    return norms


# %% [markdown]
# What to see: in the first picture, at the start, the tanh and the ReLU alone
# lose most of the gradient on the way; started at the identity it arrives.
#
# A gradient that arrives is not yet a memory, though. With a ReLU and the
# identity nothing is lost, but nothing is limited either: every step of noise
# is added to the state, and soon a gradient explodes and spoils what was
# learned. That is why this network needs clipping to get far, and why it stands
# between the SimpleRNN and the gated layers without. Gates can close to noise.
# The GRU's gradient starts as small as the plain ReLU's and gets farthest all
# the same: it learns from the easy sequences to keep its gate shut, and then
# the way back is open. That is the second picture.
#
# Two things to mind. The dial has doublings only, so that a quarter is two
# clicks: the SimpleRNN is at 16, the LSTM at 64. And "all three" gets farther
# than the LSTM here. A likely reason: to keep one symbol is all that is asked,
# and a state that adds everything up need not learn first what to forget.
#
# In the third, batch by batch, the dark bottom is the far past: it learns from
# the steps at the top only.


# %%
@show_progress()
def main(config: Config = Config()) -> dict:
    """Runs the lab.

    Args:
        config: What you may change.

    Returns:
        What the lab prints, the gradient flows and the figures.
    """
    keras.utils.set_random_seed(config.seed)
    variants = [v.strip() for v in config.variants.split(",") if v.strip()]

    print("1 Data")
    ids, answers = remember_first(1, 12, config.symbols, seed=config.seed)
    print(f"  {ids[0].tolist()} -> {answers[0]}")

    print("2 Model")
    decay, radius = linear_decay(config)
    print(
        f"  without a tanh: dL/dh_t changes by {decay:.4f} a step back, the "
        f"spectral radius of W_hh is {radius:.4f}"
    )
    flows = first_step(config)
    for name, flow in flows.items():
        print(
            f"  {name:17} dL/dh_1 is {flow.dL_dh[0] / flow.dL_dh[-1]:.0e} of "
            f"dL/dh_T, dh_T/dh_1 has norm {flow.dhT_dh[0]:.0e}"
        )
    exploded = {
        "plain": explode(config, None),
        "clipped": explode(config, config.clip),
    }
    for name, (norm, before, after) in exploded.items():
        print(
            f"  {name} step, gradient of norm {norm:.1e}: loss {before:.3g} "
            f"-> {after:.3g}"
        )

    print("3 Train")
    accuracies = {}
    for variant in variants or VARIANTS:
        accuracies[variant] = climb(config, variant)
        text = ", ".join(
            f"{d}: {a:.2f}" for d, a in accuracies[variant].items()
        )
        print(f"  {variant:17} {text}", flush=True)
    learned = {v: learned_distance(config, a) for v, a in accuracies.items()}

    print("4 Look")
    print("  | network | steps remembered |\n  |---|---|")
    for variant, distance in learned.items():
        print(f"  | {variant} | {distance} |")
    watched = next(iter(learned))
    norms = watched_training(
        config, watched, max(config.shortest, 2 * learned[watched])
    )
    figures = {
        "gradient_flow": plot_gradient_flow(
            flows, "The gradient on its way back, before training"
        ),
        "learned_distances": plot_learned_distances(
            accuracies, learned, 1 / config.symbols, config.enough
        ),
        "gradient_norms": plot_gradient_norms(norms),
    }
    for name, figure in figures.items():
        print(
            f"  figure: {save_figure(figure, Path(config.out, f'{name}.png'))}"
        )
    return {
        "linear_decay": decay,
        "spectral_radius": radius,
        "flows": flows,
        "exploded": exploded,
        "accuracies": accuracies,
        "learned": learned,
        "norms": norms,
        "figures": figures,
    }


# %% tags=["active-ipynb"]
# results = main()

# %% tags=["active-ipynb"]
# results["figures"]["gradient_flow"]

# %% tags=["active-ipynb"]
# results["figures"]["learned_distances"]

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
# 1. Turn the dial the other way: `Config(symbols=2)`. One bit is easier to
#    keep than three. Who profits most?
# 2. Start W_hh at 0.95 times the identity. How far back can the gradient reach
#    then, and does the picture agree?
# 3. Train twice as long, `Config(steps=2000)`. Whose distance grows?
# 4. Give the LSTM a forget bias of zero (`unit_forget_bias=False`). What do the
#    first picture and the distance say?
# 5. Put `GradientNorms` into Lab 8 and look at it in TensorBoard:
#    `tensorboard --logdir runs`.
