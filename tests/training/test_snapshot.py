"""A snapshot comes back whole, or says that it is damaged."""

import os

import numpy as np
import pytest

from mitseq.output import OutputError
from mitseq.training.snapshot import LastSnapshots, Snapshot, SnapshotError


def written(path):
    rng = np.random.default_rng(0)
    snapshot = Snapshot(
        epoch=3,
        step=7,
        seconds=1.5,
        rows=[{"epoch": 1, "loss": float("nan")}, {"epoch": 2, "loss": 0.1}],
        variables=[rng.normal(size=(2, 3)), np.array(4, "int64")],
        metrics=[np.array(0.1, "float32")],
        best=[rng.normal(size=5).astype("float32")],
    )
    snapshot.write(path)
    return snapshot


def test_it_comes_back_to_the_last_bit(tmp_path):
    before = written(tmp_path / "a.npz")
    after = Snapshot.read(tmp_path / "a.npz")
    assert (after.epoch, after.step, after.seconds) == (3, 7, 1.5)
    assert str(after.rows) == str(before.rows)
    for kind in ("variables", "metrics", "best"):
        pairs = zip(getattr(before, kind), getattr(after, kind), strict=True)
        for a, b in pairs:
            np.testing.assert_array_equal(a, b)
            assert np.asarray(a).dtype == b.dtype
    assert [p.name for p in tmp_path.iterdir()] == ["a.npz"]


def test_a_damaged_file_is_named(tmp_path):
    path = tmp_path / "a.npz"
    written(path)
    whole = path.read_bytes()
    for content in (b"", b"PK", whole[:-40], whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(SnapshotError, match=r"a.npz is damaged \("):
            Snapshot.read(path)
    np.savez(path, record="{}")
    with pytest.raises(SnapshotError, match="damaged"):
        Snapshot.read(path)
    np.savez(path, record='{"counts": {}, "height": 3}')
    with pytest.raises(SnapshotError, match="damaged"):
        Snapshot.read(path)
    path.unlink()
    with pytest.raises(SnapshotError, match="a.npz is missing"):
        Snapshot.read(path)


def test_no_altered_bit_changes_a_value(tmp_path):
    path = tmp_path / "a.npz"
    expected = written(path)
    whole = path.read_bytes()
    rng = np.random.default_rng(1)
    found = 0
    for place in rng.integers(0, len(whole), 400):
        content = bytearray(whole)
        content[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(content)
        try:
            after = Snapshot.read(path)
        except SnapshotError as error:
            assert "\n" not in str(error)
            found += 1
            continue
        # it stood where nobody reads, as in the time of an entry
        assert str(after) == str(expected)
    assert found > 200


def test_the_place_is_said_in_words():
    assert Snapshot(epoch=2, step=3).place == "epoch 3, step 3"
    assert Snapshot(epoch=2).place == "the end of epoch 2"


@pytest.fixture
def last(tmp_path):
    """Two snapshots, of epochs 1 and 2."""
    last = LastSnapshots(tmp_path)
    for epoch in (1, 2):
        last.write(Snapshot(epoch=epoch, run={"data": "a"}))
    return LastSnapshots(tmp_path)


def test_the_last_two_are_kept(last):
    last.write(Snapshot(epoch=3))
    assert Snapshot.read(last.newest).epoch == 3
    assert Snapshot.read(last.before).epoch == 2
    assert len(list(last.newest.parent.iterdir())) == 2


def test_there_may_be_none(tmp_path):
    assert LastSnapshots(tmp_path).read() == (None, "")


def test_a_torn_one_is_never_put_over_a_good_one(last):
    last.newest.write_bytes(b"torn")
    found, wrong = last.read({"data": "a"})
    assert found.epoch == 1 and "snapshot.npz is damaged" in wrong
    last.write(Snapshot(epoch=3))
    assert Snapshot.read(last.newest).epoch == 3
    assert Snapshot.read(last.before).epoch == 1


def test_killed_between_the_two_names_the_one_before_is_there(last):
    last.newest.unlink()
    found, wrong = last.read()
    assert found.epoch == 1 and wrong.endswith("snapshot.npz is missing")
    last.write(Snapshot(epoch=3))
    assert [last.read()[0].epoch, Snapshot.read(last.before).epoch] == [3, 1]


def test_of_another_training_is_as_bad_as_damaged(last):
    with pytest.raises(SnapshotError, match="of another training, and .*"):
        last.read({"data": "b"})


def test_when_it_cannot_be_written_both_stay(last, monkeypatch):
    def full(file, **arrays):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OutputError, match="snapshot.npz: No space left"):
        last.write(Snapshot(epoch=3))
    assert last.read()[0].epoch == 2
    assert Snapshot.read(last.before).epoch == 1
    assert len(list(last.newest.parent.iterdir())) == 2


def test_what_is_written_outlasts_a_power_cut(tmp_path, monkeypatch):
    synced = []
    fsync = os.fsync

    def seen(number):
        synced.append(number)
        fsync(number)

    monkeypatch.setattr("mitseq.output.os.fsync", seen)
    Snapshot(epoch=1).write(tmp_path / "a.npz")
    assert len(synced) == 2  # the file, and the folder with its name
    LastSnapshots(tmp_path).write(Snapshot(epoch=1))
    assert len(synced) == 4


def test_who_has_read_a_good_one_keeps_it_as_the_one_before(tmp_path):
    LastSnapshots(tmp_path).write(Snapshot(epoch=1))
    last = LastSnapshots(tmp_path)
    snapshot, wrong = last.read()
    assert (snapshot.epoch, wrong) == (1, "")
    last.write(Snapshot(epoch=2))
    assert Snapshot.read(last.before).epoch == 1
    assert Snapshot.read(last.newest).epoch == 2


def test_where_none_is_good_it_is_said_what_to_do(tmp_path):
    last = LastSnapshots(tmp_path)
    last.newest.write_text("torn")
    with pytest.raises(SnapshotError) as caught:
        last.read()
    assert str(caught.value).endswith(
        "is missing: nothing can be resumed, and nothing was changed. "
        "Train anew in another folder."
    )
