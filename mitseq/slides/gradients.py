"""Examples for the slides on gradients through time and on gates."""

import numpy as np

from mitseq.plots.style import Figure

STEPS = 60
UNITS = 32


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

    layers = {}
    for gain in (0.8, 1.0, 1.25):
        start = keras.initializers.Orthogonal(gain, seed=0)
        layers[f"linear, W_hh = {gain} x orthogonal"] = SimpleRNN(
            UNITS, "linear", recurrent_initializer=start
        )
    title = "Standard RNN gradient flow: one factor for each step"
    return _flow_of(layers, title)


def exploding() -> Figure:
    """Large recurrent weights and a ReLU: the gradient grows at each step."""
    import keras

    from mitseq.layers.rnn import SimpleRNN

    layers = {}
    for size in (1.0, 1.5, 2.0):
        stddev = size / np.sqrt(UNITS)
        start = keras.initializers.RandomNormal(stddev=stddev, seed=3)
        layers[f"ReLU, W_hh random, {size:.1f} / sqrt(H)"] = SimpleRNN(
            UNITS, "relu", recurrent_initializer=start
        )
    return _flow_of(layers, "Exploding gradients: many values above 1")


def vanishing() -> Figure:
    """The lecture's three cures, before any training."""
    from mitseq.layers.gru import GRU
    from mitseq.layers.lstm import LSTM
    from mitseq.layers.rnn import SimpleRNN

    identity = {"recurrent_initializer": "identity"}
    layers = {
        "SimpleRNN": SimpleRNN(UNITS),
        "ReLU": SimpleRNN(UNITS, "relu"),
        "identity": SimpleRNN(UNITS, **identity),
        "ReLU + identity": SimpleRNN(UNITS, "relu", **identity),
        "GRU": GRU(UNITS),
        "LSTM": LSTM(UNITS),
    }
    title = "Vanishing gradients and their cures, before training"
    return _flow_of(layers, title)


def _flow_of(layers, title):
    import keras

    from mitseq.inside.gradients import gradient_flow
    from mitseq.inside.spectrum import decay_per_step
    from mitseq.plots.gradients import plot_gradient_flow

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


def long_term(steps: int = 600, distances: tuple[int, ...] = (8, 32)) -> Figure:
    """A SimpleRNN and a GRU learn to remember, from near and from far."""
    from mitseq.layers.gru import GRU
    from mitseq.layers.rnn import SimpleRNN
    from mitseq.plots.gradients import plot_learned_distances

    accuracies = {}
    for name, layer_class in (("SimpleRNN", SimpleRNN), ("GRU", GRU)):
        accuracies[name] = {}
        for distance in distances:
            _, right = _remembering(layer_class(UNITS), distance, steps)
            accuracies[name][distance] = right
            print(f"{name}, {distance} steps of noise: {right:.0%} right")
    learned = {
        name: max((d for d, right in row.items() if right >= 0.9), default=0)
        for name, row in accuracies.items()
    }
    return plot_learned_distances(accuracies, learned, chance=1 / 8, enough=0.9)


def gates(steps: int = 300) -> Figure:
    """An LSTM is trained to remember a symbol; then its gates."""
    from mitseq.by_hand.memory import remember_first
    from mitseq.inside.cell import gate_values
    from mitseq.layers.lstm import LSTM
    from mitseq.plots.cells import plot_gates

    model, right = _remembering(LSTM(8), 16, steps, learning_rate=0.02)
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


def _remembering(layer, distance, steps, learning_rate=3e-3):
    """Trains a layer to name the first of 8 symbols, and tells how well."""
    import keras

    from mitseq.by_hand.memory import remember_first

    keras.utils.set_random_seed(0)
    ids = keras.Input((None,), dtype="int32")
    h_T = layer(keras.ops.one_hot(ids, 16))
    model = keras.Model(ids, keras.layers.Dense(8)(h_T))
    model.compile(
        keras.optimizers.Adam(learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    x, y = remember_first(64 * steps, distance, 8, anywhere=True)
    model.fit(x, y, batch_size=64, verbose=0)
    x, y = remember_first(256, distance, 8, seed=1)
    logits = model.predict(x, batch_size=256, verbose=0)
    return model, float(np.mean(logits.argmax(axis=-1) == y))
