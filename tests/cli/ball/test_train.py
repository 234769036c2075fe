"""`mitseq ball train`: a folder, its resuming, and wrong options."""

import pytest

from mitseq.cli.ball import options as shared
from mitseq.cli.ball.train import CELLS
from mitseq.tasks.ball import train as training
from mitseq.tasks.ball.model import CELLS as BUILT


@pytest.fixture
def few_steps(monkeypatch):
    whole = training.train_ball_model
    monkeypatch.setattr(
        training,
        "train_ball_model",
        lambda run, **options: whole(run, steps=3, **options),
    )


def test_a_training_writes_its_folder_and_is_resumed(run, tmp_path, few_steps):
    args = ("ball", "train", "--cell", "present", "--units", 4, "--out", "r")
    done = run(*args, "--epochs", 2)
    assert done.code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "r/model.keras"
    assert lines[1].startswith("held-out distance along an axis: 0.0")
    assert {p.name for p in (tmp_path / "r").iterdir()} == {
        *("model.keras", "history.csv", "run.json", "snapshot.npz"),
        "snapshot-before.npz",
    }
    assert run(*args, "--epochs", 2).is_mistake("--resume")
    other = run("ball", "train", "--out", "r", "--resume", "--cell", "gru")
    assert other.is_mistake("--cell must be as in", "(present)", "gru")

    more = run("ball", "train", "--out", "r", "--resume", "--epochs", 3)
    assert more.code == 0 and "of 3)" in more.stdout
    same = run("ball", "train", "--out", "r", "--resume", "--json")
    assert "r: this training is finished" in same.stderr
    assert len(same.json["history"]) == 3
    assert same.json["settings"]["cell"] == "present"


def test_paths_of_files_are_learned_from(run, tmp_path, few_steps):
    box = ("--box", 0, 0, 640, 480)
    run("ball", "simulate", "--count", 2, "--num-steps", 40, *box)
    args = ("ball", "train", "--cell", "present", "--units", 4, "--out", "r")
    done = run(*args, "--data", "balls", *box, "--epochs", 1)
    assert done.code == 0, done.stderr
    # neither data nor box are said again
    more = run("ball", "train", "--out", "r", "--resume", "--epochs", 2)
    assert more.code == 0 and "of 2)" in more.stdout, more.stderr
    judged = run(
        *("ball", "evaluate", "--model", "r", "--data", "balls/ball-1.csv"),
        *("balls/ball-2.csv", *box, "--json", "--out", "f"),
    )
    assert judged.json["draws"] == 2
    assert set(judged.json["errors"]["the model"]) == {"one_step", "ahead"}
    assert judged.json["errors"]["the physical rule"]["one_step"]["mean"] < 1e-4
    # other paths are another training
    (tmp_path / "balls" / "ball-2.csv").unlink()
    other = run("ball", "train", "--out", "r", "--resume", "--epochs", 3)
    assert other.code == 2 and "other data" in other.stderr


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--cell", "cnn"), ["--cell", "present"]),
        (("--speed", 0.1, 0.05), ["`speed` must be", "lower one first"]),
        (("--speed", 0, 0.05), ["--speed", "not above 0"]),
        (("--noise", 1), ["--noise"]),
        (("--data", "none.csv"), ["none.csv", "No such file"]),
        (("--data", "."), ["a folder without a .csv file"]),
        (("--data", "x", "--speed", 0.1, 0.2), ["--speed", "without --data"]),
        (("--epochs", 1, "--minutes", 1), ["exclude"]),
        (("--resume",), ["no training to resume"]),
    ],
)
def test_mistakes_are_one_line(run, tmp_path, args, words):
    done = run("ball", "train", "--out", "r", *args)
    assert done.is_mistake(*words)
    assert not (tmp_path / "r" / "run.json").exists()


def test_what_the_help_says_is_what_the_task_has():
    assert set(CELLS) == set(BUILT)
    assert shared.SPEED == training.SPEED
