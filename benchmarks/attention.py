r"""Milliseconds of a training step of a Transformer's block, and its memory.

    python benchmarks/attention.py                  # all rows, five minutes
    python benchmarks/attention.py --rows 16-128 --no-memory
    pip install torch                               # for the PyTorch rows

A row is `batch-length`; with a question mark, as in `64-64?`, the graph does
not know the length, as where `fit` sees batches of several. The work: one
causal pre-norm block of width 256, 4 heads and a feed-forward network of 1024,
no biases in attention, float32, mean squared error against random targets,
Adam. All peers start from the same weights and see the same batches in the same
order; the loss, a mean over the last pass, shows that they did the same work.

    keras          the block with `keras.layers.MultiHeadAttention`, under `fit`
    keras XLA      the same with `compile(jit_compile=True)` (`--xla`)
    mitseq         `mitseq.TransformerBlock` under `fit`, as it comes
    mitseq XLA     the same with `compile(jit_compile=True)` (`--xla`)
    torch          the block with `scaled_dot_product_attention`, in the usual
                   loop

Memory (Linux only) is what the peak of a fresh process lies above what it had
when it had only imported, after two steps of the row `--memory-row`.
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

import mitseq.layers

ROWS = ["16-128", "8-512", "2-2048", "1-4096", "64-64?"]
COLUMNS = {
    "row": "batch-length",
    "peer": "peer",
    "ms": "ms/step|.1f",
    "spread": "+-%|.0f",
    "times_keras": "x Keras|.2f",
    "times_torch": "x PyTorch|.2f",
    "times_best": "x better|.2f",
    "loss": "loss|.5f",
    "memory": "memory MB|.0f",
}
D, N, F = 256, 4, 1024
EPSILON = 1e-6
ADAM_EPSILON = 1e-12  # so small that it does not matter where it is added


def parse_row(row: str) -> tuple[int, int, bool]:
    """ "16-128" -> (16, 128, True); "64-64?" -> (64, 64, False)."""
    batch, _, length = row.removesuffix("?").partition("-")
    if not (batch.isdigit() and length.isdigit()):
        raise SystemExit(f"{row!r} is no row: batch-length, as in 16-128")
    return int(batch), int(length), not row.endswith("?")


def draw_data(rows: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Random tokens, and random targets to lead them to."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, rows, length, D)).astype("float32")
    return x, y


def draw_weights(width: int = D) -> dict[str, np.ndarray]:
    """The matrices that every peer starts from, one for each symbol."""
    rng = np.random.default_rng(1)
    shapes = {name: (width, width) for name in ("W_q", "W_k", "W_v", "W_o")}
    shapes |= {"W_1": (width, F), "W_2": (F, width)}
    return {
        name: (shape[0] ** -0.5 * rng.normal(size=shape)).astype("float32")
        for name, shape in shapes.items()
    }


class KerasBlock(keras.layers.Layer):
    """The block as a user of Keras writes it."""

    def __init__(self):
        super().__init__()
        self.attention = keras.layers.MultiHeadAttention(
            N, D // N, use_bias=False
        )
        self.norms = [
            keras.layers.LayerNormalization(epsilon=EPSILON) for _ in range(2)
        ]
        self.feed_forward = [
            keras.layers.Dense(F, "relu"),
            keras.layers.Dense(D),
        ]

    def build(self, shape):
        self.attention.build(shape, shape)
        for norm in self.norms:
            norm.build(shape)
        self.feed_forward[0].build(shape)
        self.feed_forward[1].build((*shape[:-1], F))
        w = draw_weights()
        heads = [w[name].reshape(D, N, D // N) for name in ("W_q", "W_k")]
        heads += [w["W_v"].reshape(D, N, D // N)]
        order = {v.path.split("/")[-2]: v for v in self.attention.weights}
        for name, value in zip(("query", "key", "value"), heads, strict=True):
            order[name].assign(value)
        order["attention_output"].assign(w["W_o"].reshape(N, D // N, D))
        self.feed_forward[0].kernel.assign(w["W_1"])
        self.feed_forward[1].kernel.assign(w["W_2"])

    def call(self, x):
        h = self.norms[0](x)
        x = x + self.attention(h, h, use_causal_mask=True)
        h = self.norms[1](x)
        for dense in self.feed_forward:
            h = dense(h)
        return x + h


def mitseq_block() -> keras.layers.Layer:
    """This project's block with the start weights."""
    block = mitseq.layers.TransformerBlock(N, F, causal=True)
    block.build((None, None, D))
    w = draw_weights()
    for name in ("W_q", "W_k", "W_v", "W_o"):
        getattr(block.attention, name).assign(w[name])
    block.expand.kernel.assign(w["W_1"])
    block.contract.kernel.assign(w["W_2"])
    return block


class StepClock(keras.callbacks.Callback):
    """How long each step of `fit` takes, its data included.

    The end of an epoch is left out: the threads that read ahead may take
    longer to stop than a few steps of a benchmark.
    """

    def __init__(self):
        super().__init__()
        self.seconds = []

    def on_train_batch_begin(self, batch, logs=None):
        self._start = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        self.seconds.append(time.perf_counter() - self._start)


def batches(x: np.ndarray, y: np.ndarray, batch: int) -> tf.data.Dataset:
    """Batches in their order, of which a graph knows only the width."""

    def each():
        for start in range(0, len(x), batch):
            yield x[start : start + batch], y[start : start + batch]

    of_any_length = tf.TensorSpec((None, None, x.shape[-1]))
    data = tf.data.Dataset.from_generator(
        each, output_signature=(of_any_length, of_any_length)
    )
    return data.apply(tf.data.experimental.assert_cardinality(len(x) // batch))


def fit_peer(
    block: keras.layers.Layer,
    batch: int,
    jit_compile: bool | str = "auto",
    is_known: bool = True,
) -> Callable:
    """A function of the data that trains one pass: seconds a step, the loss."""
    x = keras.Input((None, D))
    model = keras.Model(x, block(x))
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3, epsilon=ADAM_EPSILON),
        loss="mse",
        jit_compile=jit_compile,
    )

    def run(x, y):
        clock = StepClock()
        how = {"verbose": 0, "callbacks": [clock], "shuffle": False}
        if is_known:
            history = model.fit(x, y, batch_size=batch, **how)
        else:
            history = model.fit(batches(x, y, batch), **how)
        return clock.seconds, history.history["loss"][-1]

    return run


def torch_peer(batch: int) -> Callable:
    """The same in PyTorch."""
    import torch

    torch.set_num_threads(os.cpu_count() or 1)
    functional = torch.nn.functional
    w = {
        name: torch.nn.Parameter(torch.from_numpy(value.T.copy()))
        for name, value in draw_weights().items()
    }
    b_1, b_2 = (torch.nn.Parameter(torch.zeros(n)) for n in (F, D))
    norms = [torch.nn.LayerNorm(D, eps=EPSILON) for _ in range(2)]
    parameters = [*w.values(), b_1, b_2]
    parameters += [p for norm in norms for p in norm.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=1e-3, eps=ADAM_EPSILON)

    def block(x):
        B, T, _ = x.shape
        h = norms[0](x)
        query, key, value = (
            functional.linear(h, w[name]).view(B, T, N, D // N).transpose(1, 2)
            for name in ("W_q", "W_k", "W_v")
        )
        y = functional.scaled_dot_product_attention(
            query, key, value, is_causal=True
        )
        y = y.transpose(1, 2).reshape(B, T, D)
        x = x + functional.linear(y, w["W_o"])
        h = functional.relu(functional.linear(norms[1](x), w["W_1"], b_1))
        return x + functional.linear(h, w["W_2"], b_2)

    def run(x, y):
        losses, seconds = [], []
        for start in range(0, len(x), batch):
            began = time.perf_counter()
            rows = slice(start, start + batch)
            loss = functional.mse_loss(
                block(torch.from_numpy(x[rows])), torch.from_numpy(y[rows])
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            seconds.append(time.perf_counter() - began)
        return seconds, sum(losses) / len(losses)

    return run


def build_peer(peer: str, batch: int, is_known: bool) -> Callable:
    """A function of the data that trains one pass: seconds a step, the loss."""
    if peer == "torch":
        return torch_peer(batch)
    block = KerasBlock() if peer.startswith("keras") else mitseq_block()
    return fit_peer(block, batch, peer.endswith("XLA") or "auto", is_known)


def print_own_peak(peer: str, row: str) -> None:
    """Prints the MB that training adds to a process that only imported."""
    if peer == "torch":
        import torch  # noqa: F401
    batch, length, is_known = parse_row(row)
    data = draw_data(2 * batch, length)
    print_peak(lambda: build_peer(peer, batch, is_known)(*data))


def measure(row: str, args: argparse.Namespace) -> list[dict[str, object]]:
    """Lets the peers of one row take turns; returns one line for each."""
    batch, length, is_known = parse_row(row)
    names = ["keras", "mitseq"]
    names += ["keras XLA", "mitseq XLA"] if args.xla else []
    names += ["torch"] if importlib.util.find_spec("torch") else []
    peers = {name: build_peer(name, batch, is_known) for name in names}
    data = draw_data(batch * args.steps, length)
    seconds = {name: [] for name in names}
    losses = {name: run(*data)[1] for name, run in peers.items()}  # traces
    for _ in range(args.rounds):
        for name, run in peers.items():
            of_steps, losses[name] = run(*data)
            seconds[name] += of_steps
    median = {name: statistics.median(s) for name, s in seconds.items()}
    others = [m for name, m in median.items() if "mitseq" not in name]
    torch_median = median.get("torch")
    return [
        {
            "row": row,
            "peer": name,
            "ms": 1e3 * median[name],
            "spread": 50
            * float(np.subtract(*np.quantile(s, [0.9, 0.1])))
            / median[name],
            "times_keras": median["keras"] / median[name],
            "times_torch": torch_median and torch_median / median[name],
            "times_best": min(others) / median[name],
            "loss": losses[name],
            "memory": peak_of(__file__, "--memory-row", row, "--peak-of", name)
            if args.memory and row == args.memory_row
            else None,
        }
        for name, s in seconds.items()
    ]


def main(argv: list[str] | None = None) -> list[dict[str, object]]:
    """Prints the table; returns its rows."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rows", nargs="+", default=ROWS)
    parser.add_argument("--steps", type=int, default=5, help="of a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--xla", action="store_true")
    parser.add_argument("--memory-row", default="1-4096")
    parser.add_argument(
        "--memory", action=argparse.BooleanOptionalAction, default=True
    )
    parser.add_argument("--peak-of", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    if args.peak_of:
        print_own_peak(args.peak_of, args.memory_row)
        return []
    rows = [line for row in args.rows for line in measure(row, args)]
    passes = (args.rounds + 1) * args.steps
    print_results(
        "Training a causal pre-norm block, width 256, 4 heads",
        COLUMNS,
        rows,
        [
            f"Median of {args.rounds} rounds of {args.steps} steps, the peers "
            "taking turns; +- is half of what 80 % of them span.",
            f"loss: mean of the last {args.steps} of {passes} equal steps from "
            "equal weights.",
            "memory: peak of a fresh process that trains two steps, less what "
            "it had after its imports.",
            f"TensorFlow {tf.__version__}, Keras {keras.__version__}, "
            f"{os.cpu_count()} cores.",
        ],
        args.json,
    )
    return rows


if __name__ == "__main__":
    main()
