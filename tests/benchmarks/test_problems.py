"""The table of the problems: a row-maker each, peers with their ranges."""

import json

import numpy as np
import problems
import pytest

from mitseq.by_hand.ball import ball_paths
from mitseq.tasks.ball import train as ball_training


def test_the_ball_and_its_peers(monkeypatch, capsys):
    whole = ball_training.train_ball_model
    monkeypatch.setattr(
        ball_training,
        "train_ball_model",
        lambda run, **options: whole(run, **options | {"units": 4, "steps": 2}),
    )
    monkeypatch.setattr(problems, "BALL_EPOCHS", {"window": 1, "present": 1})
    monkeypatch.setattr(problems, "BALLS", 20)
    rows = problems.main(["--problems", "ball", "--seeds", "0", "1", "--json"])
    assert json.loads(capsys.readouterr().out)["rows"] == rows
    means = {(r["peer"], r["measure"]): r["mean"] for r in rows}
    assert all(r["low"] <= r["mean"] <= r["high"] for r in rows)
    assert means["the physical rule", "one step"] < 1e-5
    # Two positions of four say it where there is no wall.
    linear = means["linear window", "one step"]
    assert linear < means["stays where it is", "one step"] / 2
    for peer in ("dense window", "present position only"):
        assert (peer, "20 steps ahead") in means


def test_a_linear_window_is_exact_where_there_is_no_wall(monkeypatch):
    straight = 0.4 + 0.1 * ball_paths(64, 20, seed=0)
    straight = np.linspace(straight[:, 0], straight[:, 1], 33, axis=1)

    class Straight(ball_training.Balls):
        def draw(self, epoch):
            self.paths = straight
            return 1

    monkeypatch.setattr(ball_training, "Balls", Straight)
    model = problems.linear_window(0)
    guess = np.asarray(model(straight.astype("float32")))[:, 3:-1]
    np.testing.assert_allclose(guess, straight[:, 4:], atol=1e-4)


@pytest.mark.slow
def test_the_forecast_and_its_peers(monkeypatch, capsys):
    import forecast

    for name in ("EPOCHS", "STEPS"):
        monkeypatch.setattr(forecast, name, 1)
    monkeypatch.setattr(problems, "CYCLES", 200)
    monkeypatch.setattr(problems, "WALK", 150)
    rows = problems.main(["--problems", "forecast", "--seeds", "0", "--json"])
    capsys.readouterr()
    means = {(r["peer"], r["measure"]): r["mean"] for r in rows}
    measure = "cycles, MAE, 12 ahead"
    linear = means["linear autoregression", measure]
    assert linear < means["last value", measure]
    assert means["the model", "walk, MAE, 12 ahead"] > 0


def test_an_unknown_problem_is_refused(capsys):
    with pytest.raises(SystemExit):
        problems.main(["--problems", "chess"])
    assert "chess" in capsys.readouterr().err
