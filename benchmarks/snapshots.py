r"""What the snapshots of a training cost, and what it costs to resume one.

    python benchmarks/snapshots.py --epochs 1

Each job trains its default model on the data that comes with mitseq, at the
default interval: a snapshot at the end of each epoch and every five minutes.
The share is the time in which the training waits for its files, copies and
checksums included, of all its time from the first step to the last. Then it is
resumed with one epoch more, up to the first step. What a new training does
there, too, is not counted: the data, the model, and its compiling.
"""

import argparse
import contextlib
import tempfile
import time
from pathlib import Path

from errors import told_in_one_line
from tables import print_results

JOBS = ("music", "sentiment")
COLUMNS = {
    "job": "job",
    "epochs": "epochs|d",
    "seconds": "training in s|.0f",
    "writes": "snapshots|d",
    "megabytes": "MB each|.0f",
    "share": "share in %|.2f",
    "resume": "resume in s|.2f",
}


class Stopwatch:
    """Adds up the time in methods of a class, calls in calls left out."""

    def __init__(self):
        self.seconds, self.calls, self._inside = 0.0, 0, False

    def watch(self, owner: type, *names: str) -> None:
        """Replaces methods by themselves with a watch around."""
        for name in names:
            setattr(owner, name, self._watched(getattr(owner, name)))

    def _watched(self, method):
        def watched(*args, **options):
            if self._inside:
                return method(*args, **options)
            self._inside, began = True, time.monotonic()
            try:
                return method(*args, **options)
            finally:
                self._inside = False
                self.seconds += time.monotonic() - began
                self.calls += 1

        return watched


def train_music(out: Path, epochs: int, resume: bool) -> None:
    from mitseq.tasks.music.train import train_music_model
    from mitseq.tunes.corpus import Corpus, prepare

    kept = out.parent / "corpus"
    if not kept.exists():
        prepare().save(kept)
    train_music_model(
        Corpus.load(kept),
        out,
        epochs=epochs,
        sample=False,
        resume=resume,
        verbose=2,
    )


def train_sentiment(out: Path, epochs: int, resume: bool) -> None:
    from mitseq.tasks.sentiment.classifier import SentimentClassifier
    from mitseq.tasks.sentiment.grammar import grammar_texts

    data = grammar_texts(groups=60, distances=[0, 1, 2])
    classifier = SentimentClassifier(epochs=epochs, minutes=None, verbose=2)
    classifier.fit(
        data.texts, data.labels, groups=data.groups, out=out, resume=resume
    )


TRAIN = {"music": train_music, "sentiment": train_sentiment}


class FirstStep(Exception):
    """A resumed training has come to its first step."""


def stop(self, batch, logs=None):
    """Takes the place of `on_train_batch_begin`."""
    raise FirstStep


def measure(job: str, epochs: int, folder: Path) -> dict:
    """Trains and resumes a job; returns a row of the table."""
    from mitseq.training import saving
    from mitseq.training.run import TrainingRun
    from mitseq.training.saving import Snapshots

    folder.mkdir()
    out, begin = folder / "run", Snapshots.on_train_batch_begin
    saves, writes, resumes = Stopwatch(), Stopwatch(), Stopwatch()
    writes.watch(TrainingRun, "write_snapshot")
    saves.watch(Snapshots, "_now", "_end_epoch", "_write")
    TRAIN[job](out, epochs, False)
    snapshot = out / "snapshot.npz"
    history = (out / "history.csv").read_text().splitlines()
    seconds = float(history[-1].split(",")[1]) + saves.seconds / epochs
    row = {
        "job": job,
        "epochs": epochs,
        "seconds": seconds,
        "writes": writes.calls,
        "megabytes": snapshot.stat().st_size / 1e6,
        "share": 100 * saves.seconds / seconds,
    }
    resumes.watch(TrainingRun, "_read")
    resumes.watch(Snapshots, "repair", "_set_metrics")
    resumes.watch(saving, "set_variables")
    Snapshots.on_train_batch_begin = stop
    with contextlib.suppress(FirstStep):
        TRAIN[job](out, epochs + 1, True)
    Snapshots.on_train_batch_begin = begin
    return row | {"resume": resumes.seconds}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--jobs", nargs="+", choices=JOBS, default=JOBS)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with told_in_one_line(), tempfile.TemporaryDirectory() as folder:
        rows = [
            measure(job, arguments.epochs, Path(folder) / job)
            for job in arguments.jobs
        ]
    print_results("Snapshots", COLUMNS, rows, as_json=arguments.json)


if __name__ == "__main__":
    main()
