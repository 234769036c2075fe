"""A training that is interrupted at any moment ends as if it was not."""

import signal

import keras
import numpy as np
import pytest

from mitseq.training import fit as module
from mitseq.training.batches import EpochBatches
from mitseq.training.budget import Budget
from mitseq.training.fit import Snapshots, fit
from mitseq.training.interrupt import Interrupted
from mitseq.training.run import TrainingRun, read_history
from mitseq.training.snapshot import Snapshot

STEPS, EPOCHS = 4, 3
X = np.random.default_rng(0).normal(size=(16, 3)).astype("float32")
Y = (X.sum(1) > 0).astype("float32")


class Shuffled(EpochBatches):
    def draw(self, epoch):
        self.order = np.random.default_rng(epoch).permutation(16)
        return STEPS

    def batch(self, index):
        chosen = self.order[4 * index : 4 * index + 4]
        return X[chosen], Y[chosen]


def fresh_model():
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(
        keras.optimizers.Adam(0.05, use_ema=True, ema_momentum=0.8),
        "binary_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train(folder=None, resume=False, budget=None, **options):
    options = {"monitor": "val_loss", "patience": 9} | options
    with TrainingRun(folder, resume=resume) as run:
        run.check({})
        run.start()
        model = fresh_model()
        rows = fit(
            run,
            model,
            Shuffled(),
            budget or Budget(EPOCHS),
            validation_data=(X, Y),
            **options,
        )
    return model, rows


def assert_same(a, b):
    for x, y in zip(a[0].get_weights(), b[0].get_weights(), strict=True):
        np.testing.assert_array_equal(x, y)
    assert [r | {"seconds": 0} for r in a[1]] == [
        r | {"seconds": 0} for r in b[1]
    ]


@pytest.fixture(scope="module")
def whole():
    return train()


class Killed(BaseException):
    """Nobody catches it, as SIGKILL."""


@pytest.mark.parametrize("moment", range(1, EPOCHS * STEPS + 1))
def test_killed_after_any_snapshot_it_goes_on(
    tmp_path, monkeypatch, whole, moment
):
    write, written = Snapshots._write, []

    def kill(self):
        write(self)
        written.append((self.state.epoch, self.state.step))
        if len(written) == moment:
            raise Killed

    monkeypatch.setattr(Snapshots, "SECONDS", 0.0)
    monkeypatch.setattr(Snapshots, "_write", kill)
    with pytest.raises(Killed):
        train(tmp_path)
    monkeypatch.undo()
    assert written[-1] == divmod(moment, STEPS)
    assert_same(train(tmp_path, resume=True), whole)
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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_it_saves_first_and_says_where(tmp_path, whole, number):
    class Ask(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            if batch == 2:
                signal.raise_signal(number)

    with pytest.raises(Interrupted, match=f"epoch 1; saved in {tmp_path}"):
        train(tmp_path, measures=[Ask()])
    assert Snapshot.read(tmp_path / "snapshot.npz").step == 3
    assert_same(train(tmp_path, resume=True), whole)


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
    model, rows = train(tmp_path, budget=Budget(5), **options)
    assert [row["value"] for row in rows] == values[:4]
    for a, b in zip(model.get_weights(), seen[1], strict=True):
        np.testing.assert_array_equal(a, b)
    # resumed, its patience is still at its end
    _, again = train(tmp_path, resume=True, budget=Budget(5), **options)
    assert again == rows


def test_another_callback_may_stop_it(tmp_path):
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = True

    _, rows = train(callbacks=[Stop()], budget=Budget(minutes=10))
    assert len(rows) == 1


def test_a_training_of_minutes_has_no_last_epoch(monkeypatch):
    monkeypatch.setattr(module, "MOST_EPOCHS", 5)
    assert len(train(budget=Budget(minutes=10))[1]) == 5
