r"""Trainings that are killed at random moments, and what they end with.

    python benchmarks/kills.py --kills 20
    python benchmarks/kills.py --kills 20 --workers 2

Of each job a small training, dropout included, runs once to its end. Then it
runs again and is killed with SIGKILL at a random moment after its libraries
are loaded, resumed, killed, and so on; when it has come to its end before it
was killed often enough, the next one begins. A snapshot is due every second,
so that many fall into the middle of an epoch, and many kills into the writing
of one.

With two workers, processes on this machine, the first, the second or both are
killed. One that is left has to end by itself within a minute; then both start
again with --resume.

Each training has to end with the same bits as the first: the weights, those of
the best epoch, the variables of the optimizer, the random states, the model in
its file, and all that was measured. It ends with exit code 1 if one does not.
"""

import argparse
import io
import random
import socket
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
TUNES = 48
ADDRESS = "127.0.0.1"
MINUTE = 60.0
COLUMNS = {
    "job": "job",
    "workers": "workers|d",
    "kills": "kills|d",
    "phases": "killed at",
    "trainings": "trainings|d",
    "equal": "with the same bits|d",
    "waited": "s until the other ended|.1f",
}


def train(job: str, out: Path, resume: bool, workers: str | None, task: int):
    """Trains in this process, and says when everything is there."""
    from mitseq.training.run import TrainingRun
    from mitseq.training.saving import Snapshots
    from mitseq.training.workers import Alone, Workers

    Snapshots.SECONDS = 1.0
    train_job = {"music": train_music, "sentiment": train_sentiment}[job]
    together = Workers(workers=workers, task=task) if workers else Alone()
    import mitseq.tasks.music.train  # noqa: F401

    print("loaded", flush=True)
    with TrainingRun(out, resume=resume, workers=together) as run:
        train_job(run)


def train_music(run) -> None:
    from mitseq.tasks.music.train import train_music_model
    from mitseq.tunes.corpus import Corpus, music21_collections
    from mitseq.tunes.drops import Drops, normalized_tunes
    from mitseq.tunes.reading import read_tunes

    files = sorted(music21_collections()[0].glob("*.abc"))[:TUNES]
    found = normalized_tunes(read_tunes(files), Drops())
    tunes = [tune for tune, _ in found][:TUNES]
    corpus = Corpus(tunes[8:], tunes[:8], [], {})
    train_music_model(
        corpus,
        run,
        units=64,
        dropout=0.3,
        batch_size=4,
        sequence_length=128,
        epochs=6,
        patience=6,
        sample=False,
        verbose=0,
    )


def train_sentiment(run) -> None:
    from mitseq.tasks.sentiment.classifier import SentimentClassifier
    from mitseq.tasks.sentiment.grammar import grammar_texts

    data = grammar_texts(groups=30, distances=[0, 1])
    classifier = SentimentClassifier(
        units=16, buckets=2**12, epochs=4, patience=4, batch_size=16
    )
    classifier.fit(data.texts, data.labels, groups=data.groups, out=run)


def start(job: str, out: Path, count: int = 1) -> list[subprocess.Popen]:
    """Starts or resumes a training, and waits until its libraries are there.

    Args:
        job: "music" or "sentiment".
        out: Its folder.
        count: How many workers.

    Returns:
        A process for each worker.
    """
    arguments = ["--train", job, "--out", str(out)]
    if (out / RECORD).exists():
        arguments.append("--resume")
    if count > 1:
        arguments += ["--addresses", free_addresses(count)]
    processes = [
        subprocess.Popen(
            [sys.executable, __file__, *arguments, "--task", str(task)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for task in range(count)
    ]
    for process in processes:
        process.stdout.readline()
    return processes


def free_addresses(count: int) -> str:
    """Returns addresses of this machine that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind((ADDRESS, 0))
    found = [f"{ADDRESS}:{each.getsockname()[1]}" for each in sockets]
    for each in sockets:
        each.close()
    return ",".join(found)


def end(processes: list[subprocess.Popen]) -> None:
    """Waits for the end of a training.

    Raises:
        MitseqError: if it failed.
    """
    told = [process.communicate() for process in processes]
    for process, (_, errors) in zip(processes, told, strict=True):
        if process.returncode:
            raise MitseqError(errors.strip().splitlines()[-1])


def kill(processes: list[subprocess.Popen], rng: random.Random) -> float:
    """Kills one or several workers; the others have to end by themselves.

    Returns:
        How many seconds those that are left took.

    Raises:
        MitseqError: if one does not end, or not with a line that says why.
    """
    tasks = range(len(processes))
    some = rng.sample(tasks, rng.choice(range(1, len(processes) + 1)))
    began = time.monotonic()
    for task in some:
        processes[task].kill()
    for task in tasks:
        try:
            _, errors = processes[task].communicate(timeout=MINUTE)
        except subprocess.TimeoutExpired:
            for process in processes:
                process.kill()
            raise MitseqError(
                f"worker {task} did not end within a minute of the others"
            ) from None
        told = errors.strip().splitlines()[-1:] or [""]
        is_over = processes[task].returncode == 0  # it had come to its end
        if task not in some and not is_over and "is gone" not in told[0]:
            raise MitseqError(f"worker {task} ended with: {told[0]}")
    return time.monotonic() - began


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


def differing(a: list[np.ndarray], b: list[np.ndarray]) -> str:
    """Says which of the arrays of two states differ, for `note`.

    Example:

    >>> differing([np.zeros(2), np.ones(3)], [np.zeros(2), np.zeros(3)])
    '1 of 2 arrays differ: number 1 of shape (3,) by 1'
    """
    if len(a) != len(b):
        return f"{len(a)} arrays, not {len(b)}"
    found = [
        i for i in range(len(a)) if not is_equal(a[i : i + 1], b[i : i + 1])
    ]
    told = []
    for i in found[:5]:
        same = a[i].shape == b[i].shape and a[i].dtype.kind in "fiu"
        by = f" by {np.abs(a[i] - b[i]).max():.2g}" if same else ""
        told.append(f"number {i} of shape {a[i].shape}{by}")
    return f"{len(found)} of {len(a)} arrays differ: {', '.join(told)}"


def place(folder: Path) -> str:
    """Returns where a killed training stands, in a word."""
    if not (folder / RECORD).exists():
        return "before its start"
    if not (folder / NEWEST).exists():
        return "first epoch"
    snapshot = Snapshot.read(folder / NEWEST)
    return "mid-epoch" if snapshot.step else "epoch end"


def kill_often(
    job: str, kills: int, folder: Path, seed: int, count: int = 1
) -> dict:
    """Kills the trainings of a job and compares what they end with.

    Args:
        job: "music" or "sentiment".
        kills: How many.
        folder: An empty folder.
        seed: Of the moments.
        count: How many workers.

    Returns:
        A row of the table.
    """
    rng = random.Random(seed)  # noqa: S311
    processes = start(job, folder / "whole", count)
    began = time.monotonic()
    end(processes)
    span = time.monotonic() - began
    note(f"{job}: {span:.0f} s undisturbed, {count} at work")
    expected = state_of(folder / "whole")
    counts: dict[str, int] = {}
    done = trainings = equal = 0
    waited = 0.0
    while done < kills:
        trainings += 1
        out = folder / str(trainings)
        is_over = False
        while not is_over:
            processes = start(job, out, count)
            if done < kills:
                try:
                    processes[0].wait(rng.uniform(0, span))
                except subprocess.TimeoutExpired:
                    waited = max(waited, kill(processes, rng))
                    done += 1
                    counts[place(out)] = counts.get(place(out), 0) + 1
                    note(f"{job}: kill {done}, {place(out)}")
                    continue
            end(processes)
            is_over = True
        reached = state_of(out)
        if is_equal(reached, expected):
            equal += 1
        else:
            note(f"{job}: {differing(reached, expected)}")
        note(f"{job}: {equal} of {trainings} trainings with the same bits")
    phases = ", ".join(f"{n} {name}" for name, n in sorted(counts.items()))
    return {
        "job": job,
        "workers": count,
        "kills": done,
        "phases": phases,
        "trainings": trainings,
        "equal": equal,
        "waited": waited if count > 1 else None,
    }


def note(text: str) -> None:
    """Says how far it is."""
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=20, help="of each job")
    parser.add_argument("--jobs", nargs="+", choices=JOBS, default=JOBS)
    parser.add_argument("--workers", type=int, default=1, help="of each job")
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--train", choices=JOBS, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--resume", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--addresses", help=argparse.SUPPRESS)
    parser.add_argument("--task", type=int, default=0, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    with told_in_one_line():
        if arguments.train:
            train(
                arguments.train,
                arguments.out,
                arguments.resume,
                arguments.addresses,
                arguments.task,
            )
            return
        rows = []
        for job in arguments.jobs:
            with tempfile.TemporaryDirectory() as folder:
                rows.append(
                    kill_often(
                        job,
                        arguments.kills,
                        Path(folder),
                        arguments.seed,
                        arguments.workers,
                    )
                )
    print_results("Killed and resumed", COLUMNS, rows, as_json=arguments.json)
    if any(row["equal"] < row["trainings"] for row in rows):
        sys.exit(1)


if __name__ == "__main__":
    main()
