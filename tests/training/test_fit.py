"""A training that is interrupted at any moment ends as if it was not."""

import itertools
import time

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.training import budget as budget_module
from mitseq.training import fit as module
from mitseq.training.budget import Budget
from mitseq.training.run import TrainingRun, read_history
from mitseq.training.saving import Snapshots
from mitseq.training.snapshot import Snapshot
from tests.training.toy_training import (
    EPOCHS,
    STEPS,
    Killed,
    Shuffled,
    assert_same,
    train,
)


@pytest.fixture(scope="module")
def whole():
    return train(fresh=True)


@pytest.mark.parametrize("moment", range(1, EPOCHS * STEPS + 1))
def test_killed_after_any_snapshot_it_goes_on(
    tmp_path, monkeypatch, whole, moment
):
    write, written = TrainingRun.write_snapshot, []

    def kill(self, snapshot):
        write(self, snapshot)
        written.append((snapshot.epoch, snapshot.step))
        if len(written) == moment:
            raise Killed

    monkeypatch.setattr(Snapshots, "SECONDS", 0.0)
    monkeypatch.setattr(TrainingRun, "write_snapshot", kill)
    with pytest.raises(Killed):
        train(tmp_path)
    monkeypatch.undo()
    assert written[-1] == divmod(moment, STEPS)
    assert_same(train(tmp_path, resume=True, fresh=moment == 2), whole)
    assert len(read_history(tmp_path / "history.csv")) == EPOCHS


def test_killed_between_snapshots_it_repeats_what_is_missing(tmp_path, whole):
    class Kill(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if (self.epoch, batch) == (1, 2):
                raise Killed

        def on_epoch_begin(self, epoch, logs=None):
            self.epoch = epoch

    with pytest.raises(Killed):
        train(tmp_path, measures=[Kill()])
    assert Snapshot.read(tmp_path / "snapshot.npz").epoch == 1
    assert_same(train(tmp_path, resume=True), whole)


def test_killed_before_the_first_snapshot_it_begins_anew(tmp_path, whole):
    with TrainingRun(tmp_path) as run:
        run.check({})
        run.start()
    assert_same(train(tmp_path, resume=True), whole)


class Clock:
    """A monotonic clock that goes on by a second in each step."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def callback(self):
        return keras.callbacks.LambdaCallback(
            on_train_batch_begin=lambda batch, logs: self.tick()
        )

    def tick(self):
        self.now += 1.0


def test_a_smaller_budget_leaves_all_and_a_larger_one_goes_on(
    tmp_path, monkeypatch, caplog
):
    clock = Clock()
    monkeypatch.setattr(budget_module.time, "monotonic", clock)
    options = {"measures": [clock.callback()], "keeps_model": True}
    _, rows = train(tmp_path, budget=Budget(minutes=0.2), **options)
    assert len(rows) == 3  # 12 steps
    model = (tmp_path / "model.keras").read_bytes()
    _, again = train(tmp_path, True, Budget(minutes=0.1), **options)
    assert again == rows
    assert (tmp_path / "model.keras").read_bytes() == model
    assert "12 s of training, to the end of epoch 3" in caplog.text
    _, more = train(tmp_path, True, Budget(minutes=0.3), **options)
    assert more[:3] == rows and len(more) == 5


def test_a_clock_that_jumps_changes_nothing(tmp_path, monkeypatch, whole):
    jumps = itertools.cycle([2e9, 0.0, 1e9])
    monkeypatch.setattr(time, "time", lambda: next(jumps))
    assert_same(train(tmp_path), whole)


def test_a_longer_run_goes_on_after_the_end_of_a_shorter(tmp_path, whole):
    train(tmp_path, budget=Budget(1))
    assert_same(train(tmp_path, resume=True), whole)
    # and one whose time is used up is left as it is
    done = train(tmp_path, resume=True, budget=Budget(minutes=1e-9))
    assert_same(done, whole)


def test_the_model_ends_with_its_best_epoch_and_patience_ends_it(tmp_path):
    values = [3.0, 1.0, 2.0, 2.0, 0.5]
    seen = []

    class Value(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["value"] = values[epoch]
            seen.append(self.model.get_weights())

    options = {"monitor": "value", "patience": 2, "measures": [Value()]}
    weights, rows = train(tmp_path, budget=Budget(5), **options)
    assert [row["value"] for row in rows] == values[:4]
    for a, b in zip(weights, seen[1], strict=True):
        np.testing.assert_array_equal(a, b)
    # resumed, its patience is still at its end
    _, again = train(tmp_path, resume=True, budget=Budget(5), **options)
    assert again == rows


def test_a_step_is_traced_once():
    traced = []

    class Counted(keras.Sequential):
        def train_step(self, data):
            traced.append("step")
            return super().train_step(data)

    model = Counted([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    with TrainingRun(None) as run:
        run.start()
        options = {"monitor": "loss", "patience": 9}
        module.fit(run, model, Shuffled(), Budget(2), **options)
    assert traced == ["step"]


def test_another_callback_may_stop_it(tmp_path):
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = True

    _, rows = train(callbacks=[Stop()], budget=Budget(minutes=10))
    assert len(rows) == 1


def test_a_training_of_minutes_has_no_last_epoch(monkeypatch):
    monkeypatch.setattr(module, "MOST_EPOCHS", 5)
    assert len(train(budget=Budget(minutes=10))[1]) == 5


class Poison(keras.callbacks.Callback):
    """Makes the weights NaN before a step."""

    def __init__(self, epoch, batch):
        super().__init__()
        self.at, self.epoch = (epoch, batch), 0

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_begin(self, batch, logs=None):
        if (self.epoch, batch) == self.at:
            for weight in self.model.trainable_weights:
                weight.assign(np.nan * weight)


def test_a_loss_that_is_no_number_ends_with_the_best_epoch(
    tmp_path, whole, caplog
):
    weights, rows = train(tmp_path, callbacks=[Poison(1, 2)])
    (said,) = caplog.messages
    assert "epoch 2, step 3 of 4: the loss is NaN" in said
    assert "ends with epoch 1" in said and "--learning-rate" in said
    assert len(rows) == 1
    assert rows[0]["val_loss"] == whole[1][0]["val_loss"]
    assert all(np.isfinite(w).all() for w in weights)
    # what is kept is from before, and goes on from there
    assert_same(train(tmp_path, resume=True), whole)


def test_a_loss_that_never_was_a_number_is_an_error(tmp_path):
    with pytest.raises(MitseqError, match="epoch 1, step 2 of 4: the loss"):
        train(tmp_path, callbacks=[Poison(0, 1)])
    assert not (tmp_path / "model.keras").exists()
