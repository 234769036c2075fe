import json
import signal

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment import train as training
from mitseq.tasks.sentiment.classifier import SentimentClassifier

SMALL = ("--plain", "--cell", "gru", "--epochs", 2)


@pytest.fixture
def data(tmp_path):
    """Texts that one word decides, with a test part, as folders."""
    for split, count in (("train", 20), ("test", 3)):
        for label, word in (("pos", "good"), ("neg", "bad")):
            folder = tmp_path / "data" / split / label
            folder.mkdir(parents=True)
            for i in range(count):
                (folder / f"{i}.txt").write_text(f"day {i} was {word}")
    return tmp_path / "data"


# `kill -9` of the training itself, when the first epoch is written.
KILLED = """
import os, signal
from mitseq.cli import cli
from mitseq.training.run import TrainingRun
write = TrainingRun.write_snapshot
def kill(self, snapshot):
    write(self, snapshot)
    os.kill(os.getpid(), signal.SIGKILL)
TrainingRun.write_snapshot = kill
cli()
"""


@pytest.mark.slow
def test_a_training_that_was_killed_is_resumed(
    run, run_process, data, tmp_path, monkeypatch
):
    args = ("sentiment", "train", "--out", "run")
    killed = run_process(*args, "--data", data, *SMALL, python=("-c", KILLED))
    assert killed.code == -signal.SIGKILL, killed.stderr
    left = {path.name for path in (tmp_path / "run").iterdir()}
    assert left == {"run.json", "snapshot.npz", ".lock"}
    half = tmp_path / "run" / ".mitseq-4194399-a1b2c3-01234567.keras"
    half.write_bytes(b"PK")  # as if it was killed a moment later

    # another start in the same place is no accident
    again = run(*args, "--data", data, *SMALL)
    assert again.code == 2 and "--resume" in again.stderr
    other = run(*args, "--resume", "--cell", "lstm")
    assert other.is_mistake("--cell must be as in", "(gru)", "lstm")
    other = run(*args, "--resume", "--test", data)
    assert other.is_mistake("--test must be as in", "(not given)", "data")

    # neither data nor cell are said again: they are those of before
    done = run(*args, "--resume", "--json")
    assert done.code == 0, done.stderr
    result = done.json
    assert result["settings"]["cell"] == "gru" and result["n"] == 40
    assert result["classes"] == ["neg", "pos"]
    assert len(result["history"]["epochs"]) == 2
    assert result["test"]["n"] == 6
    held = result["validation"]
    assert (held["n"], held["majority"]) == (4, 0.5)  # a tenth of each class
    assert held["accuracy"] == result["validation_accuracy"]
    low, high = held["accuracy_interval"]
    assert low <= held["accuracy"] <= high
    assert "train/ of data/" in done.stderr  # remarks and progress
    assert "\r" not in done.stderr and "\b" not in done.stderr
    kept = json.loads((tmp_path / "run" / "classifier.json").read_text())
    assert kept["settings"]["ngrams"] == 0
    left = {path.name for path in (tmp_path / "run").iterdir()}
    assert left == {
        *("run.json", "history.csv", "snapshot.npz", "snapshot-before.npz"),
        *("model.keras", "classifier.json"),
    }

    # it is the training that was never killed
    whole = run("sentiment", "train", "--data", data, *SMALL, "--out", "whole")
    assert whole.code == 0, whole.stderr
    line = whole.stdout.splitlines()[1]
    assert line.startswith("accuracy on 4 held-out texts: ")
    assert f"(95 % interval {low:.4f} to {high:.4f}; always 'neg': 0.5" in line
    assert ("as far as 4 held-out texts tell" in whole.stderr) is (low <= 0.5)
    probs = [
        SentimentClassifier.load(tmp_path / name).predict_proba(["day was bad"])
        for name in ("run", "whole")
    ]
    np.testing.assert_allclose(*probs, atol=1e-6)

    # a finished one is not trained any more
    monkeypatch.setattr(training, "train_sentiment_model", None)
    once_more = run(*args, "--resume", "--json")
    assert once_more.code == 0, once_more.stderr
    assert "run: this training is finished" in once_more.stderr
    for name in ("history", "test", "n", "classes", "settings"):
        assert once_more.json[name] == result[name]

    judged = run("sentiment", "evaluate", "--model", "run", "--data", data)
    assert judged.code == 0, judged.stderr
    assert f"{result['test']['accuracy']:.4f}" in judged.stdout


@pytest.mark.parametrize(
    "args, words",
    [
        (("--balanced",), ["class_weight='balanced'"]),
        (("--vectors", "v.txt"), ["vectors='v.txt'"]),
        (("--unlabelled", "texts"), ["unlabelled='texts'"]),
        (("--minutes", 2), ["minutes=2.0", "epochs=None"]),
        (("--epochs", 3), ["epochs=3"]),
        (("--cell", "rnn", "--seed", 7), ["cell='rnn'", "seed=7"]),
        (
            ("--plain",),
            ["ngrams=0", "characters=0", "bidirectional=False", "'last'"],
        ),
    ],
)
def test_options_reach_the_classifier(run, data, monkeypatch, args, words):
    def fit(self, texts, labels, **options):
        raise MitseqError(repr(self))

    monkeypatch.setattr(SentimentClassifier, "fit", fit)
    done = run("sentiment", "train", "--data", data, "--out", "run", *args)
    line = done.stderr.splitlines()[-1]
    assert done.code == 2 and all(word in line for word in words), line


def test_twins_of_the_grammar_are_held_out_together(run, monkeypatch):
    def fit(self, texts, labels, *, groups, **options):
        twins = len(texts) / len(set(groups))
        raise MitseqError(f"{twins:.1f} texts a group")

    monkeypatch.setattr(SentimentClassifier, "fit", fit)
    done = run("sentiment", "train", "--data", "builtin", "--out", "run")
    assert "3.1 texts a group" in done.stderr


def test_test_texts_that_were_learned_are_counted(run, monkeypatch, tmp_path):
    def fit(self, texts, labels, **options):
        raise MitseqError("enough")

    monkeypatch.setattr(SentimentClassifier, "fit", fit)
    (tmp_path / "a.csv").write_text("text,label\ngood,pos\nbad,neg\nill,neg\n")
    (tmp_path / "b.csv").write_text("text,label\nGood!,pos\nnew,neg\n")
    args = ("sentiment", "train", "--data", "a.csv", "--out", "run", "--test")
    assert "1 of 2 test texts stand in the tr" in run(*args, "b.csv").stderr
    assert "classes of unequal size (neg: 2, pos: 1)" in run(
        *args, "a.csv"
    ).stderr.replace("\n", " ")


@pytest.mark.parametrize(
    "args, words",
    [
        ((), ["--data"]),
        (("--data", "none"), ["none: no such file or folder"]),
        (("--data", "one.csv"), ["one.csv", "all labels are 'pos'"]),
        (("--data", "ragged.csv"), ["ragged.csv: line 3", "3 columns"]),
        (("--data", "nul.csv"), ["nul.csv: line 2", "NUL"]),
        (("--data", "empty.csv"), ["empty.csv", "empty"]),
        (("--data", "latin.csv", "--encoding", "utf-8"), ["line 2", "0xe9"]),
        (("--data", "one.csv", "--text-column", "body"), ["text, label"]),
        (("--data", "unlabeled.csv"), ["line 3", "label is missing"]),
        (("--data", "x", "--epochs", "0"), ["--epochs"]),
        (("--data", "x", "--minutes", "-1"), ["--minutes"]),
        (("--data", "x", "--epochs", "1", "--minutes", "1"), ["exclude"]),
        (("--data", "x", "--cell", "cnn"), ["--cell", "transformer"]),
        (("--resume",), ["run", "no training to resume"]),
        (("--data", "x", "--out", "one.csv"), ["expected a folder"]),
        # found in the data, before anything is trained
        (
            ("--data", "few.csv"),
            ["two texts of each class", "one text of 'neg'"],
        ),
        (("--data", "two.csv", "--vectors", "v.txt"), ["v.txt", "line 2"]),
        (("--data", "two.csv", "--unlabelled", "none"), ["none", "No such"]),
        (
            ("--data", "two.csv", "--unlabelled", "v.txt", "--cell")
            + ("attention",),
            ["`cell`", "unlabelled", "attention"],
        ),
        (
            ("--data", "two.csv", "--test", "other.csv"),
            ["other.csv: the label 'fair'", "neg, pos"],
        ),
    ],
)
def test_mistakes_are_one_line(run, tmp_path, args, words):
    files = {
        "one.csv": b"text,label\ngood,pos\nfine,pos\n",
        "ragged.csv": b"text,label\ngood,pos\nbad,neg,x\n",
        "nul.csv": b"text,label\ngo\0od,pos\n",
        "empty.csv": b"",
        "latin.csv": b"text,label\ncaf\xe9,pos\n",
        "few.csv": b"text,label\ngood,pos\nfine,pos\nbad,neg\n",
        "two.csv": b"text,label\ngood,pos\nfine,pos\nbad,neg\nill,neg\n",
        "other.csv": b"text,label\nso,fair\ngood,pos\n",
        "v.txt": b"good 1 2\nbad 3\n",
        "unlabeled.csv": b"text,label\ngood,pos\nbad,\n",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    out = () if "--out" in args else ("--out", "run")
    done = run("sentiment", "train", *args, *out)
    line = done.stderr.splitlines()[-1]
    assert done.code == 2 and line.startswith("mitseq: error: ")
    assert all(word in line for word in words), line
    assert done.stdout == ""
    assert not list((tmp_path / "run").glob("*"))  # nothing in the way
