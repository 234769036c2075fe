"""Examples for the slides on gradients through time and on gates."""

import functools

import numpy as np

from mitseq.plots.style import Figure

STEPS = 60
UNITS = 32
BOUND = 1.0  # of the norm of a gradient
TRAINED = 600  # steps of the training of those that remember
FARTHEST = 32  # steps of noise in that training, at most
DISTANCES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


def backpropagation() -> Figure:
    """One unit, five steps: every derivative, and the way back cut."""
    from mitseq.by_hand.backpropagation import scalar_bptt
    from mitseq.plots.gradients import plot_scalar_bptt

    x = [0.5, -0.3, 0.8, 0.1, -0.6]
    targets = [0.8 * sum(x[: t + 1]) for t in range(len(x))]
    passes = scalar_bptt(x, targets, w=0.9, u=0.5, v=1.0)
    print(passes.table())
    cuts = {
        k: scalar_bptt(x, targets, 0.9, 0.5, 1.0, steps_back=k).dw
        for k in range(1, len(x) + 1)
    }
    return plot_scalar_bptt(passes, w=0.9, cuts=cuts)


def linear_flow() -> Figure:
    """Without a tanh, W_hh alone decides: three spectral radii."""
    import keras

    from mitseq.layers.rnn import SimpleRNN
    from mitseq.plots.gradients import plot_gradient_flow

    layers = {}
    for gain in (0.8, 1.0, 1.25):
        start = keras.initializers.Orthogonal(gain, seed=0)
        layers[f"linear, W_hh = {gain} x orthogonal"] = SimpleRNN(
            UNITS, "linear", recurrent_initializer=start
        )
    title = "Standard RNN gradient flow: one factor for each step"
    return plot_gradient_flow(_flow_of(layers), title)


def exploding() -> Figure:
    """Large weights: the gradient grows on its way back, and is clipped.

    A spectral radius above 1 does not yet make it grow: a ReLU cuts half of
    the factors off, and a tanh shrinks them. Where the slope is at most 1, a
    largest singular value below 1 is enough to vanish; what lies above is
    needed to explode, and not enough (Pascanu, Mikolov and Bengio, 2013).
    """
    import keras

    from mitseq.layers.rnn import SimpleRNN
    from mitseq.plots.gradients import plot_clipping

    layers = {}
    for size in (1.0, 1.5, 2.0):
        stddev = size / np.sqrt(UNITS)
        start = keras.initializers.RandomNormal(stddev=stddev, seed=3)
        layers[f"ReLU, W_hh random, {size:.1f} / sqrt(H)"] = SimpleRNN(
            UNITS, "relu", recurrent_initializer=start
        )
    flows = {
        f"radius {flow.matrices['W_hh'].spectral_radius:.2f}": flow.dL_dh
        for flow in _flow_of(layers).values()
    }
    raw, applied, losses = clipped_training(BOUND)
    free, _, lost = clipped_training(None)
    print(f"clipped to {BOUND:g}: loss {losses[0]:.2f}, then {losses[-1]:.2f}")
    print(f"not clipped: loss {lost[0]:.2f}, then {lost[-1]:.0e}")
    return plot_clipping(
        flows,
        {
            f"not clipped: the loss ends at {lost[-1]:.0e}": free,
            "clipped: as it is computed": raw,
            f"clipped: as it is used, the loss ends at {losses[-1]:.2f}": (
                applied
            ),
        },
        BOUND,
        "A radius above 1 is needed to explode, and not enough; "
        "clipping bounds each step",
    )


def clipped_training(
    bound: float | None, steps: int = 30
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Trains a network of large weights by plain gradient descent.

    Args:
        bound: What the norm of the gradient is clipped to; None for no
            clipping.
        steps: Of the descent.

    Returns:
        Of each step: the norm of the gradient as it is computed, that of the
        one that is used, and the loss before it.
    """
    import keras
    import tensorflow as tf

    from mitseq.layers.rnn import SimpleRNN

    x, y = _regression()
    start = keras.initializers.RandomNormal(0, 1.5 / np.sqrt(UNITS), seed=3)
    inputs = keras.Input(x.shape[1:])
    h_T = SimpleRNN(UNITS, recurrent_initializer=start)(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(h_T))
    optimizer = keras.optimizers.SGD(0.1)
    told = []
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(x) - y) ** 2)
        gradients = tape.gradient(loss, [w.value for w in model.weights])
        norm = tf.linalg.global_norm(gradients)
        if bound is not None:  # g <- g * min(1, c / |g|)
            scale = tf.minimum(1.0, bound / norm)
            gradients = [scale * gradient for gradient in gradients]
        optimizer.apply(gradients, model.weights)
        told.append((norm, tf.linalg.global_norm(gradients), loss))
    return tuple(np.array(told, "float64").T)


def vanishing() -> Figure:
    """The lecture's three cures: which hold before any training, which after.

    A ReLU by itself cures nothing: half of its slopes are 0. With the identity
    as W_hh it does. A gate has to learn first that it should stay open.
    """
    from mitseq.layers.gru import GRU
    from mitseq.layers.lstm import LSTM
    from mitseq.layers.rnn import SimpleRNN
    from mitseq.plots.gradients import plot_flows

    identity = {"recurrent_initializer": "identity"}
    layers = {
        "tanh": SimpleRNN(UNITS),
        "ReLU": SimpleRNN(UNITS, "relu"),
        "tanh, identity": SimpleRNN(UNITS, **identity),
        "ReLU, identity": SimpleRNN(UNITS, "relu", **identity),
        "GRU": GRU(UNITS),
        "LSTM": LSTM(UNITS),
    }
    before = _flow_of(layers)
    learned = {
        "GRU, untrained": _flow_of_memory("GRU", 0),
        "GRU, trained": _flow_of_memory("GRU", TRAINED),
    }
    return plot_flows(
        {
            "Before training: six cells": _with_factor(
                {name: flow.dL_dh for name, flow in before.items()}
            ),
            "Training on a task of memory: the gate opens": _with_factor(
                learned
            ),
        },
        "Cures: ReLU with the identity from the start, a gate once it has "
        "learned",
    )


def _with_factor(lines):
    """Puts the factor for each step back behind the names."""
    from mitseq.inside.spectrum import decay_per_step

    return {
        f"{name}: × {decay_per_step(norms):.2f}": norms
        for name, norms in lines.items()
    }


def _flow_of_memory(cell, steps):
    """|dL/dh_t| of a network that was trained to remember a symbol."""
    from mitseq.by_hand.memory import remember_first
    from mitseq.inside.gradients import gradients_through_time
    from mitseq.inside.spectrum import decay_per_step

    model = remembering(cell, UNITS, steps)
    norms = gradients_through_time(model, *remember_first(16, STEPS, 8, seed=1))
    print(
        f"{cell}, trained for {steps} steps: a factor of "
        f"{decay_per_step(norms):.3f} for each step back"
    )
    return norms


def _regression():
    """Random sequences, and a random number to tell of each."""
    import keras

    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(8, STEPS, 4)).astype("float32")
    return x, rng.normal(size=(8, 1)).astype("float32")


def _flow_of(layers):
    """Returns the flow through each layer, all for one loss of the last h."""
    import keras

    from mitseq.inside.gradients import gradient_flow
    from mitseq.inside.spectrum import decay_per_step

    x, y = _regression()
    flows = {}
    for name, layer in layers.items():
        inputs = keras.Input(x.shape[1:])
        model = keras.Model(inputs, keras.layers.Dense(1)(layer(inputs)))
        model.compile(loss="mse")
        flows[name] = flow = gradient_flow(model, x, y)
        print(
            f"{name}: dL/dh_1 is {flow.dL_dh[0] / flow.dL_dh[-1]:.1e} of "
            f"dL/dh_{STEPS}, a factor of {decay_per_step(flow.dL_dh):.3f} "
            "for each step back"
        )
        for matrix, (radius, largest) in flow.matrices.items():
            print(
                f"  {matrix}: spectral radius {radius:.3f}, largest singular "
                f"value {largest:.3f}"
            )
    return flows


def long_term(steps: int | None = None) -> Figure:
    """A SimpleRNN and a GRU learn to remember; then from nearer and farther.

    Both read the same sequences, in which the symbol may stand anywhere. What
    is near is learned by both; what is far only where the error reaches it.
    """
    from mitseq.by_hand.memory import remember_first
    from mitseq.plots.gradients import plot_forgetting

    accuracies = {}
    for cell in ("SimpleRNN", "GRU"):
        model = remembering(cell, UNITS, steps or TRAINED)
        accuracies[cell] = {}
        for distance in DISTANCES:
            x, y = remember_first(256, distance, 8, seed=1)
            told = model.predict(x, batch_size=256, verbose=0).argmax(axis=-1)
            accuracies[cell][distance] = float(np.mean(told == y))
        shares = ", ".join(f"{v:.0%}" for v in accuracies[cell].values())
        print(f"{cell}: {shares} right after {DISTANCES} steps of noise")
    return plot_forgetting(
        accuracies,
        chance=1 / 8,
        trained=FARTHEST,
        title="The SimpleRNN knows what was near, the GRU what was far, too",
    )


def gates(steps: int = 300) -> Figure:
    """An LSTM is trained to remember a symbol; then its gates."""
    from mitseq.by_hand.memory import remember_first
    from mitseq.inside.cell import gate_values
    from mitseq.plots.cells import plot_gates

    model = remembering("LSTM", 8, steps, distance=16, learning_rate=0.02)
    x, y = remember_first(256, 16, 8, seed=1)
    told = model.predict(x, batch_size=256, verbose=0).argmax(axis=-1)
    right = float(np.mean(told == y))
    print(f"symbols remembered through 16 steps of noise: {right:.0%}")
    ids, _ = remember_first(1, 16, 8, seed=2)
    noise, _ = remember_first(1, 8, 8, seed=3)
    ids = np.concatenate([noise[:, 1:], ids], axis=1)
    inside = gate_values(model, ids)
    at = int((ids[0] < 8).argmax())
    for name in ("i", "f"):
        print(
            f"mean of {name}: {inside[name][0, at].mean():.2f} at the symbol, "
            f"{inside[name][0, at + 1 :].mean():.2f} later"
        )
    return plot_gates(
        {name: inside[name][0] for name in ("i", "f", "c", "o", "h")},
        ["." if i >= 8 else f"[{i}]" for i in ids[0]],
        "An LSTM that remembers a symbol; '.' is noise",
    )


@functools.cache  # several figures look at one network
def remembering(
    cell: str,
    units: int,
    steps: int,
    distance: int | None = None,
    learning_rate: float = 3e-3,
):
    """Trains a network to name the symbol, of 8, that a sequence has.

    Args:
        cell: "SimpleRNN", "GRU" or "LSTM".
        units: Positive int, H.
        steps: Batches of 64 sequences to learn from; 0 for none.
        distance: At most so many steps of noise follow the symbol; None for
            `FARTHEST`.
        learning_rate: Of Adam.

    Returns:
        The `keras.Model`, ids `(B, T)` -> logits `(B, 8)`.
    """
    import keras

    from mitseq.by_hand.memory import remember_first
    from mitseq.layers import gru, lstm, rnn

    layers = {"SimpleRNN": rnn.SimpleRNN, "GRU": gru.GRU, "LSTM": lstm.LSTM}
    keras.utils.set_random_seed(0)
    ids = keras.Input((None,), dtype="int32")
    h_T = layers[cell](units)(keras.ops.one_hot(ids, 16))
    model = keras.Model(ids, keras.layers.Dense(8)(h_T))
    model.compile(
        keras.optimizers.Adam(learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    if steps:
        distance = distance or FARTHEST
        x, y = remember_first(64 * steps, distance, 8, anywhere=True)
        model.fit(x, y, batch_size=64, verbose=0)
    return model
