r"""Training steps per second of the recurrent layers: Keras, PyTorch, mitseq.

    python benchmarks/recurrence.py                 # all, a quarter of an hour
    python benchmarks/recurrence.py --rows lstm-32-512 gru-32-512 --rounds 3
    python benchmarks/recurrence.py --rows lstm-64-256 --no-memory --no-growth
    python benchmarks/recurrence.py --rows --figure growth.png  # growth alone
    pip install torch; pip uninstall triton         # for the PyTorch rows

A row is `layer-batch-units`. The model reads characters: an embedding of 256,
one recurrent layer, a dense layer over the vocabulary; Adam, float32. All peers
start from the same weights and see the same batches in the same order; the
loss, a mean over the last pass, shows that they did the same work. (Keras's GRU
and PyTorch's layers have a second bias for each gate; PyTorch's is held at
zero here, and that of Keras's GRU makes its loss differ a little. PyTorch's
Adam gets Keras's epsilon, Keras's embedding a dense gradient.)

    keras          `keras.layers.X` under `fit`
    mitseq         `mitseq.X` under `fit`, as it comes
    mitseq XLA     the same with `compile(jit_compile=True)`
    mitseq bf16    as it comes under the policy `mixed_bfloat16`
    torch          `torch.nn.X` in the usual loop; the triton that comes with
                   it ends a process that has loaded TensorFlow

The floors are what no program on this machine goes below: the floating-point
operations of the matrix products over the rate of a large product, and the
bytes of the recurrent weights, read twice a time step, over the bandwidth of a
copy (a cache that holds the weights does better than this one). `share` is
the larger floor over the measured time. Peak memory is that of a fresh process,
less what it had before the first step. A step is timed from the end of the
step before it, inside `fit`.
"""

import argparse
import importlib.util
import os
import statistics
import time
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from memory import peak_of, print_peak
from tables import print_results

import mitseq

ROWS = [
    "lstm-8-1024",
    "lstm-32-512",
    "lstm-64-256",
    "lstm-64-1024",
    "gru-32-512",
    "rnn-32-512",
]
LAYERS = {"lstm": "LSTM", "gru": "GRU", "rnn": "SimpleRNN"}
GATES = {"lstm": "fico", "gru": "zrh", "rnn": "h"}
KERAS_ORDER = {"lstm": "ifco", "gru": "zrh", "rnn": "h"}
TORCH_ORDER = {"lstm": "ifco", "gru": "rzh", "rnn": "h"}
COLUMNS = {
    "row": "layer-batch-units",
    "peer": "peer",
    "rate": "steps/s|.2f",
    "spread": "+-%|.0f",
    "times_keras": "x Keras|.2f",
    "times_torch": "x PyTorch|.2f",
    "times_float32": "x float32|.2f",
    "loss": "loss|.4f",
    "compute": "floor FLOP, ms|.0f",
    "memory": "floor bytes, ms|.0f",
    "share": "share of floor %|.0f",
    "peak": "peak MB|.0f",
}
V, EMBEDDING = 96, 256
BFLOAT16_ROWS = ["lstm-32-512", "lstm-64-1024"]
GROWTH_LENGTHS = [50, 100, 200, 400, 800, 1600]
GROWTH_BATCHES = [8, 16, 32, 64, 128]
GROWTH_LENGTH, GROWTH_BATCH = 100, 16
GROWTH_COLUMNS = {
    "batch": "batch|d",
    "length": "length|d",
    "ms": "step, ms|.1f",
    "each": "ns for each character|.0f",
}


def parse_row(row: str) -> tuple[str, int, int]:
    """ "lstm-32-512" -> ("lstm", 32, 512)."""
    kind, batch, units = row.split("-")
    if kind not in LAYERS:
        raise SystemExit(f"layer {kind!r} is none of {', '.join(LAYERS)}")
    return kind, int(batch), int(units)


def draw_data(batch: int, num_steps: int, steps: int) -> np.ndarray:
    """Ids with something to learn: each mostly follows from the last."""
    rng = np.random.default_rng(0)
    ids = np.cumsum(rng.integers(1, 4, (batch * steps, num_steps + 1)), axis=1)
    return (ids % V).astype("int32")


def draw_weights(kind: str, units: int) -> dict[str, np.ndarray]:
    """The weights that every peer starts from, one for each symbol."""
    rng = np.random.default_rng(1)

    def normal(*shape):
        scale = shape[0] ** -0.5
        return (scale * rng.normal(size=shape)).astype("float32")

    weights = {"E": normal(V, EMBEDDING)}
    for gate in GATES[kind]:
        weights[f"W_x{gate}"] = normal(EMBEDDING, units)
        weights[f"W_h{gate}"] = normal(units, units)
        weights[f"b_{gate}"] = np.zeros(units, "float32")
    if kind == "gru":
        weights["b_hh"] = np.zeros(units, "float32")
    return {**weights, "W": normal(units, V), "b": np.zeros(V, "float32")}


def joined(weights: dict, names: str, gates: str) -> np.ndarray:
    """The gates' weights of one kind, side by side in the peer's order."""
    return np.concatenate([weights[names + gate] for gate in gates], axis=-1)


class Embedding(keras.layers.Embedding):
    """An embedding whose gradient is dense, as PyTorch's is.

    Keras's Adam squares the rows of a sparse gradient before it adds those of
    one id up, so that an id which is often in a batch moves faster.
    """

    def call(self, inputs):
        dense = keras.ops.cast(1.0 * self.embeddings, self.compute_dtype)
        return keras.ops.take(dense, inputs, axis=0)


def build_keras(kind, units, *, ours, jit_compile="auto", dtype="float32"):
    """A compiled model with the start weights; `ours`: of this project."""
    weights = draw_weights(kind, units)
    layer_class = getattr(mitseq if ours else keras.layers, LAYERS[kind])
    ids = keras.Input((None,), dtype="int32")
    embed = Embedding(V, EMBEDDING, dtype=dtype)
    layer = layer_class(units, return_sequences=True, dtype=dtype)
    dense = keras.layers.Dense(V, dtype=dtype)
    logits = keras.layers.Activation("linear", dtype="float32")(
        dense(layer(embed(ids)))
    )
    model = keras.Model(ids, logits)
    embed.set_weights([weights["E"]])
    dense.set_weights([weights["W"], weights["b"]])
    if ours:
        layer.set_weights([weights[w.name] for w in layer.weights])
    else:
        order = KERAS_ORDER[kind]
        bias = joined(weights, "b_", order)
        if kind == "gru":
            bias = np.stack([bias, np.zeros_like(bias)])
        layer.set_weights(
            [joined(weights, "W_x", order), joined(weights, "W_h", order), bias]
        )
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=jit_compile,
    )
    return model


class Clock(keras.callbacks.Callback):
    """The time at the end of each step of `fit`."""

    def on_train_begin(self, logs=None):
        self.times = []

    def on_train_batch_end(self, batch, logs=None):
        float(logs["loss"])  # waits for the step
        self.times.append(time.perf_counter())


def fit_peer(batch: int, model: keras.Model) -> Callable:
    def run(ids):
        clock = Clock()
        history = model.fit(
            ids[:, :-1],
            ids[:, 1:],
            batch_size=batch,
            shuffle=False,
            verbose=0,
            callbacks=[clock],
        )
        return history.history["loss"][-1], np.diff(clock.times)

    return run


def torch_peer(kind: str, batch: int, units: int) -> Callable:
    import torch

    torch.set_num_threads(os.cpu_count() or 1)
    weights, order = draw_weights(kind, units), TORCH_ORDER[kind]
    embed = torch.nn.Embedding(V, EMBEDDING)
    name = {"rnn": "RNN"}.get(kind, LAYERS[kind])
    layer = getattr(torch.nn, name)(EMBEDDING, units, batch_first=True)
    dense = torch.nn.Linear(units, V)
    with torch.no_grad():
        for parameter, value in (
            (embed.weight, weights["E"]),
            (layer.weight_ih_l0, joined(weights, "W_x", order).T),
            (layer.weight_hh_l0, joined(weights, "W_h", order).T),
            (layer.bias_ih_l0, joined(weights, "b_", order)),
            (dense.weight, weights["W"].T),
            (dense.bias, weights["b"]),
        ):
            parameter.copy_(torch.from_numpy(np.ascontiguousarray(value)))
        layer.bias_hh_l0.zero_()
    # the second bias learns inside the GRU's reset only
    learns = torch.zeros_like(layer.bias_hh_l0)
    if kind == "gru":
        learns[2 * units :] = 1
    layer.bias_hh_l0.register_hook(lambda gradient: gradient * learns)
    modules = torch.nn.ModuleList([embed, layer, dense])
    optimizer = torch.optim.Adam(modules.parameters(), lr=1e-3)
    step = 0

    def run(ids):
        nonlocal step
        losses, times = [], []
        for start in range(0, len(ids), batch):
            rows = torch.from_numpy(ids[start : start + batch]).long()
            logits = dense(layer(embed(rows[:, :-1]))[0])
            loss = torch.nn.functional.cross_entropy(
                logits.reshape(-1, V), rows[:, 1:].reshape(-1)
            )
            optimizer.zero_grad()
            loss.backward()
            # Keras adds epsilon to the root of the second moment before the
            # moment is corrected, PyTorch after it
            step += 1
            optimizer.param_groups[0]["eps"] = 1e-7 / (1 - 0.999**step) ** 0.5
            optimizer.step()
            losses.append(loss.item())
            times.append(time.perf_counter())
        return sum(losses) / len(losses), np.diff(times)

    return run


def build_peer(peer: str, kind: str, batch: int, units: int) -> Callable:
    """A function of the ids that trains one pass: the loss, seconds of steps.

    The first step has no time: it waits for the data.
    """
    if peer == "torch":
        return torch_peer(kind, batch, units)
    arguments = {
        "keras": {"ours": False},
        "mitseq": {"ours": True},
        "mitseq XLA": {"ours": True, "jit_compile": True},
        "mitseq bf16": {"ours": True, "dtype": "mixed_bfloat16"},
    }[peer]
    return fit_peer(batch, build_keras(kind, units, **arguments))


def machine_rates(size: int = 2048) -> tuple[float, float]:
    """FLOP/s of a large matrix product, bytes/s of a copy."""
    a = tf.random.normal([size, size])
    source = np.ones(size * size * 8, "float32")
    target = np.empty_like(source)
    products, copies = [], []
    for _ in range(6):
        start = time.perf_counter()
        tf.matmul(a, a).numpy()
        products.append(time.perf_counter() - start)
        start = time.perf_counter()
        np.copyto(target, source)
        copies.append(time.perf_counter() - start)
    # the first of each warms up; a copy reads and writes
    return (
        2 * size**3 / min(products[1:]),
        2 * source.nbytes / min(copies[1:]),
    )


def floors(kind, batch, units, num_steps, rates) -> tuple[float, float]:
    """Milliseconds of a training step that products and weights cost."""
    width = len(GATES[kind]) * units
    # backward is two products for each of forward
    flop = 6 * batch * num_steps * (EMBEDDING * width + units * (width + V))
    read = 2 * num_steps * units * width * 4
    return 1e3 * flop / rates[0], 1e3 * read / rates[1]


def print_own_peak(row: str, peer: str, num_steps: int) -> None:
    """Prints the MB that training adds to a process that only imported."""
    if peer == "torch":
        import torch  # noqa: F401
    kind, batch, units = parse_row(row)
    data = draw_data(batch, num_steps, 3)
    print_peak(lambda: build_peer(peer, kind, batch, units)(data))


def measure(row, args, rates) -> list[dict[str, object]]:
    """Lets the peers of one row take turns; returns one line for each."""
    kind, batch, units = parse_row(row)
    names = ["keras", "mitseq", "mitseq XLA"]
    if row in args.bfloat16:
        names.append("mitseq bf16")
    names += ["torch"] if importlib.util.find_spec("torch") else []
    peers = {name: build_peer(name, kind, batch, units) for name in names}
    ids = draw_data(batch, args.length, args.steps)
    seconds = {name: [] for name in names}  # of a step, one for each round
    losses = {name: run(ids)[0] for name, run in peers.items()}  # compiles
    for _ in range(args.rounds):
        for name, run in peers.items():
            losses[name], steps = run(ids)
            seconds[name].append(statistics.median(steps))
    rate = {n: 1 / statistics.median(s) for n, s in seconds.items()}
    compute, memory = floors(kind, batch, units, args.length, rates)
    return [
        {
            "row": row,
            "peer": name,
            "rate": rate[name],
            "spread": 50
            * (max(seconds[name]) - min(seconds[name]))
            / statistics.median(seconds[name]),
            "times_keras": rate[name] / rate["keras"],
            "times_torch": rate[name] / rate["torch"]
            if "torch" in rate
            else None,
            "times_float32": rate[name] / rate["mitseq"]
            if name == "mitseq bf16"
            else None,
            "loss": losses[name],
            "compute": compute,
            "memory": memory,
            "share": rate[name] * max(compute, memory) / 10,
            "peak": peak_of(
                __file__,
                *("--rows", row, "--peak-of", name),
                *("--length", str(args.length)),
            )
            if args.memory and name in ("keras", "mitseq")
            else None,
        }
        for name in names
    ]


def measure_growth(lengths, batches, units=256, steps=4):
    """Seconds of a training step of `LSTM`: one line for each size."""
    sizes = [(GROWTH_BATCH, length) for length in lengths]
    sizes += [(batch, GROWTH_LENGTH) for batch in batches]
    lines = []
    for batch, length in dict.fromkeys(sizes):
        run = build_peer("mitseq", "lstm", batch, units)
        ids = draw_data(batch, length, steps)
        run(ids)
        times = np.concatenate([run(ids)[1] for _ in range(2)])
        seconds = statistics.median(times)
        lines.append(
            {
                "batch": batch,
                "length": length,
                "ms": 1e3 * seconds,
                "each": 1e9 * seconds / (batch * length),
            }
        )
    return lines


def plot_growth(lines):
    """The figure of time against length and against batch."""
    from mitseq.plots import style

    figure, axes = style.new_figure(
        1, 2, size=(9, 3.6), title="One training step of an LSTM"
    )
    panels = (
        ("length", "characters in a sequence", "batch", GROWTH_BATCH),
        ("batch", "sequences in a batch", "length", GROWTH_LENGTH),
    )
    for ax, (key, label, other, fixed) in zip(axes, panels, strict=True):
        part = sorted(
            (line[key], line["ms"]) for line in lines if line[other] == fixed
        )
        sizes, times = zip(*part, strict=True)
        slope = np.dot(sizes, times) / np.dot(sizes, sizes)
        ends = np.array([0, max(sizes)])
        ax.plot(
            ends, slope * ends, "--", color=style.GRAY, label="proportional"
        )
        ax.plot(sizes, times, "o", color=style.BLUE, label="measured")
        ax.set(xlabel=label, ylabel="time (ms)", title=f"{other} {fixed}")
        ax.legend()
    return figure


def main(argv: list[str] | None = None) -> list[dict[str, object]]:
    """Prints the tables; returns the rows of the first."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rows", nargs="*", default=ROWS)
    parser.add_argument("--length", type=int, default=100)
    parser.add_argument("--steps", type=int, default=7, help="of a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--bfloat16",
        nargs="*",
        default=BFLOAT16_ROWS,
        help="rows with mixed_bfloat16 beside float32",
    )
    parser.add_argument("--no-memory", dest="memory", action="store_false")
    parser.add_argument("--no-growth", dest="growth", action="store_false")
    parser.add_argument("--figure", help="file for the plot of the growth")
    parser.add_argument("--peak-of", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    if args.peak_of:
        print_own_peak(args.rows[0], args.peak_of, args.length)
        return []
    rates = machine_rates()
    rows = [line for row in args.rows for line in measure(row, args, rates)]
    if rows:
        passes = (args.rounds + 1) * args.steps
        print_results(
            f"Training, sequences of {args.length} characters",
            COLUMNS,
            rows,
            [
                f"Median of {args.rounds} rounds of {args.steps} steps, the "
                "peers taking turns; +- is half of the range. A round's first "
                "step, which waits for the data, is not counted.",
                f"loss: mean of the last {args.steps} of {passes} equal steps "
                "from equal weights.",
                f"A large product: {rates[0] / 1e9:.0f} GFLOP/s; a copy: "
                f"{rates[1] / 1e9:.1f} GB/s; {os.cpu_count()} cores.",
                f"TensorFlow {tf.__version__}, Keras {keras.__version__}.",
            ],
            args.json,
        )
    if args.growth:
        lines = measure_growth(GROWTH_LENGTHS, GROWTH_BATCHES)
        title = "How the time of a training step grows, LSTM of 256 units"
        print_results(title, GROWTH_COLUMNS, lines, as_json=args.json)
        if args.figure:
            from mitseq.plots.style import save_figure

            save_figure(plot_growth(lines), args.figure)
    return rows


if __name__ == "__main__":
    main()
