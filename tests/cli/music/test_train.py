import csv

import pytest

from tests.cli.music.conftest import reels

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
