r"""What many small trainings in one process leave behind; Linux only.

    python benchmarks/many_models.py                # five minutes
    python benchmarks/many_models.py --models 9 --peers keras lstm

A notebook, a search for settings or a cross-validation builds one model after
the other. Each peer does so in a process of its own: an embedding, the layer,
a dense layer, one epoch of `fit`, `predict`; then the model is dropped.

    keras        `keras.layers.LSTM` of 16 units
    lstm         `mitseq.LSTM` of 16 units
    xla          `mitseq.LSTM` of 128 units, whose loops XLA compiles
    attention    `mitseq.MultiHeadAttention` in chunks

`kept` is the memory at the end less that after the third model, for each model
in between; `slower` the median time of the last third over that of the first
(without the very first, which loads TensorFlow's parts).
"""

import argparse
import gc
import json
import statistics
import subprocess
import sys
import time

from memory import megabytes
from tables import print_results

COLUMNS = {
    "peer": "peer",
    "third": "after 3, MB|.0f",
    "end": "at the end, MB|.0f",
    "kept": "kept each, MB|.1f",
    "first": "first third, s|.2f",
    "slower": "slower|.2f",
    "graphs": "graphs left|d",
}
PEERS = ["keras", "lstm", "xla", "attention"]


def train_one(peer: str) -> None:
    """Builds a small model, trains it, asks it, and drops it."""
    import keras
    import numpy as np

    import mitseq

    layers = {
        "keras": lambda: keras.layers.LSTM(16, return_sequences=True),
        "lstm": lambda: mitseq.LSTM(16, return_sequences=True),
        "xla": lambda: mitseq.LSTM(128, return_sequences=True),
        "attention": lambda: mitseq.MultiHeadAttention(2, chunk=8, causal=True),
    }
    ids = np.random.default_rng(0).integers(0, 9, (32, 20))
    inputs = keras.Input((20,), dtype="int32")
    x = layers[peer]()(keras.layers.Embedding(9, 8)(inputs))
    model = keras.Model(inputs, keras.layers.Dense(9)(x))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss)
    model.fit(ids, ids, batch_size=16, verbose=0)
    model.predict(ids, verbose=0)


def print_one(peer: str, models: int) -> None:
    """Trains so many models; prints memory, times and graphs as JSON."""
    import tensorflow as tf

    times, memory = [], []
    for _ in range(models):
        start = time.perf_counter()
        train_one(peer)
        times.append(time.perf_counter() - start)
        gc.collect()
        memory.append(megabytes("VmRSS"))
    graphs = sum(issubclass(type(one), tf.Graph) for one in gc.get_objects())
    print(json.dumps({"times": times, "memory": memory, "graphs": graphs}))


def summary(peer: str, result: dict) -> dict:
    """The row of one peer.

    Example:

    >>> result = {"times": [9, 1, 1, 1, 1, 2, 2, 2, 2], "graphs": 0,
    ...           "memory": [1, 2, 10, 11, 12, 13, 14, 15, 16]}
    >>> row = summary("keras", result)
    >>> row["kept"], row["slower"]
    (1.0, 2.0)
    """
    times, memory = result["times"], result["memory"]
    third = len(times) // 3
    first = statistics.median(times[1 : third + 1])
    return {
        "peer": peer,
        "third": memory[2],
        "end": memory[-1],
        "kept": (memory[-1] - memory[2]) / (len(memory) - 3),
        "first": first,
        "slower": statistics.median(times[-third:]) / first,
        "graphs": result["graphs"],
    }


def main(argv: list[str] | None = None) -> list[dict]:
    """Runs the command line; returns the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--models", type=int, default=30)
    parser.add_argument("--peers", nargs="+", default=PEERS, choices=PEERS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", choices=PEERS, help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.models < 4:
        parser.error("--models must be at least 4")
    if args.one:
        print_one(args.one, args.models)
        return []
    rows = []
    for peer in args.peers:
        done = subprocess.run(
            [sys.executable, __file__, "--one", peer]
            + ["--models", str(args.models)],
            capture_output=True,
            text=True,
            check=True,
        )
        rows.append(summary(peer, json.loads(done.stdout.splitlines()[-1])))
    print_results(
        f"{args.models} small models, one after the other",
        COLUMNS,
        rows,
        notes=["batches of 16 sequences of 20 ids, Adam, one epoch"],
        as_json=args.json,
    )
    return rows


if __name__ == "__main__":
    main()
