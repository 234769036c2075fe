r"""Tokens per second of a Transformer that writes: cache, and no cache.

    python benchmarks/attention_generation.py           # about three minutes

The model has four causal blocks of width 256 with four heads (feed-forward
1024) and sinusoidal positions; its weights are not trained. All peers draw one
token at a time from its softmax and use the same weights.

    cache             `mitseq.generate`: keys and values of what was read are
                      kept; there is room for 1,024 tokens from the start, so
                      that none of them costs more than another
    growing cache     the same with room for 256 tokens, doubled when it is
                      full: the first tokens cost less, the last ones the same
    whole prefix      the same model reads all it has written again for every
                      token, as a compiled function of the prefix
    padded window     the way of the Keras example "Text generation with a
                      miniature GPT": `model.predict` on a window of fixed
                      size for every token; here it holds the whole text

The first two write every token. The other two are too slow for that: single
tokens are timed at prefixes spread evenly over the text, and their mean is what
counts. It is checked that all of them write the same text at temperature 0.

A token reads every weight once and every key and value that there is, for each
row of the batch: a long text in a large batch costs what memory allows.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from tables import print_results

from mitseq.generation.generate import generate
from mitseq.generation.loop import Loop
from mitseq.generation.sampling import sample
from mitseq.generation.step_model import StepModel
from mitseq.generation.streaming import GenerationState, Pieces
from mitseq.layers.position import SinusoidalPosition
from mitseq.layers.transformer import TransformerBlock

COLUMNS = {
    "peer": "peer",
    "batch": "batch|d",
    "rate": "tokens/s|,.0f",
    "spread": "+-%|.0f",
    "times_prefix": "x whole prefix|.1f",
    "early": "ms a step near 100|.2f",
    "late": "at the end|.2f",
    "growth": "late / early|.2f",
    "first": "first call, s|.1f",
}
V = 100
START = 1


def build_model(
    width: int, blocks: int, heads: int = 4, vocab_size: int = V
) -> keras.Model:
    """A causal Transformer: ids to logits."""
    ids = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(vocab_size, width)(ids)
    x = SinusoidalPosition()(x)
    for _ in range(blocks):
        x = TransformerBlock(heads, 4 * width, causal=True)(x)
    x = keras.layers.LayerNormalization()(x)
    return keras.Model(ids, keras.layers.Dense(vocab_size)(x))


def whole_prefix(model: keras.Model) -> Callable[[np.ndarray], np.ndarray]:
    """The next logits `(B, V)` of a text, by reading all of it."""

    @tf.function(
        input_signature=[tf.TensorSpec([None, None], tf.int32)],
        autograph=False,
    )
    def logits(ids):
        return model(ids, training=False)[:, -1]

    return lambda ids: logits(tf.constant(ids)).numpy()


def padded_window(
    model: keras.Model, size: int
) -> Callable[[np.ndarray], np.ndarray]:
    """The same by `predict` on a window of `size` ids, filled up with 0."""

    def logits(ids):
        ids = ids[:, -size:]
        n = ids.shape[1]
        padded = np.pad(ids, ((0, 0), (0, size - n)))
        y = model.predict(padded, batch_size=len(ids), verbose=0)
        return y[:, n - 1]

    return logits


def pieces_of(
    loop: Loop, batch: int, length: int, seed: int, chunk: int, **settings
) -> Pieces:
    """As `generate(..., stream=True)`, with a loop of one's own."""
    from mitseq.generation.arguments import Settings, check_prompt

    prompt = check_prompt([[START]] * batch, loop.vocab_size, length)
    settings = Settings.of(
        loop.vocab_size,
        None,
        settings.get("temperature", 1.0),
        None,
        None,
        seed,
        (),
    )
    state = GenerationState.before(loop, prompt, length)
    return Pieces(loop, settings, state, prompt[:, :1], length, chunk)


def time_cache(
    loop: Loop, batch: int, length: int, seed: int
) -> tuple[float, float, float]:
    """Seconds of a text, and of a step near token 100 and near its end."""
    chunk = max(1, length // 20)
    seconds = []
    stream = pieces_of(loop, batch, length + 1, seed, chunk)
    start = time.perf_counter()
    for piece in stream:
        now = time.perf_counter()
        seconds.append((now - start, piece.shape[1]))
        start = now
    total = sum(s for s, _ in seconds)
    steps = [s / n for s, n in seconds]
    early = steps[min(100 // chunk, len(steps) - 1)]
    late = statistics.median(steps[-3:-1] or steps)
    return total, early, late


def time_probes(
    logits: Callable, batch: int, lengths: list[int], seed: int
) -> tuple[float, float, float]:
    """Seconds of one token: the mean, near the first and near the last."""
    ids = np.random.default_rng(seed).integers(1, V, (batch, max(lengths)))
    seconds = []
    for n in lengths:
        start = time.perf_counter()
        sample(logits(ids[:, :n].astype("int32")), seed=(seed, n)).numpy()
        seconds.append(time.perf_counter() - start)
    return statistics.mean(seconds), seconds[0], seconds[-1]


def check_same_text(model: keras.Model, length: int, window: int) -> None:
    """Raises if the peers write different text at temperature 0."""
    expected, _ = generate(
        model, [[START]], max_length=length + 1, temperature=0
    )
    for name, logits in (
        ("whole prefix", whole_prefix(model)),
        ("padded window", padded_window(model, window)),
    ):
        ids = np.array([[START]], "int32")
        for _ in range(length):
            best = logits(ids).argmax(-1).astype("int32")
            ids = np.concatenate([ids, best[:, None]], 1)
        if not np.array_equal(ids, expected):
            raise SystemExit(f"the {name} writes another text")


def measure(model: keras.Model, args: argparse.Namespace) -> list[dict]:
    """Lets the peers take turns; returns one row for each."""
    length = args.tokens
    half = length / args.probes / 2
    probes = [round(half * (2 * i + 1)) or 1 for i in range(args.probes)]
    step_model = StepModel(model)
    loops = {"cache": Loop(step_model)}
    loops["growing cache"] = Loop(step_model, first_room=256)
    slow = {
        "whole prefix": (whole_prefix(model), probes),
        "padded window": (padded_window(model, length), probes[::4]),
    }
    peers = {}
    for batch in (1, args.batch):
        for name, loop in loops.items():
            peers[name, batch] = lambda seed, lo=loop, b=batch: time_cache(
                lo, b, length, seed
            )
        for name, (logits, lengths) in slow.items():
            peers[name, batch] = lambda seed, f=logits, n=lengths, b=batch: (
                time_probes(f, b, n, seed)
            )
    first = {}
    for key, run in peers.items():  # traces and compiles
        start = time.perf_counter()
        run(0)
        first[key] = time.perf_counter() - start
    seen = {key: [] for key in peers}
    for number in range(1, args.rounds + 1):
        for key, run in peers.items():
            seen[key].append(run(number))
    rows = []
    for (name, batch), runs in seen.items():
        totals, early, late = (sorted(x) for x in zip(*runs, strict=True))
        total = statistics.median(totals)
        steps = length if name in loops else 1
        e, n = statistics.median(early), statistics.median(late)
        rows.append(
            {
                "peer": name,
                "batch": batch,
                "rate": batch * steps / total,
                "spread": 50 * (totals[-1] - totals[0]) / total,
                "early": 1000 * e,
                "late": 1000 * n,
                "growth": n / e,
                "first": first[name, batch] if name in loops else None,
            }
        )
    for row in rows:
        (peer,) = (
            r["rate"]
            for r in rows
            if (r["peer"], r["batch"]) == ("whole prefix", row["batch"])
        )
        row["times_prefix"] = row["rate"] / peer
    return rows


def main(argv: list[str] | None = None) -> list[dict[str, object]]:
    """Prints the table; returns its rows."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--blocks", type=int, default=4)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--tokens", type=int, default=1000)
    parser.add_argument("--probes", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    keras.utils.set_random_seed(0)
    model = build_model(args.width, args.blocks)
    check_same_text(model, min(20, args.tokens), min(64, args.tokens + 1))
    rows = measure(model, args)
    weights = 4 * model.count_params()
    cache = 4 * 2 * args.blocks * args.width * args.tokens
    print_results(
        f"Generation of {args.tokens:,} tokens, {args.blocks} blocks of width "
        f"{args.width}",
        COLUMNS,
        rows,
        [
            f"Median of {args.rounds} rounds, the peers taking turns; +- is "
            "half of the range.",
            "All write the same text at temperature 0 (checked).",
            f"A step reads {weights / 1e6:.1f} MB of weights, and at the end "
            f"{cache / 1e6:.1f} MB of keys and values for each row.",
            "Whole prefix and padded window: the mean of "
            f"{args.probes} and {len(range(0, args.probes, 4))} single tokens.",
            f"TensorFlow {tf.__version__}, Keras {keras.__version__}, "
            f"devices: {len(tf.config.list_physical_devices('GPU'))} GPU.",
        ],
        args.json,
    )
    return rows


if __name__ == "__main__":
    main()
