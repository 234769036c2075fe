"""Lab 6: gradients vanish and explode, and what cures them.

Slides: Lecture 2, "Standard RNN Gradient Flow", "Standard RNN Gradient Flow:
Exploding Gradients", "Standard RNN Gradient Flow: Vanishing Gradients" and
"The Problem of Long-Term Dependencies" (docs/slides.md#gradient-flow).
Read before: mitseq/inside/gradients.py, mitseq/by_hand/memory.py.
Command: python labs/06_vanishing_and_exploding_gradients.py
Minutes: about 3 on two cores.
Expect: a distance in each of three seeds. 16 steps remembered by a SimpleRNN
and with clipping, by one with a ReLU in two seeds of three; 32 by one that
starts at the identity; 32 to 64 by ReLU and identity together and by an LSTM;
64 by all three cures and by a GRU. Clipping takes the LSTM to 64 and the GRU to
128 or 256: that was measured with other options, and the lab prints the table.
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
from mitseq.training.batches import untuned
from mitseq.training.new_start import new_start
from mitseq.training.progress import ShowProgress

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

    # Names of VARIANTS with semicolons between, or "all": these are unclipped,
    # but for two, and take a third of the time.
    variants: str = (
        "SimpleRNN; + clipping; + ReLU; + identity; + ReLU, identity; "
        "+ all three; LSTM; GRU"
    )
    # The first distance that is tried; then twice as far, and so on.
    shortest: int = 16
    # The last one, if a network gets so far: 256 takes ten minutes more.
    longest: int = 64
    # Kinds of symbols: 8 are three bits to remember, a guess is right in 12 %.
    symbols: int = 8
    # Hidden units, the same for every network.
    units: int = 32
    # Training batches, at most: who has learned it stops before.
    steps: int = 700
    # Loss in nats, over a twentieth of them, below which it is learned.
    learned: float = 0.03
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
    # How often each network is trained at each distance.
    seeds: int = 3
    # The first of them: it decides the sequences and the initial weights.
    seed: int = 0
    # Folder for the figures and TensorBoard's files.
    out: str = "runs/06_vanishing_and_exploding_gradients"


# %% tags=["active-ipynb"]
# config = Config()
# keras.utils.set_random_seed(config.seed)

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


def show_data(config: Config) -> None:
    """Prints a sequence, and what is to be named."""
    ids, answers = remember_first(1, 12, config.symbols, seed=config.seed)
    print(f"  {ids[0].tolist()} -> {answers[0]}")


# %% tags=["active-ipynb"]
# show_data(config)

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
# Clipping has nothing to do with the layer, so every network that is clipped
# has a twin that is not.


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
    "LSTM": (LSTM, False),
    "LSTM, clipped": (LSTM, True),
    "GRU": (GRU, False),
    "GRU, clipped": (GRU, True),
}

# steps remembered in seeds 0, 1 and 2:
# --variants all --shortest 8 --longest 256 --steps 1000 --learned 0
MEASURED = {
    "SimpleRNN": (16, 16, 16),
    "+ clipping": (32, 16, 16),
    "+ ReLU": (16, 16, 16),
    "+ identity": (32, 32, 32),
    "+ ReLU, identity": (32, 32, 32),
    "+ all three": (64, 64, 64),
    "LSTM": (32, 32, 32),
    "LSTM, clipped": (64, 64, 64),
    "GRU": (64, 64, 128),
    "GRU, clipped": (256, 128, 256),
}


def names_of(config: Config) -> list[str]:
    """Returns the variants that are to be trained."""
    if config.variants == "all":
        return list(VARIANTS)
    return [v.strip() for v in config.variants.split(";") if v.strip()]


def build_model(
    config: Config, variant: str, distance: int, at_once: int = 1
) -> keras.Model:
    """Returns a compiled model, ids `(B, T)` -> logits `(B, symbols)`.

    `at_once` steps of its training are one call of TensorFlow: a call costs a
    millisecond or so, as much as a short step.
    """
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
        steps_per_execution=at_once,
        jit_compile=True,
    )
    return model


def show_variants(config: Config) -> None:
    """Prints which networks there are."""
    for name, (_, is_clipped) in VARIANTS.items():
        size = build_model(config, name, distance=1).count_params()
        clipped = "clipped" if is_clipped else "not clipped"
        print(f"  {name:17} {size:6,} weights, {clipped}")


# %% tags=["active-ipynb"]
# show_variants(config)

# %% [markdown]
# Before training, look at the factors. First without a tanh, where the theory
# is exact: over many steps the gradient changes by the *spectral radius* of
# W_hh at each, the largest absolute value of its eigenvalues, whatever its
# singular values are.
#
# **Predict**: if that radius is 0.9, what is left of the gradient after 64
# steps: a half, a hundredth, or a thousandth?


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


def show_linear_decay(config: Config) -> tuple[float, float]:
    """Prints and returns the decay and the radius."""
    decay, radius = linear_decay(config)
    print(
        f"  without a tanh: dL/dh_t changes by {decay:.4f} a step back, the "
        f"spectral radius of W_hh is {radius:.4f}"
    )
    print(
        f"  after 64 steps {decay**64:.0e} is left, of 0.9 a step {0.9**64:.0e}"
    )
    return decay, radius


# %% tags=["active-ipynb"]
# decay, radius = show_linear_decay(config)

# %% [markdown]
# A thousandth. Here the radius is a little above 1, so the gradient grows: the
# same law in the other direction.
#
# Then the networks of this lab, on their first training step. `gradient_flow`
# gives the norm of dL/dh_t for every t, and of the product of the factors
# alone, the Jacobian dh_T/dh_t.
#
# **Predict**: through which of the networks does the gradient come back whole,
# and through which is it lost: tanh, ReLU alone, tanh from the identity, ReLU
# from the identity, LSTM, GRU?


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
        if not is_clipped:  # clipping comes after, and changes nothing here
            model = build_model(config, variant, distance)
            flow = gradient_flow(model, ids[:32], answers[:32])
            flows[variant] = flow
            print(
                f"  {variant:17} dL/dh_1 is "
                f"{flow.dL_dh[0] / flow.dL_dh[-1]:.0e} of dL/dh_T, "
                f"dh_T/dh_1 has norm {flow.dhT_dh[0]:.0e}"
            )
    return flows


def plot_flows(flows: dict[str, GradientFlow]) -> Figure:
    """Returns the figure: the gradient on its way back."""
    return plot_gradient_flow(
        flows, "The gradient on its way back, before training"
    )


# %% tags=["active-ipynb"]
# flows = first_step(config)

# %% tags=["active-ipynb"]
# gradients = plot_flows(flows)
# gradients

# %% [markdown]
# The tanh and the ReLU alone lose most of the gradient on the way. A ReLU by
# itself is no cure, it is the worst of them: where its slope is 0, nothing
# passes. Started at the identity more arrives, and with ReLU *and* identity it
# comes back whole. The gates have learned nothing yet, so they keep little yet,
# the GRU's next to nothing.
#
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


def show_explosion(config: Config) -> dict[str, tuple[float, float, float]]:
    """Prints and returns the norm and both losses, plain and clipped."""
    exploded = {
        "plain": explode(config, None),
        "clipped": explode(config, config.clip),
    }
    for name, (norm, before, after) in exploded.items():
        print(
            f"  {name} step, gradient of norm {norm:.1e}: loss {before:.3g} "
            f"-> {after:.3g}"
        )
    return exploded


# %% tags=["active-ipynb"]
# exploded = show_explosion(config)

# %% [markdown]
# The norm is the same, clipped or not: it is measured before. What clipping
# changes is the length of the step.
#
# ## 3 Train
#
# Every network gets the same units, the same batches and the same learning
# rate, and may stop when nothing is left to learn. It starts at the shortest
# distance; if it learns that in one seed at
# least, it starts anew at twice as far. The distance that it learns is the last
# one before it fails.
#
# **Predict**: first the networks without gates. Which of the cures helps by
# itself? Is the order that of the picture above?


# %%
PARTS = 20  # of a training: after each it may end


class StopWhenLearned(keras.callbacks.Callback):
    """Ends a training whose loss has nothing left to fall.

    Args:
        loss: In nats, the mean of an epoch.
    """

    def __init__(self, loss: float):
        super().__init__()
        self.loss = loss

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Looks at the loss of the epoch."""
        if logs and logs["loss"] < self.loss:
            self.model.stop_training = True


def accuracy(
    config: Config, model: keras.Model, what: str, distance: int, seed: int
) -> float:
    """Trains a network anew; returns its share of right answers in the test."""
    new_start(model, seed)
    config = dataclasses.replace(config, seed=seed)
    train, (ids, answers) = train_and_test(config, distance)
    part = max(1, config.steps // PARTS)
    in_batches = (x.reshape(config.steps, -1, *x.shape[1:]) for x in train)
    model.fit(
        untuned(
            tf.data.Dataset.from_tensor_slices(tuple(in_batches)).prefetch(8)
        ),
        shuffle=False,  # each sequence is drawn at random, and seen once
        epochs=config.steps // part,
        steps_per_epoch=part,
        callbacks=[
            StopWhenLearned(config.learned),
            ShowProgress(f"{what}, {distance} steps, seed {seed}"),
        ],
        verbose=0,
    )
    chosen = np.argmax(model(ids, training=False), axis=-1)
    return float(np.mean(chosen == answers))


def climb(config: Config, variant: str) -> dict[int, list[float]]:
    """Returns the accuracies at each distance, until all seeds fail."""
    found, distance = {}, config.shortest
    while distance <= config.longest:
        part = max(1, config.steps // PARTS)
        model = build_model(config, variant, distance, at_once=part)
        found[distance] = [
            accuracy(config, model, variant, distance, seed)
            for seed in range(config.seed, config.seed + config.seeds)
        ]
        if not max(found[distance]) >= config.enough:
            break
        distance *= 2
    return found


def learned_distances(
    config: Config, found: dict[int, list[float]]
) -> list[int]:
    """Returns for each seed the last distance before it fails, 0 for none."""
    learned = []
    for each in zip(*found.values(), strict=True):
        last = 0
        for distance, share in zip(found, each, strict=True):
            if not share >= config.enough:
                break
            last = distance
        learned.append(last)
    return learned


def climb_all(
    config: Config, names: list[str]
) -> dict[str, dict[int, list[float]]]:
    """Returns the accuracies of each network at each distance."""
    accuracies = {}
    for variant in names:
        accuracies[variant] = climb(config, variant)
        text = ", ".join(
            f"{d}: {np.mean(each):.0%} ({min(each):.0%} to {max(each):.0%})"
            for d, each in accuracies[variant].items()
        )
        print(f"  {variant:17} {text}", flush=True)
    return accuracies


def has_gates(variant: str) -> bool:
    """Whether a network is an LSTM or a GRU."""
    return VARIANTS[variant][0] in (LSTM, GRU)


@show_progress()
def climb_cures(config: Config) -> dict[str, dict[int, list[float]]]:
    """Returns the accuracies of the networks without gates."""
    names = [name for name in names_of(config) if not has_gates(name)]
    return climb_all(config, names)


@show_progress()
def climb_gates(config: Config) -> dict[str, dict[int, list[float]]]:
    """Returns the accuracies of the gated networks."""
    return climb_all(config, list(filter(has_gates, names_of(config))))


# %% tags=["active-ipynb"]
# cures = climb_cures(config)

# %% [markdown]
# The identity helps by itself, a ReLU does not. And clipping lets the network
# with all three cures go on where the others fail.
#
# **Predict**: the GRU's gradient was among the smallest above. Will the LSTM
# and the GRU, unclipped, come behind these networks?

# %% tags=["active-ipynb"]
# gates = climb_gates(config)

# %% [markdown]
# ## 4 Look
#
# The distances, a number for each seed, beside those that were measured with
# `--variants all --shortest 8 --longest 256 --steps 1000 --learned 0`, whose
# trainings are longer and never stop before. The dial has doublings only: the
# true distance of a network that shows 32 is somewhere below 64.


# %%
def show_learned(
    config: Config,
    cures: dict[str, dict[int, list[float]]],
    gates: dict[str, dict[int, list[float]]],
) -> dict[str, list[int]]:
    """Prints and returns the steps that each network remembers, by seed."""
    found = {**cures, **gates}
    learned = {v: learned_distances(config, a) for v, a in found.items()}
    print("  | network | steps remembered here | measured up to 256 |")
    print("  |---|---|---|")
    for name, measured in MEASURED.items():
        here = ", ".join(map(str, learned.get(name, ["-"])))
        print(f"  | {name} | {here} | {', '.join(map(str, measured))} |")
    return learned


def plot_distances(
    config: Config,
    cures: dict[str, dict[int, list[float]]],
    gates: dict[str, dict[int, list[float]]],
    learned: dict[str, list[int]],
) -> Figure:
    """Returns the figure: means of the seeds, and what every seed learned."""
    means = {
        variant: {d: float(np.mean(each)) for d, each in found.items()}
        for variant, found in {**cures, **gates}.items()
    }
    in_every_seed = {variant: min(found) for variant, found in learned.items()}
    return plot_learned_distances(
        means, in_every_seed, 1 / config.symbols, config.enough
    )


# %% tags=["active-ipynb"]
# learned = show_learned(config, cures, gates)

# %% tags=["active-ipynb"]
# distances = plot_distances(config, cures, gates, learned)
# distances

# %% [markdown]
# A gradient that arrives is not yet a memory. With a ReLU and the identity
# nothing is lost, but nothing is limited either: every step of noise is added
# to the state, and soon a gradient explodes and spoils what was learned. That
# is why this network may stop at 32 steps if it is not clipped, and reaches 64
# in every seed if it is. Gates can close to noise. The GRU's gradient starts as
# small as the plain ReLU's, and the GRU gets farthest all the same: it learns
# from the easy sequences to keep its gate shut, and then the way back is open.
# So a gate is a cure after it has learned, not before.
#
# And gates do not make clipping superfluous: unclipped, the LSTM was at 32 in
# the longer trainings, no better than a SimpleRNN that starts at the identity;
# clipped it was at 64.
#
# `GradientNorms` does the same measurements while a model trains, for your own
# model too: `model.fit(..., callbacks=[GradientNorms(x, y, log_dir="...")])`.
# Here a network tries twice the distance that it can learn.
#
# **Predict**: it learns from easy sequences too. Will the far past get its
# share of the gradient in the course of the training?


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


# %%
@show_progress()
def watch(config: Config, learned: dict[str, list[int]]) -> GradientNorms:
    """Trains the first network at twice what it can learn."""
    watched = next(iter(learned))
    distance = max(config.shortest, 2 * min(learned[watched]))
    norms = watched_training(config, watched, distance)
    print(f"  {watched} at {distance} steps: {len(norms.batches)} measurements")
    return norms


# %% tags=["active-ipynb"]
# norms = watch(config, learned)

# %% tags=["active-ipynb"]
# watched = plot_gradient_norms(norms)
# watched

# %% [markdown]
# From left to right the batches, from top to bottom the way into the past. At
# first the bottom is dark: the far past gets a thousandth of what the last
# steps get. Later some batches are bright down to the bottom, and one is
# brightest there, while W_hh grows. So the gradient vanishes in one batch and
# grows in another, and the network does not settle: at this distance it fails.


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
        What the lab prints, the gradient flows and the figures.
    """
    keras.utils.set_random_seed(config.seed)

    print("1 Data")
    show_data(config)

    print("2 Model")
    show_variants(config)
    decay, radius = show_linear_decay(config)
    flows = first_step(config)
    gradients = plot_flows(flows)
    exploded = show_explosion(config)

    print("3 Train")
    cures = climb_cures(config)
    gates = climb_gates(config)

    print("4 Look")
    learned = show_learned(config, cures, gates)
    distances = plot_distances(config, cures, gates, learned)
    norms = watch(config, learned)
    watched = plot_gradient_norms(norms)
    figures = save_figures(
        config,
        gradient_flow=gradients,
        learned_distances=distances,
        gradient_norms=watched,
    )
    return {
        "linear_decay": decay,
        "spectral_radius": radius,
        "flows": flows,
        "exploded": exploded,
        "accuracies": {**cures, **gates},
        "learned": learned,
        "norms": norms,
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
# 1. Leave the distance and make the symbol smaller: `Config(symbols=2)`. One
#    bit is easier to keep than three. Who profits most?
# 2. Start W_hh at 0.95 times the identity. How far back can the gradient reach
#    then, and does the picture agree?
# 3. Train twice as long, `Config(steps=1400)`. Whose distance grows?
# 4. Give the LSTM a forget bias of zero (`unit_forget_bias=False`). What do the
#    first picture and the distance say?
# 5. Put `GradientNorms` into Lab 8 and look at it in TensorBoard:
#    `tensorboard --logdir runs`.
