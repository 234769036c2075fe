r"""The memory of a training on files, and on shards of them.

    python benchmarks/shards.py --megabytes 200

Tunes, or texts with a label, are made up until they fill a file. Then, each in
a process of its own: the file is written as shards; a training reads these;
a training reads the file. A training ends after so many seconds at work, when
it holds all that it ever will. What is measured is the largest resident set of
each process, and that of one that only loads TensorFlow.

The last rows are of a hundredth of the data: what a training takes for itself.
The training on the file reads tunes and texts as `train` does. Tunes are in
their normal form already.
"""

import argparse
import contextlib
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from errors import told_in_one_line
from tables import print_results

from mitseq.errors import MitseqError

JOBS = ("music", "sentiment")
WORK = ("load", "shard", "sharded", "whole")
TOLD = {
    "shard": "write the shards",
    "sharded": "train on the shards",
    "whole": "train on the file",
}
COLUMNS = {
    "job": "job",
    "megabytes": "MB of data|d",
    "work": "work",
    "seconds": "s|.0f",
    "memory": "MB beyond TensorFlow|d",
}
STEPS = "steps"  # a file that says that they begin
UNITS = 32
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def write_tunes(path: Path, size: int, seed: int = 0) -> None:
    """Writes tunes whose bars add up until a file has so many bytes."""
    draw = random.Random(seed)  # noqa: S311
    number = 0
    with open(path, "w", encoding="utf-8") as file:
        while file.tell() < size:
            blocks = []
            for _ in range(100):
                number += 1
                bars = [
                    "".join(draw.choices("DEFGABcdefgab", k=8))
                    for _ in range(draw.choice((8, 16, 16, 24)))
                ]
                body = "|".join(bars)
                blocks.append(
                    f"X:{number}\nM:4/4\nL:1/8\nK:{draw.choice('CDGA')}\n"
                    f"|:{body}:|\n\n"
                )
            file.write("".join(blocks))


def write_texts(path: Path, size: int, seed: int = 0) -> None:
    """Writes texts of the grammar, altered, until a file has so many bytes."""
    from mitseq.tasks.sentiment.grammar import grammar_texts

    data = grammar_texts("train")
    draw = random.Random(seed)  # noqa: S311
    pairs = list(zip(data.texts, data.labels, strict=True))
    with open(path, "w", encoding="utf-8") as file:
        file.write("text\tlabel\n")
        while file.tell() < size:
            rows = []
            for text, label in draw.choices(pairs, k=1000):
                # names that stand once or a few times, as in any large pile
                names = " ".join(
                    f"name{int(draw.paretovariate(0.5)) % 20_000}"
                    for _ in range(6)
                )
                rows.append(f"{text} {names} {text}\t{label}\n")
            file.write("".join(rows))


def work(job: str, kind: str, data: Path, shards: Path) -> None:
    """Does one work in this process; a training until it is ended."""
    import mitseq.tasks.music.train
    import mitseq.tasks.sentiment.train  # noqa: F401

    if kind == "load":
        import keras

        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
        model.compile("adam", "mse")
        model.fit(np.zeros((4, 3)), np.zeros(4), verbose=0)
        return
    from mitseq.training import fit as fitting

    begin = fitting.Snapshots.on_train_batch_begin

    def say(self, batch, logs=None):
        begin(self, batch, logs)
        if batch == 3:
            data.with_name(STEPS).touch()

    fitting.Snapshots.on_train_batch_begin = say
    {"music": music, "sentiment": sentiment}[job](kind, data, shards)


def music(kind: str, data: Path, shards: Path) -> None:
    from mitseq.tasks.music.shards import MusicShards, write_music_shards
    from mitseq.tasks.music.train import train_music_model
    from mitseq.tunes.corpus import Corpus
    from mitseq.tunes.drops import Drops, normalized_tunes
    from mitseq.tunes.reading import read_tunes

    if kind == "shard":
        write_music_shards(data, shards)
        return
    if kind == "sharded":
        corpus = MusicShards(shards)
    else:  # without the search for near-duplicates, which takes still more
        tunes = [t for t, _ in normalized_tunes(read_tunes(data), Drops())]
        corpus = Corpus(tunes[1000:], tunes[:1000], [], {})
    settings = {"units": UNITS, "layers": 1, "epochs": 1, "sample": False}
    with tempfile.TemporaryDirectory() as out:
        train_music_model(corpus, out, **settings, verbose=0)


def sentiment(kind: str, data: Path, shards: Path) -> None:
    from mitseq.tasks.sentiment.classifier import SentimentClassifier
    from mitseq.tasks.sentiment.read import read_texts
    from mitseq.tasks.sentiment.shards import write_sentiment_shards

    if kind == "shard":
        write_sentiment_shards(data, shards)
        return
    # the part that reads in order, alone: with all n-grams of so many texts
    # the training on the file would take many times as much
    classifier = SentimentClassifier(units=UNITS, ngrams=0, characters=0)
    if kind == "sharded":
        classifier.fit_shards(shards)
    else:
        texts = read_texts(data)
        classifier.fit(texts.texts, texts.labels)


def measure(
    job: str, kind: str, data: Path, shards: Path, seconds: float
) -> tuple[int, float]:
    """Does a work in a process of its own.

    Args:
        job: "music" or "sentiment".
        kind: One of `WORK`.
        data: The file.
        shards: The folder of its shards.
        seconds: How long the steps of a training are looked at.

    Returns:
        The largest resident set in bytes, and the seconds until the steps of a
        training begin, or until the end of other work.

    Raises:
        MitseqError: if it failed.
    """
    options = ["--do", kind, "--jobs", job, "--data", str(data)]
    process = subprocess.Popen(
        [sys.executable, __file__, *options, "--shards", str(shards)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    began, most, steps = time.monotonic(), 0, None
    sign = data.with_name(STEPS)
    sign.unlink(missing_ok=True)
    while process.poll() is None:
        most = max(most, resident(process.pid))
        if steps is None and sign.exists():
            steps = time.monotonic()
        if steps is not None and time.monotonic() > steps + seconds:
            process.kill()
        time.sleep(0.05)
    errors = process.communicate()[1].strip()
    if process.returncode and steps is None:
        raise MitseqError(f"{job}, {kind}: {errors.splitlines()[-1]}")
    return most, (steps or time.monotonic()) - began


def resident(number: int) -> int:
    """Returns the bytes that a process holds in memory; 0 if it is gone."""
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{number}/statm").read_text(encoding="ascii")
        return int(text.split()[1]) * PAGE
    return 0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=200, help="of data")
    parser.add_argument("--jobs", nargs="+", choices=JOBS, default=JOBS)
    parser.add_argument(
        "--seconds", type=float, default=20, help="of steps of each training"
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--do", choices=WORK, help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--shards", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    with told_in_one_line():
        if arguments.do:
            work(
                arguments.jobs[0],
                arguments.do,
                arguments.data,
                arguments.shards,
            )
            return
        rows = []
        for job in arguments.jobs:
            with tempfile.TemporaryDirectory() as folder:
                rows += rows_of(
                    job, Path(folder), arguments.megabytes, arguments.seconds
                )
    print_results("Shards", COLUMNS, rows, as_json=arguments.json)


def rows_of(job: str, folder: Path, megabytes: int, seconds: float) -> list:
    """Returns a row for each work of a job."""
    make = {"music": write_tunes, "sentiment": write_texts}[job]
    data = folder / {"music": "data.abc", "sentiment": "data.tsv"}[job]
    make(data, megabytes * 10**6)
    given = (data, folder / "shards", seconds)
    alone, _ = measure(job, "load", *given)
    rows = []

    def row(size, kind, *given):
        most, took = measure(job, kind, *given)
        rows.append(
            {
                "job": job,
                "megabytes": size,
                "work": TOLD[kind],
                "seconds": took,
                "memory": round((most - alone) / 1e6),
            }
        )
        print(rows[-1], file=sys.stderr, flush=True)

    for kind in TOLD:
        row(megabytes, kind, *given)
    # what the model and its compiler take, whatever the data
    few, part = data.with_name(f"few{data.suffix}"), max(megabytes // 100, 1)
    make(few, part * 10**6)
    for kind in ("shard", "sharded"):
        row(part, kind, few, folder / "few", seconds)
    return rows


if __name__ == "__main__":
    main()
