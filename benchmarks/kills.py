r"""Trainings that are killed at random moments, and what they end with.

    python benchmarks/kills.py --kills 20

Of each job a small training, dropout included, runs once to its end. Then it
runs again and is killed with SIGKILL at a random moment after its libraries
are loaded, resumed, killed, and so on; when it has come to its end before it
was killed often enough, the next one begins. A snapshot is due every second,
so that many fall into the middle of an epoch, and many kills into the writing
of one.

Each training has to end with the same bits as the first: the weights, those of
the best epoch, the variables of the optimizer, the random states, the model in
its file, and all that was measured. It ends with exit code 1 if one does not.
"""

import argparse
import io
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import numpy as np
from errors import told_in_one_line
from tables import print_results

from mitseq.errors import MitseqError
from mitseq.training.run import MODEL, RECORD, read_history
from mitseq.training.snapshot import NEWEST, Snapshot

JOBS = ("music", "sentiment")
TUNES = 80
COLUMNS = {
    "job": "job",
    "kills": "kills|d",
    "phases": "killed at",
    "trainings": "trainings|d",
    "equal": "with the same bits|d",
}


def train(job: str, out: Path, resume: bool) -> None:
    """Trains in this process, and says when the libraries are there."""
    from mitseq.training.saving import Snapshots

    Snapshots.SECONDS = 1.0
    {"music": train_music, "sentiment": train_sentiment}[job](out, resume)


def train_music(out: Path, resume: bool) -> None:
    from mitseq.tasks.music.train import train_music_model
    from mitseq.tunes.corpus import Corpus, music21_collections
    from mitseq.tunes.drops import Drops, normalized_tunes
    from mitseq.tunes.reading import read_tunes

    print("loaded", flush=True)
    files = sorted(music21_collections()[0].glob("*.abc"))[:TUNES]
    found = normalized_tunes(read_tunes(files), Drops())
    tunes = [tune for tune, _ in found][:TUNES]
    corpus = Corpus(tunes[8:], tunes[:8], [], {})
    train_music_model(
        corpus,
        out,
        units=64,
        dropout=0.3,
        batch_size=4,
        sequence_length=128,
        epochs=10,
        patience=10,
        sample=False,
        resume=resume,
        verbose=0,
    )


def train_sentiment(out: Path, resume: bool) -> None:
    from mitseq.tasks.sentiment.classifier import SentimentClassifier
    from mitseq.tasks.sentiment.grammar import grammar_texts

    print("loaded", flush=True)
    data = grammar_texts(groups=30, distances=[0, 1])
    classifier = SentimentClassifier(
        units=16, buckets=2**12, epochs=6, patience=6, batch_size=16
    )
    classifier.fit(
        data.texts, data.labels, groups=data.groups, out=out, resume=resume
    )


def start(job: str, out: Path) -> subprocess.Popen:
    """Starts or resumes a training, and waits until its libraries are there."""
    arguments = ["--train", job, "--out", str(out)]
    if (out / RECORD).exists():
        arguments.append("--resume")
    process = subprocess.Popen(
        [sys.executable, __file__, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stdout.readline()
    return process


def end(process: subprocess.Popen) -> None:
    """Waits for the end of a training.

    Raises:
        MitseqError: if it failed.
    """
    _, errors = process.communicate()
    if process.returncode:
        raise MitseqError(errors.strip().splitlines()[-1])


def state_of(folder: Path) -> list[np.ndarray]:
    """Returns all numbers that a training ends with, but for its time."""
    snapshot = Snapshot.read(folder / NEWEST)
    rows = read_history(folder / "history.csv")
    measured = [[v for k, v in row.items() if k != "seconds"] for row in rows]
    return [
        *snapshot.variables,
        *snapshot.best,
        *weights_of(folder / MODEL),
        np.array(measured),
    ]


def weights_of(path: Path) -> list[np.ndarray]:
    """Returns the weights in a `.keras` file, without building the model."""
    import h5py

    found: list[np.ndarray] = []

    def add(_, entry):
        if isinstance(entry, h5py.Dataset):
            found.append(np.asarray(entry))

    with zipfile.ZipFile(path) as archive:
        content = io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(content) as file:
        file.visititems(add)
    return found


def is_equal(a: list[np.ndarray], b: list[np.ndarray]) -> bool:
    """Tells whether two states have the same bits.

    Example:

    >>> is_equal([np.zeros(2)], [np.zeros(2)]), is_equal([np.zeros(2)], [])
    (True, False)
    """
    return len(a) == len(b) and all(
        x.dtype == y.dtype and x.shape == y.shape and x.tobytes() == y.tobytes()
        for x, y in zip(a, b, strict=True)
    )


def place(folder: Path) -> str:
    """Returns where a killed training stands, in a word."""
    if not (folder / RECORD).exists():
        return "before its start"
    if not (folder / NEWEST).exists():
        return "first epoch"
    snapshot = Snapshot.read(folder / NEWEST)
    return "mid-epoch" if snapshot.step else "epoch end"


def kill_often(job: str, kills: int, folder: Path, seed: int) -> dict:
    """Kills the trainings of a job and compares what they end with.

    Args:
        job: "music" or "sentiment".
        kills: How many.
        folder: An empty folder.
        seed: Of the moments.

    Returns:
        A row of the table.
    """
    rng = random.Random(seed)  # noqa: S311
    process = start(job, folder / "whole")
    began = time.monotonic()
    end(process)
    span = time.monotonic() - began
    expected = state_of(folder / "whole")
    counts: dict[str, int] = {}
    done = trainings = equal = 0
    while done < kills:
        trainings += 1
        out = folder / str(trainings)
        is_over = False
        while not is_over:
            process = start(job, out)
            if done < kills:
                try:
                    process.wait(rng.uniform(0, span))
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.communicate()
                    done += 1
                    counts[place(out)] = counts.get(place(out), 0) + 1
                    continue
            end(process)
            is_over = True
        equal += is_equal(state_of(out), expected)
    phases = ", ".join(f"{n} {name}" for name, n in sorted(counts.items()))
    return {
        "job": job,
        "kills": done,
        "phases": phases,
        "trainings": trainings,
        "equal": equal,
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=20, help="of each job")
    parser.add_argument("--jobs", nargs="+", choices=JOBS, default=JOBS)
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--train", choices=JOBS, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--resume", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    with told_in_one_line():
        if arguments.train:
            train(arguments.train, arguments.out, arguments.resume)
            return
        rows = []
        for job in arguments.jobs:
            with tempfile.TemporaryDirectory() as folder:
                rows.append(
                    kill_often(
                        job, arguments.kills, Path(folder), arguments.seed
                    )
                )
    print_results("Killed and resumed", COLUMNS, rows, as_json=arguments.json)
    if any(row["equal"] < row["trainings"] for row in rows):
        sys.exit(1)


if __name__ == "__main__":
    main()
