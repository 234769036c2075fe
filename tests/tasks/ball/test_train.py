"""Training learns, is resumed to the same numbers, and refuses nonsense."""

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.ball.evaluation import (
    STAYS,
    evaluate_ball_model,
    unseen_paths,
)
from mitseq.tasks.ball.model import load_ball_model
from mitseq.tasks.ball.train import (
    TEST,
    TRAIN,
    VALIDATION,
    Balls,
    train_ball_model,
)
from mitseq.training.fit import Snapshots
from mitseq.training.run import MODEL, TrainingRun

SMALL = {
    "cell": "window",  # compiles fastest
    "units": 32,
    "noise": 0.001,  # drawn anew by the resumed training, too
    "epochs": 3,
    "steps": 40,
    "learning_rate": 0.01,
}


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ball")
    with TrainingRun(folder) as run:
        return folder, train_ball_model(run, **SMALL)


def test_a_few_balls_beat_the_present_alone(trained):
    folder, rows = trained
    assert rows[-1]["val_loss"] < rows[0]["val_loss"]
    model = load_ball_model(folder / MODEL)
    found = evaluate_ball_model(model, [unseen_paths(50, 0)], steps=1)
    assert found["the model"].next < found[STAYS].next / 2


def test_a_training_that_was_killed_ends_as_the_whole_one(
    trained, tmp_path, monkeypatch
):
    write = Snapshots._write

    def write_and_die(self, snapshot):
        write(self, snapshot)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Snapshots, "_write", write_and_die)
        with TrainingRun(tmp_path) as run:
            train_ball_model(run, **SMALL)
    with TrainingRun(tmp_path, resume=True) as run:
        rows = train_ball_model(run, **SMALL)
    assert [row["val_loss"] for row in rows] == [
        row["val_loss"] for row in trained[1]
    ]
    path = unseen_paths(1, 0)
    np.testing.assert_array_equal(
        load_ball_model(tmp_path)(path), load_ball_model(trained[0])(path)
    )


def test_a_finished_training_is_left_as_it_is(trained, monkeypatch):
    monkeypatch.setattr("mitseq.tasks.ball.train.fit", None)
    with TrainingRun(trained[0], resume=True) as run:
        rows = train_ball_model(run, **SMALL)
        assert [row["loss"] for row in rows] == [
            row["loss"] for row in trained[1]
        ]
        with pytest.raises(MitseqError, match="`cell` must be as in"):
            train_ball_model(run, **SMALL | {"cell": "lstm"})


def test_balls_are_new_in_each_epoch_and_for_each_use():
    balls = Balls(steps=1)
    paths = []
    for epoch in (1, 2, 1):
        balls.start(epoch)
        x, y = balls[0]
        np.testing.assert_array_equal(x[:, 1:], y[:, :-1])
        paths.append(x)
    np.testing.assert_array_equal(paths[0], paths[2])
    assert (paths[0] != paths[1]).any(axis=(1, 2)).all()
    assert len({TRAIN, VALIDATION, TEST, 0}) == 4


@pytest.mark.parametrize("speed", [(0.1, 0.05), (0, 0.1), (0.1, 2)])
def test_speeds_that_no_ball_has_are_refused(speed):
    with TrainingRun() as run, pytest.raises(MitseqError, match="`speed` must"):
        train_ball_model(run, speed=speed)
