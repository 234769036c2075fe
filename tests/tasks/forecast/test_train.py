"""Training learns, is resumed to the same numbers, and refuses nonsense."""

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.forecast.baselines import LAST
from mitseq.tasks.forecast.evaluation import MODEL as THE_MODEL
from mitseq.tasks.forecast.evaluation import evaluate_forecast, quantiles_of
from mitseq.tasks.forecast.model import (
    build_forecast_model,
    has_faults,
    load_forecast_model,
)
from mitseq.tasks.forecast.train import (
    fit_linear,
    pinball,
    train_forecast_model,
    trained_model,
)
from mitseq.training.fit import Snapshots
from mitseq.training.run import TrainingRun
from tests.tasks.forecast.conftest import SMALL, wave


def test_a_small_model_beats_the_last_value(model):
    found = evaluate_forecast(model, wave())
    assert found.scores[THE_MODEL].mae < 0.7 * found.scores[LAST].mae


def test_the_held_out_end_is_not_looked_at(trained):
    values = wave()
    values[240:] = 1e6
    again = trained_model(values, **SMALL)
    before = load_forecast_model(trained[0])
    for a, b in zip(again.get_weights(), before.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


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
            train_forecast_model(run, wave(), **SMALL)
    with TrainingRun(tmp_path, resume=True) as run:
        rows = train_forecast_model(run, wave(), **SMALL)
    assert [row["val_loss"] for row in rows] == [
        row["val_loss"] for row in trained[1]
    ]
    np.testing.assert_array_equal(
        quantiles_of(load_forecast_model(tmp_path), wave()),
        quantiles_of(load_forecast_model(trained[0]), wave()),
    )


def test_a_finished_training_is_left_as_it_is(trained, monkeypatch):
    monkeypatch.setattr("mitseq.tasks.forecast.train.fit", None)
    with TrainingRun(trained[0], resume=True) as run:
        rows = train_forecast_model(run, wave(), **SMALL)
        assert len(rows) == SMALL["epochs"]
        with pytest.raises(MitseqError, match="`cell` must be as in"):
            train_forecast_model(run, wave(), **SMALL | {"cell": "lstm"})
        with pytest.raises(MitseqError, match="had other data"):
            train_forecast_model(run, wave(seed=1), **SMALL)


def test_the_linear_part_knows_a_linear_series():
    """x_t = 1.6 x_prev - 0.9 x_before goes on exactly, three steps ahead."""
    x = [1.0, 1.2]
    for _ in range(200):
        x.append(1.6 * x[-1] - 0.97 * x[-2] + 0.3 * np.sin(len(x) * 1.9))
    values = np.array(x)
    model = build_forecast_model(horizon=3, units=2, lags=6, span=1000)
    fit_linear(model, values[None, :180], values[None, :180])
    said = quantiles_of(model, values)[190:198, :, 2]
    truth = np.array([values[t + 1 : t + 4] for t in range(190, 198)])
    assert np.abs(said - truth).mean() < 0.1 * values.std()


def test_the_pinball_loss_by_hand():
    y = np.array([[[2.0]]], "float32")
    q = np.array([[[[1.0, 1, 2, 3, 4]]]], "float32")
    # 0.025 and 0.1 of a step below; nothing; 0.1 and 0.025 of a step above
    expected = 2 * (0.025 + 0.1 + 0 + 0.1 + 2 * 0.025) / 5
    np.testing.assert_allclose(float(pinball(y, q)[0, 0]), expected, rtol=1e-5)


def test_sensors_are_learned_with_their_faults(tmp_path, monkeypatch):
    monkeypatch.setattr("mitseq.tasks.forecast.train.SENSORS", 8)
    small = {"units": 4, "cell": "gru", "epochs": 1, "steps": 2, "batch": 4}
    with TrainingRun(tmp_path) as run:
        (row,) = train_forecast_model(
            run, None, horizon=1, faults=True, **small
        )
    assert row["val_fault_loss"] < 1
    assert has_faults(load_forecast_model(tmp_path))


@pytest.mark.parametrize(
    ("values", "wrong", "words"),
    [
        (wave(20), {}, "`values`: 20 values are too few to look 3 ahead"),
        (wave(), {"faults": True}, "`faults` is for sensors that are made up"),
        (wave(), {"steps": 0}, "`steps` must be positive"),
        (wave(), {"units": 0}, "`units` must be a positive int"),
    ],
)
def test_nonsense_is_refused(values, wrong, words):
    with TrainingRun() as run, pytest.raises(MitseqError, match=words):
        train_forecast_model(run, values, **SMALL | wrong)
