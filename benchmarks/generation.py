r"""Characters per second of generation: the lab's loop, its peers and mitseq.

    python benchmarks/generation.py                     # about three minutes
    python benchmarks/generation.py --model runs/big/model.keras
    pip install torch                                   # for the PyTorch rows

All peers have an embedding of 256, one LSTM of 1024 and a dense layer over the
printable characters, and draw one character at a time from the softmax. They
take turns in every round; a figure is the median of the rounds.

    eager loop     the original lab: a stateful `keras.layers.LSTM`, called
                   once for each character, sampled outside, batch 1
    predict loop   the same with `model.predict`
    PyTorch loop   `torch.nn.LSTM` with its state handed on, under no_grad
    mitseq         `mitseq.generate`, the whole loop in one graph; on the
                   lab's own Keras model, and on `mitseq.LSTM`; streamed in
                   pieces of 256 characters; and as the text grows longer

The first two and mitseq on the lab's model share their weights, and it is
checked that they write the same text at temperature 0.

The floor is what the machine allows this network: each step reads every weight
of the products once, at the rate at which an array of their size is copied on
all cores (bytes read and written), and multiplies, at the rate of a large
matrix product; the slower of the two counts. Both rates are measured in the
same rounds as the peers.

"64 samples generated and checked" is what `generate_tunes` does, the checker
included, except that what is rejected counts too: untrained weights write no
tune that is accepted, so these are samples of tune-like lengths, each checked;
by a model of characters and by the music model of ABC tokens with its meter,
both with one LSTM of as many units. With the `--model` of a trained one there
is a row of 64 accepted tunes: all that was thrown away for them takes time, and
only characters of accepted tunes are counted.
"""

import argparse
import concurrent.futures
import importlib.util
import os
import statistics
import time
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from tables import print_results

import mitseq
from mitseq.generation.generate import generate
from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.tasks.music.generate import generate_tunes, rejection, sample_texts
from mitseq.tasks.music.model import build_music_model, load_music_model
from mitseq.text.vocabulary import END, PRINTABLE, SPECIAL, Vocabulary
from mitseq.tunes.normalize import normalize

COLUMNS = {
    "peer": "peer",
    "batch": "batch|d",
    "rate": "characters/s|,.0f",
    "spread": "+-%|.0f",
    "times_eager": "x eager loop|.1f",
    "times_torch": "x PyTorch|.1f",
    "share": "of the floor|.0%",
}
V = SPECIAL + len(PRINTABLE)
TUNE_LENGTH = 250  # characters of a tune, about the mean of the collections


def build_lab_model(units: int, embedding: int) -> keras.Model:
    """The lab's network for generation: stateful, a batch of one row."""
    ids = keras.Input(batch_shape=(1, None), dtype="int32")
    x = keras.layers.Embedding(V, embedding)(ids)
    x = keras.layers.LSTM(units, return_sequences=True, stateful=True)(x)
    return keras.Model(ids, keras.layers.Dense(V)(x))


def build_mitseq_model(units: int, embedding: int) -> keras.Model:
    """The same network of this project, with END as rare as in tunes."""
    vocabulary = Vocabulary(PRINTABLE, level="character")
    ids = keras.Input((None,), dtype="int32")
    x = VocabularyEmbedding(vocabulary, embedding)(ids)
    x = mitseq.LSTM(units, return_sequences=True)(x)
    # Untrained logits are about 0: this bias makes the mean length a tune's.
    bias = np.zeros(V, "float32")
    bias[END] = -np.log(TUNE_LENGTH / V)
    logits = keras.layers.Dense(
        V, bias_initializer=keras.initializers.Constant(bias)
    )(x)
    return keras.Model(ids, logits)


def build_token_model(units: int, embedding: int) -> keras.Model:
    """The music model of ABC tokens, with END as rare as in tunes."""
    lengths = ("", "2", "3", "4", "/2", "3/2")
    notes = [f"{note}{n}" for note in "ABCDEFGabcdefg" for n in lengths]
    tokens = ["M:6/8\n", "L:1/8\n", "K:D\n", "|", "|:", ":|", *notes]
    vocabulary = Vocabulary(tokens, level="token")
    model = build_music_model(
        vocabulary, units=units, layers=1, embedding_dim=embedding, dropout=0
    )
    width = statistics.mean(map(len, vocabulary.tokens))  # of a drawn token
    logits = model.get_layer("degree_logits")  # END is END in every key
    bias = np.zeros(logits.units, "float32")
    bias[END] = np.log(len(vocabulary) * width / TUNE_LENGTH)
    logits.bias.assign(bias)
    return model


def reset(model: keras.Model) -> None:
    """Forgets the state that a stateful model keeps between calls."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.RNN):
            layer.reset_state()


def eager_loop(
    model: keras.Model, num_steps: int, greedy: bool = False
) -> list[int]:
    """The original lab's loop; returns the ids."""
    reset(model)
    x = tf.constant([[SPECIAL]])
    ids = []
    for _ in range(num_steps):
        logits = tf.squeeze(model(x), 0)
        if greedy:
            i = int(tf.argmax(logits, axis=1)[-1])
        else:
            i = int(tf.random.categorical(logits, num_samples=1)[-1, 0])
        x = tf.expand_dims([i], 0)
        ids.append(i)
    return ids


def predict_loop(
    model: keras.Model, num_steps: int, greedy: bool = False
) -> list[int]:
    """The same with `model.predict`; returns the ids."""
    reset(model)
    x = np.array([[SPECIAL]], "int32")
    ids = []
    for _ in range(num_steps):
        logits = model.predict(x, verbose=0)[0, -1]
        if greedy:
            i = int(logits.argmax())
        else:
            probs = np.exp(logits - logits.max(), dtype="float64")
            i = int(np.random.choice(V, p=probs / probs.sum()))
        x = np.array([[i]], "int32")
        ids.append(i)
    return ids


def build_torch_loop(
    units: int, embedding: int
) -> Callable[[int, int], object]:
    """PyTorch's loop: a function of batch and number of steps."""
    import torch

    embed = torch.nn.Embedding(V, embedding)
    lstm = torch.nn.LSTM(embedding, units, batch_first=True)
    dense = torch.nn.Linear(units, V)

    @torch.no_grad()
    def loop(batch, num_steps):
        x = torch.full((batch, 1), SPECIAL)
        state = None
        ids = []
        for _ in range(num_steps):
            h, state = lstm(embed(x), state)
            probs = torch.softmax(dense(h[:, -1]), dim=-1)
            x = torch.multinomial(probs, 1)
            ids.append(x)
        return torch.cat(ids, 1)

    return loop


def check_same_text(lab_model: keras.Model, num_steps: int) -> None:
    """Raises if the loops on the lab's model write different text."""
    written, _ = generate(
        lab_model, [[SPECIAL]], max_length=num_steps + 1, temperature=0
    )
    expected = written[0, 1:].tolist()
    for loop in (eager_loop, predict_loop):
        if loop(lab_model, num_steps, greedy=True) != expected:
            raise SystemExit(f"{loop.__name__} writes another text")


def build_peers(args: argparse.Namespace) -> list[tuple[str, int, Callable]]:
    """The rows: name, batch, and a function that returns characters."""
    lab_model = build_lab_model(args.units, args.embedding)
    model = build_mitseq_model(args.units, args.embedding)
    check_same_text(lab_model, min(20, args.steps))
    batches = (1, args.batch)

    def ours(model, batch):
        def run(seed):
            steps = args.steps
            generate(
                model, [[SPECIAL]] * batch, max_length=steps + 1, seed=seed
            )
            return batch * steps

        return run

    def streamed(seed):
        arguments = dict(max_length=args.steps + 1, seed=seed, stream=True)
        return sum(
            piece.size for piece in generate(model, [[SPECIAL]], **arguments)
        )

    def grown(length):
        def run(seed):
            generate(model, [[SPECIAL]], max_length=length + 1, seed=seed)
            return length

        return run

    def slow(loop, steps):
        return lambda seed: len(loop(lab_model, steps))

    peers = [
        ("eager loop (the lab)", 1, slow(eager_loop, max(1, args.steps // 4))),
        ("predict loop", 1, slow(predict_loop, max(1, args.steps // 20))),
    ]
    if importlib.util.find_spec("torch"):
        loop = build_torch_loop(args.units, args.embedding)
        for batch in batches:
            peers.append(
                (
                    "PyTorch loop",
                    batch,
                    lambda seed, b=batch: loop(b, args.steps).numel(),
                )
            )
    for batch in batches:
        peers.append(
            ("mitseq on the lab's model", batch, ours(lab_model, batch))
        )
        peers.append(("mitseq", batch, ours(model, batch)))

    peers.append(("mitseq, streamed", 1, streamed))
    for share in (100, 10, 1):
        length = max(1, args.longest // share)
        peers.append((f"mitseq, {length:,} characters", 1, grown(length)))

    def checked_samples(model):
        def run(seed):
            texts = sample_texts(model, args.batch, seed=seed)
            for text in texts:
                rejection(text)
            return sum(map(len, texts))

        return run

    def accepted_tunes(seed):
        result = generate_tunes(trained, args.batch, seed=seed)
        return sum(len(normalize(tune.abc)) for tune in result)

    name = f"{args.batch} samples generated and checked"
    tokens = build_token_model(args.units, args.embedding)
    peers.append((name, args.batch, checked_samples(model)))
    peers.append((f"{name}, tokens", args.batch, checked_samples(tokens)))
    if args.model:
        trained = load_music_model(args.model)
        name = f"{args.batch} tunes generated and accepted"
        peers.append((name, args.batch, accepted_tunes))
    return peers


def weights_of_a_step(units: int) -> int:
    """How many weights a step multiplies by, the embedding being folded."""
    return 4 * units * units + units * V


def copy_rate(num_bytes: int) -> float:
    """Bytes read and written a second, copying on all cores."""
    workers = os.cpu_count() or 1
    source = np.ones((workers, max(1, num_bytes // 4 // workers)), "float32")
    target = np.empty_like(source)
    times = 20
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:

        def copy(worker):
            for _ in range(times):
                np.copyto(target[worker], source[worker])

        list(pool.map(copy, range(workers)))  # pages are there, cores awake
        start = time.perf_counter()
        list(pool.map(copy, range(workers)))
        return 2 * source.nbytes * times / (time.perf_counter() - start)


def product_rate(size: int = 2048) -> float:
    """Floating-point operations a second of a large matrix product."""
    a = tf.random.normal((size, size))
    tf.matmul(a, a).numpy()
    start = time.perf_counter()
    tf.matmul(a, a).numpy()
    return 2 * size**3 / (time.perf_counter() - start)


def measure(
    peers: list[tuple[str, int, Callable]], rounds: int, units: int
) -> list[dict[str, object]]:
    """Lets the peers take turns; returns one row for each."""
    for _, _, run in peers:  # traces and caches
        run(0)
    weights = weights_of_a_step(units)
    rates, copies, products = [[] for _ in peers], [], []
    for number in range(1, rounds + 1):
        copies.append(copy_rate(4 * weights))
        products.append(product_rate())
        for (_, _, run), seen in zip(peers, rates, strict=True):
            start = time.perf_counter()
            characters = run(number)
            seen.append(characters / (time.perf_counter() - start))
    medians = [statistics.median(seen) for seen in rates]
    torch_of = {
        batch: rate
        for (name, batch, _), rate in zip(peers, medians, strict=True)
        if name == "PyTorch loop"
    }
    reading = 4 * weights / statistics.median(copies)  # seconds a step
    multiplying = 2 * weights / statistics.median(products)  # and a row
    rows = []
    for (name, batch, _), rate, seen in zip(peers, medians, rates, strict=True):
        floor = batch / max(reading, batch * multiplying)
        is_one_network = "tunes" not in name and "samples" not in name
        rows.append(
            {
                "peer": name,
                "batch": batch,
                "rate": rate,
                "spread": 50 * (max(seen) - min(seen)) / rate,
                "times_eager": rate / medians[0],
                "times_torch": rate / torch_of[batch] if torch_of else None,
                "share": rate / floor if is_one_network else None,
                "floor": floor,
            }
        )
    return rows


def main(argv: list[str] | None = None) -> list[dict[str, object]]:
    """Prints the table; returns its rows."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--units", type=int, default=1024)
    parser.add_argument("--embedding", type=int, default=256)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--longest", type=int, default=10_000)
    parser.add_argument("--model", help="trained music model (.keras)")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    keras.utils.set_random_seed(0)
    rows = measure(build_peers(args), args.rounds, args.units)
    floors = {row["batch"]: row["floor"] for row in rows}
    print_results(
        f"Generation, one LSTM of {args.units} units",
        COLUMNS,
        rows,
        [
            f"Median of {args.rounds} rounds, the peers taking turns; +- is "
            "half of the range.",
            "The loops on the lab's model write the same text at temperature "
            "0 (checked).",
            "Floor, characters/s: "
            + ", ".join(
                f"{floor:,.0f} at batch {batch}"
                for batch, floor in floors.items()
            )
            + f"; a step reads {4 * weights_of_a_step(args.units) / 1e6:.1f} "
            "MB of weights.",
            f"TensorFlow {tf.__version__}, Keras {keras.__version__}, "
            f"devices: {len(tf.config.list_physical_devices('GPU'))} GPU.",
        ],
        args.json,
    )
    return rows


if __name__ == "__main__":
    main()
