"""A training's folder: refused, resumed, damaged, finished."""

import json
import signal
import zipfile

import pytest

from mitseq.errors import MitseqError
from mitseq.output import OutputError
from mitseq.training import run as module
from mitseq.training.interrupt import Interrupted
from mitseq.training.lock import LockedError
from mitseq.training.record import versions
from mitseq.training.run import TrainingRun, open_run, read_history
from mitseq.training.snapshot import Snapshot
from mitseq.training.workers import Alone


def started(folder, **settings):
    with TrainingRun(folder) as run:
        run.options = {"data": "here"}
        run.check({"units": 8, **settings}, data=["a", "b"], epochs=2)
        run.start()


def test_what_was_given_is_found_again(tmp_path):
    started(tmp_path, rate=0.5, name=None)
    with TrainingRun(tmp_path, resume=True) as run:
        assert run.settings == {"units": 8, "rate": 0.5, "name": None}
        assert run.options == {"data": "here"} and run.length == [2, None]
        run.check({"units": 8}, data=["a", "b"], minutes=3.0)
        assert run.length == [None, 3.0]


@pytest.mark.parametrize(
    "name",
    [
        *("run.json", "model.keras", "history.csv", "snapshot.json"),
        *("snapshot.npz", "snapshot-before.npz"),
    ],
)
def test_a_training_that_is_there_is_not_overwritten(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(MitseqError, match=f"{name} exists. Pass `resume`"):
        TrainingRun(tmp_path).__enter__()
    assert (tmp_path / name).read_text() == "mine"
    assert [p.name for p in tmp_path.iterdir()] == [name]  # no lock is left


def test_other_settings_or_data_cannot_resume(tmp_path):
    started(tmp_path)
    with TrainingRun(tmp_path, resume=True) as run:
        with pytest.raises(MitseqError, match=r"`units` must.*\(8\).*units=9"):
            run.check({"units": 9}, data=["a", "b"])
        for data in (["a", "c"], ["ab"], ["b", "a"], []):
            with pytest.raises(MitseqError, match="had other data"):
                run.check({"units": 8}, data=data)


def test_nothing_to_resume_is_said(tmp_path):
    with pytest.raises(MitseqError, match="no training to resume.*run.json"):
        TrainingRun(tmp_path / "new", resume=True).__enter__()
    assert not (tmp_path / "new").exists()
    (tmp_path / "training.json").write_text("{}")
    with pytest.raises(MitseqError, match="of an earlier version"):
        TrainingRun(tmp_path, resume=True).__enter__()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"format": 1}', '{"format": 2}']
)
def test_a_damaged_record_without_a_snapshot_is_named(tmp_path, content):
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(MitseqError, match="run.json is damaged") as caught:
        TrainingRun(tmp_path, resume=True).__enter__()
    assert "\n" not in str(caught.value)


def test_what_was_asked_comes_back_from_the_snapshot(tmp_path, caplog):
    with TrainingRun(tmp_path) as run:
        run.options = {"data": tmp_path}  # JSON has no paths
        run.check({"units": 8}, data=["a"], epochs=2)
        run.start()
        run.write_snapshot(Snapshot(epoch=1))
    text = (tmp_path / "run.json").read_text()
    (tmp_path / "run.json").write_text(text.replace("8", "9"))
    with TrainingRun(tmp_path, resume=True) as run:
        assert run.settings == {"units": 8} and run.length == [2, None]
        assert run.options == {"data": str(tmp_path)}
        assert run.snapshot.epoch == 1
    assert "run.json is damaged (it has another checksum)" in caplog.text


def test_a_snapshot_of_another_training_is_not_taken(tmp_path):
    for name, units in (("a", 8), ("b", 9)):
        with TrainingRun(tmp_path / name) as run:
            run.check({"units": units})
            run.start()
            run.write_snapshot(Snapshot(epoch=1))
    (tmp_path / "a/snapshot.npz").rename(tmp_path / "b/snapshot.npz")
    with pytest.raises(MitseqError, match="snapshot.npz is of another train"):
        TrainingRun(tmp_path / "b", resume=True).__enter__()


def test_lost_snapshots_are_said_where_there_was_an_epoch(tmp_path):
    started(tmp_path)
    (tmp_path / "history.csv").write_text("epoch,loss\n1,2.0\n")
    with TrainingRun(tmp_path, resume=True) as run:
        with pytest.raises(MitseqError, match="snapshot-before.npz are miss"):
            run.check({"units": 8}, data=["a", "b"], epochs=2)
    assert (tmp_path / "history.csv").read_text() == "epoch,loss\n1,2.0\n"


@pytest.mark.parametrize("way", ["missing", "is not as it was"])
def test_what_is_learned_from_has_to_be_as_it_was(tmp_path, way):
    with TrainingRun(tmp_path) as run:
        (tmp_path / "corpus").mkdir()
        for name in ("train.abc", "validation.abc"):
            (tmp_path / "corpus" / name).write_text("X:1\n")
        run.keep_inputs("corpus")
        run.check({})
        run.start()
    with TrainingRun(tmp_path, resume=True):
        pass
    if way == "missing":
        (tmp_path / "corpus/validation.abc").unlink()
    else:
        (tmp_path / "corpus/validation.abc").write_text("X:2\n")
    with pytest.raises(MitseqError, match=f"validation.abc .*{way}|{way}"):
        TrainingRun(tmp_path, resume=True).__enter__()


def test_other_versions_are_remarked(tmp_path, monkeypatch, caplog):
    started(tmp_path)
    monkeypatch.setattr(
        module, "versions", lambda: versions() | {"keras": "99.0"}
    )
    with TrainingRun(tmp_path, resume=True):
        pass
    assert "now 99.0: the numbers may differ" in caplog.text


def test_a_damaged_result_is_made_anew(tmp_path, caplog):
    started(tmp_path)
    with TrainingRun(tmp_path, resume=True) as run:
        run.check({"units": 8}, data=["a", "b"], epochs=2)
        (tmp_path / "classifier.json").write_text("{}")
        run.finish("classifier.json")
    (tmp_path / "classifier.json").write_text("")
    with TrainingRun(tmp_path, resume=True) as run:
        assert not run.is_finished(2, None)
    assert "classifier.json is not as it was written" in caplog.text


def test_an_unknown_model_is_kept_when_the_newest_snapshot_is_torn(tmp_path):
    with TrainingRun(tmp_path) as run:
        run.check({})
        run.start()
        for epoch in (1, 2):
            run.write_snapshot(Snapshot(epoch=epoch))
        with zipfile.ZipFile(tmp_path / "model.keras", "w") as archive:
            archive.writestr("config.json", "{}")
    model = (tmp_path / "model.keras").read_bytes()
    with TrainingRun(tmp_path, resume=True) as run:
        run.set_model_aside()  # the newest is good: its best is at hand
    assert (tmp_path / "model.keras").exists()
    (tmp_path / "snapshot.npz").write_text("torn")
    with TrainingRun(tmp_path, resume=True) as run:
        run.set_model_aside()
    assert (tmp_path / "model-1.keras").read_bytes() == model


def test_a_model_that_cannot_be_written_leaves_the_one_before(tmp_path):
    def write(text):
        return lambda path: path.write_text(text)

    def full(path):
        path.write_text("half")
        raise OSError(28, "No space left on device")

    with TrainingRun(tmp_path) as run:
        run.check({})
        run.start()
        run.write_model(write("one"), 1, 3.0)
        with pytest.raises(OutputError, match="model.keras: No space left"):
            run.write_model(full, 2, 2.0)
        assert run.best == (1, 3.0)
    with TrainingRun(tmp_path, resume=True) as run:
        assert run.best == (1, 3.0)
    assert (tmp_path / "model.keras").read_text() == "one"


@pytest.mark.parametrize(
    ("snapshot", "words"),
    [
        (None, "interrupted at the beginning; saved in"),
        (Snapshot(epoch=3), "interrupted at the end of epoch 3; saved in"),
    ],
)
def test_who_is_interrupted_is_told_what_is_saved(tmp_path, snapshot, words):
    with pytest.raises(Interrupted, match=words):
        with TrainingRun(tmp_path) as run:
            run.check({})
            run.start()
            if snapshot:
                run.write_snapshot(snapshot)
            signal.raise_signal(signal.SIGTERM)
    with pytest.raises(Interrupted, match="nothing was trained yet"):
        with TrainingRun(tmp_path / "new"):
            signal.raise_signal(signal.SIGTERM)
    assert not (tmp_path / "new").exists()


def test_finished_is_of_a_length(tmp_path):
    started(tmp_path)
    with TrainingRun(tmp_path, resume=True) as run:
        assert not run.is_finished(2, None)
        run.check({"units": 8}, data=["a", "b"], epochs=2)
        run.finish()
    with TrainingRun(tmp_path, resume=True) as run:
        assert run.is_finished(2, None) and not run.is_finished(3, None)


def test_a_second_one_is_refused(tmp_path):
    with TrainingRun(tmp_path):
        with pytest.raises(LockedError):
            TrainingRun(tmp_path).__enter__()


def test_half_written_files_of_a_killed_run_are_removed(tmp_path):
    ours = ".mitseq-4194399-a1b2c3-01234567.npz"
    (tmp_path / "corpus").mkdir()
    for folder in (tmp_path, tmp_path / "corpus"):
        (folder / ours).write_bytes(b"PK")
        (folder / ".mine.npz").write_bytes(b"PK")
    started(tmp_path)
    left = {path.name for path in tmp_path.rglob("*")}
    assert left == {"run.json", "corpus", ".mine.npz"}


def test_history_comes_back_and_may_get_columns(tmp_path):
    rows = [{"epoch": 1, "loss": 2.0}, {"epoch": 2, "loss": 0.5, "extra": 7}]
    with TrainingRun(tmp_path) as run:
        run.write_history(rows)
    assert read_history(tmp_path / "history.csv") == rows


def test_a_history_that_is_no_table_is_one_line(tmp_path):
    path = tmp_path / "history.csv"
    with pytest.raises(MitseqError, match="history.csv is missing"):
        read_history(path)
    for content in (b"a,b\n1,x\n", b"a\n1,2\n", b"\xff\xfe\x00", b"a\n\0\n"):
        path.write_bytes(content)
        with pytest.raises(MitseqError, match="history.csv is damaged"):
            read_history(path)


def test_without_a_folder_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with TrainingRun() as run:
        run.check({"units": 8})
        run.start()
        run.write_history([{"epoch": 1}])
        run.finish()
        assert run.path("model.keras") is None
        with open_run(run, resume=False) as same:
            assert same is run
    assert list(tmp_path.iterdir()) == []


def test_nothing_can_be_resumed_without_a_folder():
    with pytest.raises(MitseqError, match="`resume` needs the folder `out`"):
        with open_run(None, resume=True):
            pass


def test_the_record_is_json_whatever_the_settings_are(tmp_path):
    started(tmp_path, vectors=tmp_path / "v.txt", weights={1: 2.0})
    record = json.loads((tmp_path / "run.json").read_text())
    assert record["settings"]["vectors"] == str(tmp_path / "v.txt")
    with TrainingRun(tmp_path, resume=True) as run:
        run.check(
            {"units": 8, "vectors": tmp_path / "v.txt", "weights": {1: 2.0}},
            data=["a", "b"],
        )


def test_workers_are_asked_whether_they_were_given_the_same(tmp_path):
    class Asked(Alone):
        def check_same(self, given):
            self.given = given

    workers = Asked()
    with TrainingRun(tmp_path, workers=workers) as run:
        run.check({"units": 8}, data=["a tune"], epochs=2)
    given = workers.given
    assert (given["units"], given["epochs"], given["minutes"]) == (8, 2, None)
    assert {"mitseq", "tensorflow", "keras", "numpy"} < set(given)
    with TrainingRun(tmp_path, workers=workers) as run:
        run.check({"units": 8}, data=["another"], epochs=2)
    assert workers.given["data"] != given["data"]


def test_only_the_first_worker_has_the_folder(tmp_path):
    class Second(Alone):
        is_first = False

    with TrainingRun(tmp_path / "run", workers=Second()) as run:
        assert not run.writes and run.path("corpus") is None
        run.check({"units": 8})
        run.start()
    assert not (tmp_path / "run").exists()
