r"""All that has to be tried on a GPU, in one command.

    python benchmarks/gpu.py                 # a few minutes
    python benchmarks/gpu.py --device cpu    # the same without a GPU, slower

The contract of the layers (tests/layers, where TensorFlow places everything on
the GPU that it sees), the vendor's kernel beside our own loop and Keras's
layers, layers on the processor beside the card, generation, and an epoch of
music and of sentiment. It is for the moment in which somebody has a card; each
part that fails is told, and the next one runs.

Letters: B batch, T steps, H units.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from errors import told_in_one_line
from tables import print_results

ROOT = Path(__file__).parents[1]
SIZES = ((64, 256, 128), (64, 256, 512))  # B, T, H
COLUMNS = {
    "part": "part",
    "device": "device",
    "figure": "figure|.4g",
    "unit": "unit",
    "note": "note",
}


def contract(device: str, small: bool) -> list[dict]:
    """Runs the tests of the layers in a process of its own."""
    tests = (
        ["tests/layers/test_vendor_kernel.py"] if small else ["tests/layers"]
    )
    workers = [] if small else ["-n", str(min(8, os.cpu_count()))]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        + ["--tb=line", *workers, *tests],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    told = (done.stdout.strip().splitlines() or ["nothing"])[-1]
    return [_row("layers' contract", done.returncode, "exit code", told)]


def kernel(device: str, small: bool) -> list[dict]:
    """Times a step of LSTM and GRU: vendor's kernel, our loop, Keras, XLA.

    A row of XLA compiles the whole step, as Keras's `compile` does by default
    where there is a GPU. The first step has all that is compiled and checked.
    """
    import keras
    import numpy as np
    import tensorflow as tf

    import mitseq
    from mitseq.layers import vendor_kernel

    rows, fastest = [], vendor_kernel.is_fastest
    rng = np.random.default_rng(0)
    for batch, num_steps, units in ((4, 8, 16),) if small else SIZES:
        # on the card already: what is timed is the layer, not the way there
        x = tf.constant(rng.normal(size=(batch, num_steps, units)), tf.float32)
        y = tf.zeros((batch, units))
        for ours, keras_layer in (
            (mitseq.LSTM, keras.layers.LSTM),
            (mitseq.GRU, keras.layers.GRU),
        ):
            losses = {}
            for road, make, xla in (
                ("vendor's kernel", ours, False),
                ("our loop", ours, False),
                ("our loop in XLA", ours, True),
                ("keras.layers", keras_layer, False),
            ):
                if road.startswith("our loop"):
                    vendor_kernel.is_fastest = lambda *_: False
                try:
                    keras.utils.set_random_seed(0)
                    model = keras.Sequential(
                        [keras.Input((num_steps, units)), make(units)]
                    )
                    model.compile(optimizer="sgd", loss="mse", jit_compile=xla)
                    began = time.perf_counter()
                    losses[road] = float(model.train_on_batch(x, y))
                    first = time.perf_counter() - began
                    seconds = _median(
                        lambda: model.train_on_batch(x, y),  # noqa: B023
                        3 if small else 20,
                    )
                finally:
                    vendor_kernel.is_fastest = fastest
                name = f"{ours.__name__} of {units}, {road}"
                note = f"the first {first:.1f} s"
                rows.append(_row(name, 1e3 * seconds, "ms a step", note))
            first, second = losses["vendor's kernel"], losses["our loop"]
            name = f"{ours.__name__} of {units}, losses differ by"
            differ = abs(first - second) / abs(second)
            rows.append(_row(name, differ, "share"))
    checked = vendor_kernel._agrees.cache_info().currsize
    rows.append(_row("kernels that were checked", checked, "kinds"))
    return rows


def processor(device: str, small: bool) -> list[dict]:
    """Trains each recurrence on the processor while a card can be seen.

    Keras asks whether there is a GPU, not where the layer runs.
    """
    import numpy as np
    import tensorflow as tf

    import mitseq

    x, rows = np.ones((2, 5, 3), "float32"), []
    for make in (mitseq.SimpleRNN, mitseq.LSTM, mitseq.GRU):
        for road in ("eager", "tf.function"):
            with tf.device("/CPU:0"):
                layer = make(4)
                layer.build(x.shape)

                def step(x, layer=layer):
                    with tf.GradientTape() as tape:
                        loss = tf.reduce_sum(layer(x, training=True) ** 2)
                    return tape.gradient(loss, layer.trainable_weights)

                step = tf.function(step) if road == "tf.function" else step
                gradients = step(tf.constant(x))
            places = {g.device.rpartition("/")[2][7:] for g in gradients}
            finite = all(np.isfinite(g).all() for g in gradients)
            name = f"{make.__name__} on the processor, {road}"
            rows.append(_row(name, float(finite), "runs", " ".join(places)))
    return rows


def generation(device: str, small: bool) -> list[dict]:
    """Counts the tunes that the bundled model writes in a second."""
    from mitseq.tasks.music.generate import generate_tunes
    from mitseq.tasks.music.model import load_music_model

    model, count = load_music_model(), 1 if small else 64
    generate_tunes(model, count=count, seed=0, unchecked=True)  # compiles
    began = time.perf_counter()
    tunes = generate_tunes(model, count=count, seed=1, unchecked=True).tunes
    seconds = time.perf_counter() - began
    characters = sum(len(tune.abc) for tune in tunes)
    return [_row("generation", characters / seconds, "characters/s")]


def music(device: str, small: bool) -> list[dict]:
    """Trains music for an epoch, in each precision that the device has."""
    from mitseq.devices import find_device
    from mitseq.precision import PRECISIONS, has_units
    from mitseq.tasks.music.train import train_music_model
    from mitseq.tunes.corpus import Corpus, prepare

    corpus, rows, sizes = prepare(), [], {}
    if small:
        corpus = Corpus(corpus.train[:20], corpus.validation[:3], [], {})
        sizes = {"units": 16, "layers": 1}
    for precision in PRECISIONS:
        if not has_units(find_device(device), precision):
            continue
        with tempfile.TemporaryDirectory() as folder:
            history = train_music_model(
                corpus,
                folder,
                epochs=1,
                sample=False,
                precision=precision,
                verbose=0,
                **sizes,
            )
        bits = history[-1]["val_bits_per_character"]
        name = f"music, an epoch in {precision}"
        note = f"held-out bits per character {bits:.4f}"
        rows.append(_row(name, history[-1]["seconds"], "s", note))
    return rows


def sentiment(device: str, small: bool) -> list[dict]:
    """Trains sentiment for an epoch, on the grammar of reviews."""
    from mitseq.tasks.sentiment.classifier import SentimentClassifier
    from mitseq.tasks.sentiment.grammar import grammar_texts

    data = grammar_texts(groups=2 if small else 200, distances=[0, 2, 4])
    classifier = SentimentClassifier(
        epochs=1, minutes=None, buckets=2**10 if small else 2**20
    )
    began = time.perf_counter()
    classifier.fit(data.texts, data.labels, groups=data.groups)
    seconds = time.perf_counter() - began
    note = f"{len(data.texts)} texts, all parts"
    return [_row("sentiment, an epoch", seconds, "s", note)]


PARTS = (kernel, processor, generation, music, sentiment, contract)


def run_parts(
    parts: tuple[Callable, ...], device: str, small: bool
) -> list[dict]:
    """Returns the rows of all parts; one that fails has its error in a row."""
    rows = []
    for part in parts:
        print(f"{part.__name__} ...", file=sys.stderr, flush=True)
        try:
            found = part(device, small)
        except Exception as error:  # the card is there for a moment only
            reason = f"{type(error).__name__}: {error}".splitlines()[0]
            found = [_row(part.__name__, None, "", reason)]
        rows += [row | {"device": device} for row in found]
    return rows


def _row(part, figure, unit, note=""):
    # told at once: the card may be gone before the table
    print("  ", part, figure, unit, note, file=sys.stderr, flush=True)
    return {"part": part, "figure": figure, "unit": unit, "note": note}


def _median(work, times):
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return sorted(found)[times // 2]


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="gpu", help="as of mitseq")
    names = [part.__name__ for part in PARTS]
    parser.add_argument("--parts", nargs="+", choices=names, default=names)
    parser.add_argument("--small", action="store_true", help="try it out")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    from mitseq.devices import device

    chosen = tuple(p for p in PARTS if p.__name__ in options.parts)
    with device(options.device) as used:
        rows = run_parts(chosen, used.name, options.small)
    print_results("On a GPU", COLUMNS, rows, [used.description], options.json)


if __name__ == "__main__":
    with told_in_one_line():
        main()
