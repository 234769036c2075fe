import csv
import signal
import time

import numpy as np
import pytest

from mitseq.training.lock import FolderLock
from mitseq.training.run import TrainingRun
from mitseq.training.saving import Snapshots
from mitseq.training.snapshot import Snapshot
from tests.cli.music.conftest import reels
from tests.two_workers import SECONDS, free_addresses, start, wait_for

SMALL = (
    *("--cell", "gru", "--units", "8", "--layers", "1"),
    *("--batch-size", "4", "--sequence-length", "32"),
)


@pytest.fixture
def tunes(tmp_path):
    path = tmp_path / "reels.abc"
    path.write_text(reels(12))
    return path


def test_train_writes_model_and_history_and_resumes(run, tunes, tmp_path):
    args = ("music", "train", "--out", "run", "--json")
    first = run(*args, "--data", tunes, *SMALL, "--epochs", 1)
    assert first.code == 0, first.stderr
    assert first.json["model"] == "run/model.keras"
    assert first.json["settings"]["units"] == 8
    (note,) = first.json["notes"]  # in one line, and at the beginning
    assert "so few" in note and "\n" not in note
    assert first.stderr.index(f"{note}\n") < first.stderr.index("loss")
    assert "loss" in first.stderr  # progress is there, but not on stdout
    assert "\r" not in first.stderr and "\b" not in first.stderr
    with open(tmp_path / "run" / "history.csv", newline="") as file:
        (row,) = csv.DictReader(file)
    bits = first.json["best"]["val_bits_per_character"]
    assert float(row["val_bits_per_character"]) == pytest.approx(bits)

    again = run(*args, "--data", tunes, *SMALL, "--epochs", 1)
    assert again.is_mistake("--resume")

    # Neither data nor sizes are said again: they are those of before.
    more = run(*args, "--epochs", 2, "--resume")
    assert more.code == 0, more.stderr
    assert len(more.json["epochs"]) == 2
    assert more.json["settings"] == first.json["settings"]

    # Nor is the length: without it the training is at its end.
    for length in ((), ("--epochs", 2)):
        done = run(*args, *length, "--resume")
        assert done.code == 0 and "this training is finished" in done.stderr
        assert done.json["epochs"] == more.json["epochs"]
    assert "finished" not in more.stderr

    other = run(*args, "--epochs", 3, "--resume", "--units", 16)
    assert other.is_mistake("units", "8", "16")

    judged = run("music", "evaluate", "--model", "run", "--samples", 0)
    assert judged.code == 0, judged.stderr
    assert "bits_per_character" in judged.stdout


def test_a_torn_folder_is_one_line_and_stays_as_it_is(run, tunes, tmp_path):
    args = ("music", "train", "--out", "run")
    first = run(*args, "--data", tunes, *SMALL, "--epochs", 1)
    assert first.code == 0, first.stderr
    folder = tmp_path / "run"
    names = [f"corpus/{n}.abc" for n in ("train", "validation", "test")]
    for name in (*names, "corpus/report.json"):
        path = folder / name
        whole = path.read_bytes()
        for content in (whole[:-9], b"", b"\xff\0", whole + b"z", None):
            path.unlink()
            if content is not None:
                path.write_bytes(content)
            before = contents(folder)
            outcome = run(*args, "--resume", "--epochs", 2)
            assert outcome.is_mistake(name, "resumed")
            assert contents(folder) == before
        path.write_bytes(whole)
    (folder / "snapshot.npz").write_bytes(b"PK")
    before = contents(folder)
    outcome = run(*args, "--resume", "--epochs", 2)
    assert outcome.is_mistake("snapshot.npz is damaged", "nothing was changed")
    assert contents(folder) == before


def contents(folder):
    return {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_second_training_in_the_folder_is_refused(run, tunes, tmp_path):
    args = ("music", "train", "--data", tunes, "--out", "run", *SMALL)
    with FolderLock(tmp_path / "run"):
        for more in ((), ("--resume",)):
            outcome = run(*args, *more)
            assert outcome.is_mistake("another training is writing here")
        assert [p.name for p in (tmp_path / "run").iterdir()] == [".lock"]


def test_a_training_that_was_started_in_python_is_resumed_there(run, tmp_path):
    with TrainingRun(tmp_path / "run") as training:
        training.check({})
        training.start()
    outcome = run("music", "train", "--out", "run", "--resume")
    assert outcome.is_mistake("started in Python", "resume=True")


def test_sigterm_saves_and_ends_with_143(run, tunes, monkeypatch):
    begin = Snapshots.on_train_batch_begin

    def ask(self, batch, logs=None):
        begin(self, batch, logs)
        if (self.state.epoch, batch) == (1, 0):
            signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(Snapshots, "on_train_batch_begin", ask)
    args = ("music", "train", "--data", tunes, "--out", "run", *SMALL)
    outcome = run(*args, "--epochs", 3)
    assert outcome.code == 143, outcome.stderr
    assert outcome.stderr.splitlines()[-1] == (
        "mitseq: error: interrupted at epoch 2, step 1; saved in run, --resume "
        "goes on from there"
    )


@pytest.mark.slow
def test_a_transformer_trains_resumes_is_judged_and_writes(run, tunes):
    args = ("music", "train", "--out", "run", "--json")
    sizes = (*SMALL[2:], "--cell", "transformer", "--heads", 2)
    sizes = (*sizes, "--level", "character")
    first = run(*args, "--data", tunes, *sizes, "--epochs", 1)
    assert first.code == 0, first.stderr
    more = run(*args, "--epochs", 2, "--resume")
    assert more.code == 0, more.stderr
    assert len(more.json["epochs"]) == 2
    assert more.json["settings"]["heads"] == 2
    judged = run("music", "evaluate", "--model", "run", "--samples", 2)
    assert judged.code == 0, judged.stderr
    assert "bits_per_character" in judged.stdout


@pytest.mark.parametrize(
    "args, words",
    [
        (["--epochs", "0"], ["--epochs"]),
        (["--minutes", "0"], ["--minutes"]),
        (["--minutes", "-1"], ["--minutes"]),
        (["--epochs", "1", "--minutes", "1"], ["exclude"]),
        (["--units", "0"], ["--units"]),
        (["--layers", "-1"], ["--layers"]),
        (["--batch-size", "0"], ["--batch-size"]),
        (["--sequence-length", "0"], ["--sequence-length"]),
        (["--cell", "perceptron"], ["--cell", "lstm", "transformer"]),
        (["--cell", "transformer", "--heads", "3"], ["units=8", "heads=3"]),
        (["--level", "word"], ["--level", "token"]),
        (["--device", "gpu:7"], ["gpu:7"]),
        (["--out", "reels.abc"], ["reels.abc", "expected a folder"]),
        (["--resume"], ["run", "resume"]),
        (["--data", "none.abc"], ["none.abc"]),
    ],
)
def test_train_mistakes_are_one_line(run, tunes, args, words, tmp_path):
    data = () if "--data" in args else ("--data", tunes)
    out = () if "--out" in args else ("--out", "run")
    outcome = run("music", "train", *data, *out, *SMALL, *args)
    assert outcome.is_mistake(*words)
    assert not list(tmp_path.rglob("model.keras"))


def train_two(cwd, data, out, *more, stop=None):
    """Trains with two processes; one is asked to stop after an epoch."""
    addresses = free_addresses()
    processes = [
        start(
            ["-m", "mitseq", "music", "train", "--data", data, *SMALL]
            + ["--epochs", "2", "--out", out, "--workers", addresses]
            + ["--task", task, *more],
            cwd=cwd,
        )
        for task in (0, 1)
    ]
    if stop is not None:
        deadline = time.monotonic() + SECONDS
        while not (cwd / out / "snapshot.npz").exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        processes[stop].terminate()
    return wait_for(processes)


@pytest.mark.slow
def test_two_workers_stop_together_and_go_on_to_the_same_bits(tunes, tmp_path):
    whole = train_two(tmp_path, tunes, "whole")
    for status, _, errors in whole:
        assert status == 0, errors
    (_, out, errors), (_, silent, nothing) = whole
    # the first worker alone prints and writes
    assert "best held-out bits per character" in out
    assert errors.count("epoch 1 of 2: loss") == 1
    assert silent == "" and "epoch" not in nothing

    stopped = train_two(tmp_path, tunes, "stopped", stop=1)
    assert [status for status, *_ in stopped] == [128 + signal.SIGTERM] * 2
    assert "saved in stopped, --resume goes on" in stopped[0][2]
    again = train_two(tmp_path, tunes, "stopped", "--resume")
    assert [status for status, *_ in again] == [0, 0], again
    assert "epoch 1 of 2" not in again[0][2]
    states = [
        Snapshot.read(tmp_path / name / "snapshot.npz")
        for name in ("whole", "stopped")
    ]
    arrays = [[*state.variables, *state.best] for state in states]
    for a, b in zip(*arrays, strict=True):
        np.testing.assert_array_equal(a, b)
    expected, found = (
        [row | {"seconds": 0} for row in state.rows] for state in states
    )
    assert expected == found and len(found) == 2
