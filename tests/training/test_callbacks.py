"""Time, learning rate, the best model and what a killed run leaves behind."""

import json
import math

import keras
import numpy as np
import pytest

from mitseq.training.callbacks import (
    Clock,
    EpochLog,
    KeepBest,
    Schedule,
    ShowSample,
    Snapshot,
)


class FakeClock(Clock):
    """A clock that says what the test tells it."""

    def __init__(self, seconds=0.0):
        super().__init__()
        self.now = seconds

    def seconds(self):
        return self.now


def small_model():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
    return model


def fit(model, callbacks, epochs=3):
    x = np.random.default_rng(0).normal(size=(8, 2))
    return model.fit(
        x,
        x[:, :1],
        batch_size=2,
        epochs=epochs,
        callbacks=callbacks,
        verbose=0,
        shuffle=False,
    )


def test_clock_goes_on_from_the_seconds_of_earlier_runs():
    assert 100 <= Clock(100).seconds() < 110


def test_learning_rate_rises_to_its_peak_and_falls_to_a_hundredth():
    schedule = Schedule(2.0, steps=100, minutes=None, clock=FakeClock())
    assert schedule.learning_rate(0.015) == pytest.approx(1.0)
    assert schedule.learning_rate(0.03) == pytest.approx(2.0)
    half = 0.03 + 0.97 / 2
    assert schedule.learning_rate(half) == pytest.approx(2.0 * 0.505)
    assert schedule.learning_rate(1.0) == pytest.approx(0.02)


def test_schedule_sets_the_rate_of_the_optimizer_at_each_step():
    model = small_model()
    rates = []

    class Watch(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            rate = self.model.optimizer.learning_rate
            rates.append(float(keras.ops.convert_to_numpy(rate)))

    schedule = Schedule(1.0, steps=12, minutes=None, clock=FakeClock())
    fit(model, [schedule, Watch()])
    expected = [schedule.learning_rate(step / 12) for step in range(12)]
    np.testing.assert_allclose(rates, expected, rtol=1e-6)


def test_training_stops_when_the_minutes_are_used_up():
    clock = FakeClock()
    schedule = Schedule(1.0, steps=None, minutes=1.0, clock=clock)

    class Tick(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            clock.now += 11.0

    model = small_model()
    history = fit(model, [Tick(), schedule], epochs=100)
    assert schedule.step == 6  # 6 x 11 s > 60 s, in the second epoch of 4
    assert len(history.epoch) == 2


def test_keep_best_saves_the_best_and_stops_after_patience(tmp_path):
    path = tmp_path / "model.keras"
    model = small_model()
    values = iter([3.0, 1.0, 2.0, 2.0, 0.5])
    weights = []

    class Value(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["value"] = next(values)
            weights.append(self.model.get_weights())

    history = fit(
        model, [Value(), KeepBest(path, "value", patience=2)], epochs=9
    )
    assert len(history.epoch) == 4
    best = keras.saving.load_model(path)
    for a, b in zip(best.get_weights(), weights[1], strict=True):
        np.testing.assert_array_equal(a, b)
    assert [p.name for p in tmp_path.iterdir()] == ["model.keras"]


def test_keep_best_remembers_what_an_earlier_run_has_seen(tmp_path):
    callback = KeepBest(tmp_path / "m.keras", "value", 5, seen=[3.0, 1.0, 2.0])
    assert callback.best == 1.0
    assert callback.waited == 1
    callback = KeepBest(tmp_path / "m.keras", "value", 5)
    assert callback.best == math.inf


def test_nan_is_never_the_best(tmp_path):
    callback = KeepBest(tmp_path / "m.keras", "value", patience=1)
    model = small_model()
    callback.set_model(model)
    callback.on_epoch_end(0, {"value": math.nan})
    assert not (tmp_path / "m.keras").exists()
    assert model.stop_training


def test_epoch_log_reads_what_it_wrote_and_keeps_earlier_rows(tmp_path):
    path = tmp_path / "history.csv"
    log = EpochLog(path, FakeClock(5.0), rows=[{"epoch": 1.0, "loss": 2.0}])
    log.on_epoch_end(1, {"loss": 0.5, "extra": 7})
    assert EpochLog.read(path) == [
        {"epoch": 1.0, "loss": 2.0},
        {"epoch": 2.0, "seconds": 5.0, "loss": 0.5, "extra": 7.0},
    ]


def test_snapshot_is_saved_each_epoch_and_when_it_is_due(tmp_path):
    model = small_model()
    seen = []

    class Due(Snapshot):
        SECONDS = 0.0  # due at once

        def _save(self, epoch, step):
            super()._save(epoch, step)
            seen.append((epoch, step))

    fit(model, [Due(tmp_path, FakeClock(9.0), {"seed": 3})], epochs=2)
    first = [(0, step) for step in range(5)]
    assert seen == [*first, *((1, step) for step in range(5))]
    record = json.loads((tmp_path / "snapshot.json").read_text())
    assert record == {
        "seed": 3,
        "model": "snapshot-1-4.keras",
        "epoch": 1,
        "step": 4,
        "seconds": 9.0,
    }
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["snapshot-1-4.keras", "snapshot.json"]


def test_show_sample_writes_to_stderr(capsys):
    model = small_model()
    fit(model, [ShowSample(lambda model: f"sample of {model.name}")], epochs=1)
    captured = capsys.readouterr()
    assert captured.err.strip() == f"sample of {model.name}"
    assert captured.out == ""
