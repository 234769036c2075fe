"""Examples for the slides on gradients through time and on gates.

Each function runs in seconds, prints what it finds and returns the figure of
its slide. `mitseq slides show` runs them.
"""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STEPS = 60
UNITS = 32


def backpropagation() -> "Figure":
    """One unit, five steps: every derivative, and the way back cut."""
    from mitseq.plots.gradients import plot_scalar_bptt
    from mitseq.slides.backpropagation import scalar_bptt

    x = [0.5, -0.3, 0.8, 0.1, -0.6]
    targets = [0.8 * sum(x[: t + 1]) for t in range(len(x))]
    passes = scalar_bptt(x, targets, w=0.9, u=0.5, v=1.0)
    print(passes.table())
    cuts = {
        k: scalar_bptt(x, targets, 0.9, 0.5, 1.0, steps_back=k).dw
        for k in range(1, len(x) + 1)
    }
    return plot_scalar_bptt(passes, w=0.9, cuts=cuts)


def linear_flow() -> "Figure":
    """Without a tanh, W_hh alone decides: three spectral radii."""
    import keras

    from mitseq.layers.rnn import SimpleRNN

    scale = keras.initializers.Orthogonal
    return _flow_of(
        {
            f"linear, W_hh = {gain} x orthogonal": SimpleRNN(
                UNITS, "linear", recurrent_initializer=scale(gain, seed=0)
            )
            for gain in (0.8, 1.0, 1.25)
        },
        "Standard RNN gradient flow: one factor for each step",
    )


def exploding() -> "Figure":
    """Large recurrent weights and a ReLU: the gradient grows at each step."""
    import keras

    from mitseq.layers.rnn import SimpleRNN

    normal = keras.initializers.RandomNormal
    return _flow_of(
        {
            f"ReLU, W_hh random, {size:.1f} / sqrt(H)": SimpleRNN(
                UNITS,
                "relu",
                recurrent_initializer=normal(
                    stddev=size / np.sqrt(UNITS), seed=3
                ),
            )
            for size in (1.0, 1.5, 2.0)
        },
        "Exploding gradients: many values above 1",
    )


def vanishing() -> "Figure":
    """The lecture's three cures, before any training."""
    from mitseq.layers.gru import GRU
    from mitseq.layers.lstm import LSTM
    from mitseq.layers.rnn import SimpleRNN

    return _flow_of(
        {
            "SimpleRNN": SimpleRNN(UNITS),
            "ReLU": SimpleRNN(UNITS, "relu"),
            "identity": SimpleRNN(UNITS, recurrent_initializer="identity"),
            "ReLU + identity": SimpleRNN(
                UNITS, "relu", recurrent_initializer="identity"
            ),
            "GRU": GRU(UNITS),
            "LSTM": LSTM(UNITS),
        },
        "Vanishing gradients and their cures, before training",
    )


def _flow_of(layers, title):
    import keras

    from mitseq.plots.gradients import plot_gradient_flow
    from mitseq.training.gradients import gradient_flow
    from mitseq.training.spectrum import decay_per_step

    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(8, STEPS, 4)).astype("float32")
    y = rng.normal(size=(8, 1)).astype("float32")
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
    return plot_gradient_flow(flows, title)
