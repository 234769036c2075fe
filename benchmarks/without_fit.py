r"""Recurrent layers in loops of one's own, without `fit`, beside Keras's.

    python benchmarks/without_fit.py                # three minutes
    python benchmarks/without_fit.py --batch 64 --units 256 --rounds 9

A model reads characters: an embedding, an LSTM, a dense layer over the
vocabulary. Both peers start from the same weights and take turns.

    one step, eager    a stateful model of `--step-units`, called with one
                       character at a time: characters per second
    eager loop         a `GradientTape` around the model, and Adam: steps per
                       second, `--batch` sequences of `--length` characters
    tf.function        the same loop, compiled by `tf.function`
    untold             as before, but the model is not told `training=True`

A rate is the median of the rounds, a ratio the median of the rounds' ratios.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import keras
import tensorflow as tf
from recurrence import EMBEDDING, V, build_keras, draw_data
from tables import print_results

import mitseq

COLUMNS = {
    "work": "work",
    "unit": "per second",
    "keras": "Keras|.2f",
    "mitseq": "mitseq|.2f",
    "ratio": "x Keras|.2f",
    "lowest": "lowest|.2f",
    "highest": "highest|.2f",
}
PEERS = ("keras", "mitseq")


def step_model(units: int, *, ours: bool) -> keras.Model:
    """A stateful model for one character at a time."""
    layer_class = (mitseq if ours else keras.layers).LSTM
    ids = keras.Input(batch_shape=(1, None), dtype="int32")
    x = keras.layers.Embedding(V, EMBEDDING)(ids)
    x = layer_class(units, return_sequences=True, stateful=True)(x)
    return keras.Model(ids, keras.layers.Dense(V)(x))


def one_step(model: keras.Model, steps: int) -> Callable[[], float]:
    """Returns what writes `steps` characters, eagerly, and tells its rate."""

    def run():
        last = tf.constant([[3]])
        start = time.perf_counter()
        for _ in range(steps):
            last = tf.random.categorical(model(last)[:, -1], 1)
        last.numpy()
        return steps / (time.perf_counter() - start)

    return run


def own_loop(
    model: keras.Model,
    batches: list[tf.Tensor],
    *,
    compiled: bool,
    told: bool = True,
) -> Callable[[], float]:
    """Returns what trains on the batches, and tells its steps per second."""
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = keras.optimizers.Adam(1e-3)
    optimizer.build(model.trainable_variables)

    def step(ids):
        with tf.GradientTape() as tape:
            logits = model(ids[:, :-1], training=True if told else None)
            loss = loss_of(ids[:, 1:], logits)
        weights = model.trainable_variables
        optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    step = tf.function(step) if compiled else step

    def run():
        start = time.perf_counter()
        for ids in batches:
            loss = step(ids)
        loss.numpy()
        return len(batches) / (time.perf_counter() - start)

    return run


def measure(
    work: str, unit: str, runs: dict[str, Callable], rounds: int
) -> dict:
    """The peers in turn, after one round that is not counted (it traces)."""
    for run in runs.values():
        run()
    rates = {peer: [] for peer in PEERS}
    for _ in range(rounds):
        for peer in PEERS:
            rates[peer].append(runs[peer]())
    ratios = [
        ours / theirs
        for ours, theirs in zip(rates["mitseq"], rates["keras"], strict=True)
    ]
    return {
        "work": work,
        "unit": unit,
        **{peer: statistics.median(rates[peer]) for peer in PEERS},
        "ratio": statistics.median(ratios),
        "lowest": min(ratios),
        "highest": max(ratios),
    }


def main(argv: list[str] | None = None) -> list[dict]:
    """Runs the command line; returns the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--length", type=int, default=100)
    parser.add_argument("--units", type=int, default=512)
    parser.add_argument("--step-units", type=int, default=1024)
    parser.add_argument("--characters", type=int, default=200)
    parser.add_argument("--steps", type=int, default=5, help="of a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)

    ids = draw_data(args.batch, args.length, args.steps)
    batches = [
        tf.constant(ids[start : start + args.batch])
        for start in range(0, len(ids), args.batch)
    ]
    models = {
        peer: step_model(args.step_units, ours=peer == "mitseq")
        for peer in PEERS
    }
    by_step = {
        peer: one_step(model, args.characters) for peer, model in models.items()
    }
    rows = [measure("one step, eager", "characters", by_step, args.rounds)]
    ways = {
        "eager loop": {"compiled": False},
        "tf.function": {"compiled": True},
        "tf.function, untold": {"compiled": True, "told": False},
    }
    for name, way in ways.items():
        loops = {
            peer: own_loop(
                build_keras("lstm", args.units, ours=peer == "mitseq"),
                batches,
                **way,
            )
            for peer in PEERS
        }
        rows.append(measure(name, "steps", loops, args.rounds))
    print_results(
        "Recurrent layers in loops of one's own",
        COLUMNS,
        rows,
        notes=[
            f"one step: LSTM of {args.step_units}, batch 1",
            f"loops: LSTM of {args.units}, batch {args.batch}, "
            f"{args.length} characters, Adam, float32",
            f"{args.rounds} rounds; lowest and highest: the rounds' ratios",
        ],
        as_json=args.json,
    )
    return rows


if __name__ == "__main__":
    main()
