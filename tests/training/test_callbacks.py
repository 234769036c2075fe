"""The learning rate, the end of the budget, and the best epoch."""

import math

import keras
import numpy as np
import pytest

from mitseq.training.budget import Budget
from mitseq.training.callbacks import (
    EndOfBudget,
    KeepBest,
    Schedule,
    ShowSample,
)


class FakeBudget(Budget):
    """A budget whose clock says what the test tells it."""

    now = 0.0

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


def test_learning_rate_rises_to_its_peak_and_falls_to_a_hundredth():
    schedule = Schedule(2.0, FakeBudget(epochs=1), steps=100)
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

    schedule = Schedule(1.0, FakeBudget(epochs=3), steps=4)
    fit(model, [schedule, Watch()])
    expected = [schedule.learning_rate(step / 12) for step in range(12)]
    np.testing.assert_allclose(rates, expected, rtol=1e-6)


def test_an_epoch_that_is_resumed_in_its_middle_has_the_rates_of_its_end():
    schedule = Schedule(1.0, FakeBudget(epochs=2), steps=4)
    schedule.set_params({"steps": 1})  # the last step of the second epoch
    schedule.on_epoch_begin(1)
    assert schedule.epochs(0) == 1.75 and schedule.epochs(1) == 2.0


def test_training_stops_when_the_minutes_are_used_up():
    budget = FakeBudget(minutes=1.0)
    steps = []

    class Tick(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            budget.now += 11.0
            steps.append(batch)

    model = small_model()
    history = fit(model, [Tick(), EndOfBudget(budget, 4)], epochs=100)
    assert len(steps) == 6  # 6 x 11 s > 60 s, in the second epoch of 4
    assert len(history.epoch) == 2


def test_keep_best_has_the_best_and_stops_after_patience():
    model = small_model()
    values = iter([3.0, 1.0, 2.0, 2.0, 0.5])
    weights = []

    class Value(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["value"] = next(values)
            weights.append(self.model.get_weights())

    best = KeepBest("value", 2)
    history = fit(model, [Value(), best], epochs=9)
    assert len(history.epoch) == 4 and best.is_over
    assert (best.epoch, best.best) == (2, 1.0)
    for a, b in zip(best.weights, weights[1], strict=True):
        np.testing.assert_array_equal(a, b)


def test_keep_best_remembers_what_an_earlier_run_has_seen():
    callback = KeepBest("value", 2)
    rows = [{"value": 3.0}, {"value": 1.0}, {"value": 2.0}]
    callback.restore(rows, ["weights"])
    assert (callback.best, callback.epoch, callback.waited) == (1.0, 2, 1)
    assert callback.weights == ["weights"] and not callback.is_over
    callback.restore([*rows, {"other": 0.0}], [])
    assert callback.is_over
    assert KeepBest("value", 5).best == math.inf


def test_nan_is_never_the_best():
    callback = KeepBest("value", patience=1)
    model = small_model()
    callback.set_model(model)
    callback.on_epoch_end(0, {"value": math.nan})
    assert callback.weights == [] and model.stop_training


def test_show_sample_writes_to_stderr(capsys):
    model = small_model()
    fit(model, [ShowSample(lambda model: f"sample of {model.name}")], epochs=1)
    captured = capsys.readouterr()
    assert captured.err.strip() == f"sample of {model.name}"
    assert captured.out == ""
