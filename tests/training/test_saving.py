"""Nothing is lost: killed, torn, asked to stop, or on a full disk."""

import errno
import os
import shutil
import signal
from pathlib import Path

import keras
import numpy as np
import pytest

from mitseq import output
from mitseq.errors import MitseqError
from mitseq.output import OutputError
from mitseq.training.budget import Budget
from mitseq.training.interrupt import Interrupted
from mitseq.training.record import read_record
from mitseq.training.run import TrainingRun, read_history
from mitseq.training.saving import Snapshots
from mitseq.training.snapshot import Snapshot
from tests.training.toy_training import (
    EPOCHS,
    Killed,
    assert_same,
    assert_same_files,
    contents,
    files_of,
    train,
)


@pytest.fixture(scope="module")
def whole():
    return train(fresh=True)


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
