"""A training that is interrupted at any moment ends as if it was not."""

import errno
import functools
import itertools
import os
import shutil
import signal
import time
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from mitseq import output
from mitseq.errors import MitseqError
from mitseq.output import OutputError
from mitseq.training import budget as budget_module
from mitseq.training import fit as module
from mitseq.training.averages import set_variables, variables_of
from mitseq.training.batches import EpochBatches
from mitseq.training.budget import Budget
from mitseq.training.fit import fit
from mitseq.training.interrupt import Interrupted
from mitseq.training.record import read_record
from mitseq.training.run import TrainingRun, read_history
from mitseq.training.saving import Snapshots
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


@functools.cache
def held_out():
    options = tf.data.Options()
    options.autotune.enabled = False  # which each iterator waits for
    return tf.data.Dataset.from_tensors((X, Y)).with_options(options)


@functools.cache
def traced_model():
    """A model that needs no second tracing, and how it was at first."""
    model = fresh_model()
    model.optimizer.build(model.trainable_variables)
    return model, variables_of(model)


def train(
    folder=None,
    resume=False,
    budget=None,
    keeps_model=False,
    fresh=False,
    **options,
):
    """Trains anew or resumes; returns the weights and the history."""
    options = {"monitor": "val_loss", "patience": 9} | options
    with TrainingRun(folder, resume=resume) as run:
        run.check({})
        run.start()
        if fresh:
            model = fresh_model()
        else:
            model, first = traced_model()
            set_variables(model, first)
        if keeps_model:
            options["save"] = model.save
        rows = fit(
            run,
            model,
            Shuffled(),
            budget or Budget(EPOCHS),
            validation_data=held_out(),
            **options,
        )
        run.finish("model.keras")
    return model.get_weights(), rows


def assert_same(a, b):
    for x, y in zip(a[0], b[0], strict=True):
        np.testing.assert_array_equal(x, y)
    assert [r | {"seconds": 0} for r in a[1]] == [
        r | {"seconds": 0} for r in b[1]
    ]


@pytest.fixture(scope="module")
def whole():
    return train(fresh=True)


class Killed(BaseException):
    """Nobody catches it, as SIGKILL."""


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


@pytest.fixture(scope="module")
def photographs(tmp_path_factory):
    """What a SIGKILL would leave, before each file takes its name."""
    folder = tmp_path_factory.mktemp("run")
    taken, replace = [], os.replace

    def photograph(source, target):
        taken.append(tmp_path_factory.mktemp("taken") / "run")
        shutil.copytree(folder, taken[-1])
        replace(source, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", photograph)
        patch.setattr(Snapshots, "SECONDS", 0.0)
        train(folder, budget=Budget(2), keeps_model=True)
    return taken, folder


def test_killed_while_any_file_is_written_it_goes_on(photographs, monkeypatch):
    taken, folder = photographs
    # as if another process had written what is half there
    monkeypatch.setattr(output, "_PROCESS", "000000")
    expected = files_of(folder)
    # run.json; in each epoch 3 steps and an end with a snapshot each, which
    # makes room for itself, the history, run.json and the model
    assert len(taken) > 1 + 2 * (4 * 2 + 1)
    for photograph in taken[1:]:
        train(photograph, True, Budget(2), keeps_model=True)
        assert_same_files(files_of(photograph), expected)


def files_of(folder):
    """All that is in the folder of a training, but for the time it took."""
    model = keras.models.load_model(folder / "model.keras", compile=False)
    snapshot = Snapshot.read(folder / "snapshot.npz")
    return {
        "names": {path.name for path in folder.iterdir()},
        "model": model.get_weights(),
        "best": snapshot.best,
        "variables": snapshot.variables,
        "history": [
            row | {"seconds": 0} for row in read_history(folder / "history.csv")
        ],
    }


def assert_same_files(a, b):
    assert a["names"] == b["names"] and a["history"] == b["history"]
    for kind in ("model", "best", "variables"):
        for x, y in zip(a[kind], b[kind], strict=True):
            np.testing.assert_array_equal(x, y)


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """A folder with all files, killed in the last of three epochs."""
    folder = tmp_path_factory.mktemp("killed") / "run"

    class Kill(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise Killed

    with pytest.raises(Killed):
        train(folder, callbacks=[Kill()], keeps_model=True)
    return folder


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept") / "run"
    train(folder, keeps_model=True)
    return files_of(folder)


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path):
    path.write_bytes(b"")


def noise(path):
    size = path.stat().st_size
    path.write_bytes(np.random.default_rng(0).bytes(size))


def alter(path):
    """Another digit, or another bit: it looks as if nothing had happened."""
    content = bytearray(path.read_bytes())
    if path.suffix == ".npz":
        place = content.index(b"NUMPY") + 200
    else:
        digits = [i for i, byte in enumerate(content) if byte in b"23456789"]
        place = digits[len(digits) // 2]
    content[place] ^= 1
    path.write_bytes(content)


WAYS = [cut, empty, noise, alter, Path.unlink]
SNAPSHOTS = ("snapshot.npz", "snapshot-before.npz")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("names", "said"),
    [
        (SNAPSHOTS[:1], ["snapshot.npz is", "going on from"]),
        (SNAPSHOTS[1:], []),
        (["run.json"], ["run.json is", "going on with"]),
        (["history.csv"], []),
        (["model.keras"], ["model.keras is", "made anew"]),
        (["run.json", "snapshot.npz"], ["run.json is", "snapshot.npz is"]),
        (["model.keras", "snapshot.npz"], ["model.keras is", "snapshot.npz"]),
    ],
)
def test_torn_files_cost_nothing(
    tmp_path, killed, kept, monkeypatch, caplog, names, way, said
):
    folder = shutil.copytree(killed, tmp_path / "run")
    for name in names:
        way(folder / name)
    values = []
    monkeypatch.setattr(
        TrainingRun,
        "write_model",
        lambda *args, write=TrainingRun.write_model: (
            values.append(args[3]),
            write(*args),
        ),
    )
    train(folder, resume=True, keeps_model=True)
    notes = [record.message for record in caplog.records]
    assert all("\n" not in note for note in notes)
    for words in said:
        assert any(words in note for note in notes), notes
    assert bool(said) == bool(notes)
    found = files_of(folder)
    assert found["names"] - kept["names"] <= {"model-1.keras"}
    assert_same_files(found | {"names": kept["names"]}, kept)
    if "model.keras" not in names and "run.json" not in names:
        before = read_history(killed / "history.csv")
        best = min(row["val_loss"] for row in before)
        assert all(value < best for value in values)  # never a worse one


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("others", [[], ["run.json"]])
def test_without_a_good_snapshot_it_says_so_and_leaves_all(
    tmp_path, killed, way, others
):
    folder = shutil.copytree(killed, tmp_path / "run")
    for name in (*SNAPSHOTS, *others):
        way(folder / name)
    before = contents(folder)
    with pytest.raises(MitseqError, match="resumed?.* ") as caught:
        train(folder, resume=True, keeps_model=True)
    assert "\n" not in str(caught.value)
    after = contents(folder)
    after.pop(".lock", None)
    before.pop(".lock", None)
    assert after == before


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_better_model_is_never_replaced_by_a_worse_one(tmp_path):
    """The newest snapshot is torn, and this time it learns worse."""
    options = {"monitor": "value", "keeps_model": True, "budget": Budget(9)}
    values = iter([3.0, 2.0, 1.0])
    with pytest.raises(StopIteration):
        train(tmp_path, measures=[Values(values)], **options)
    (tmp_path / "snapshot.npz").write_bytes(b"torn")
    model = (tmp_path / "model.keras").read_bytes()
    values = iter([1.5, 1.2])
    with pytest.raises(StopIteration):
        train(tmp_path, True, measures=[Values(values)], **options)
    assert (tmp_path / "model.keras").read_bytes() == model
    values = iter([0.5])
    with pytest.raises(StopIteration):
        train(tmp_path, True, measures=[Values(values)], **options)
    assert (tmp_path / "model.keras").read_bytes() != model
    assert read_record(tmp_path / "run.json")["best"] == [5, 0.5]


class Values(keras.callbacks.Callback):
    """Measures what the test says."""

    def __init__(self, values):
        super().__init__()
        self.values = values

    def on_epoch_end(self, epoch, logs=None):
        logs["value"] = next(self.values)


class Ask(keras.callbacks.Callback):
    """Raises a signal in one phase of the second epoch."""

    def __init__(self, number, phase):
        super().__init__()
        setattr(self, phase, self.ask)
        self.number, self.phase, self.epoch = number, phase, 0

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def ask(self, index=0, logs=None):
        if self.phase == "on_epoch_begin":
            self.epoch = index
        if self.epoch == 1 and (index == 1 or "test" in self.phase):
            signal.raise_signal(self.number)


PHASES = {
    "on_train_batch_begin": "epoch 2, step 2",
    "on_train_batch_end": "epoch 2, step 2",
    "on_test_begin": "epoch 2, step 3",  # the last step is made again
    "on_test_batch_end": "epoch 2, step 3",
    "on_epoch_end": "epoch 2, step 3",
    "on_epoch_begin": "the end of epoch 1",
}


@pytest.mark.parametrize("phase", PHASES)
def test_asked_to_stop_it_saves_first_and_says_where(tmp_path, whole, phase):
    number = signal.SIGTERM
    with pytest.raises(Interrupted) as caught:
        train(tmp_path, measures=[Ask(number, phase)])
    assert str(caught.value) == (
        f"interrupted at {PHASES[phase]}; saved in {tmp_path}, --resume goes "
        "on from there"
    )
    assert caught.value.code == 128 + number
    assert Snapshot.read(tmp_path / "snapshot.npz").place == PHASES[phase]
    assert_same(train(tmp_path, resume=True), whole)


def test_asked_to_stop_while_it_writes_it_finishes_that(
    tmp_path, monkeypatch, whole
):
    write = TrainingRun.write_snapshot

    def ask(self, snapshot):
        signal.raise_signal(signal.SIGINT)
        write(self, snapshot)

    monkeypatch.setattr(TrainingRun, "write_snapshot", ask)
    with pytest.raises(Interrupted, match="interrupted at the end of epoch 1"):
        train(tmp_path, keeps_model=True)
    monkeypatch.undo()
    names = {path.name for path in tmp_path.iterdir()}
    assert {"snapshot.npz", "history.csv", "model.keras"} < names
    assert_same(train(tmp_path, resume=True), whole)


def test_a_full_disk_is_said_and_the_training_goes_on(
    tmp_path, monkeypatch, whole, caplog
):
    written, savez = [], np.savez

    def full(file, **arrays):
        written.append(1)
        file.write(b"half")
        if len(written) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        savez(file, **arrays)

    def look(epoch, logs):
        if len(written) == 2:  # the one of the first epoch is there
            assert Snapshot.read(tmp_path / "snapshot.npz").epoch == 1
            looked.append(epoch)

    looked = []
    monkeypatch.setattr(np, "savez", full)
    after = keras.callbacks.LambdaCallback(on_epoch_end=look)
    result = train(tmp_path, callbacks=[after], keeps_model=True)
    assert looked == [1]
    assert_same(result, whole)
    (note,) = [record.message for record in caplog.records]
    assert "No space left on device" in note and "the end of epoch 1" in note
    assert Snapshot.read(tmp_path / "snapshot.npz").epoch == EPOCHS


def test_a_disk_that_stays_full_ends_in_an_error(tmp_path, monkeypatch):
    def full(file, **arrays):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    train(tmp_path, budget=Budget(1), keeps_model=True)
    before = contents(tmp_path)
    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OutputError, match="snapshot.npz: No space left"):
        train(tmp_path, True, keeps_model=True)
    monkeypatch.undo()
    after = contents(tmp_path)
    assert after["snapshot.npz"] == before["snapshot.npz"]
    assert set(after) == set(before)  # no half of a file


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


def test_another_callback_may_stop_it(tmp_path):
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = True

    _, rows = train(callbacks=[Stop()], budget=Budget(minutes=10))
    assert len(rows) == 1


def test_a_training_of_minutes_has_no_last_epoch(monkeypatch):
    monkeypatch.setattr(module, "MOST_EPOCHS", 5)
    assert len(train(budget=Budget(minutes=10))[1]) == 5
