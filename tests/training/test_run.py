"""A training's folder: refused, resumed, damaged, finished."""

import json

import pytest

from mitseq.errors import MitseqError
from mitseq.training.lock import LockedError
from mitseq.training.run import TrainingRun, open_run, read_history


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
    "name", ["run.json", "model.keras", "history.csv", "snapshot.json"]
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
    "content", ["", "{", "[]", "{}", '{"format": 2}', '{"format": 1}']
)
def test_a_damaged_record_is_named(tmp_path, content):
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(MitseqError, match="run.json: damaged"):
        TrainingRun(tmp_path, resume=True).__enter__()


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
    started(tmp_path)
    (tmp_path / ".0123456789abcdef.npz").write_bytes(b"PK")
    with TrainingRun(tmp_path, resume=True):
        pass
    assert [p.name for p in tmp_path.iterdir()] == ["run.json"]


def test_history_comes_back_and_may_get_columns(tmp_path):
    rows = [{"epoch": 1, "loss": 2.0}, {"epoch": 2, "loss": 0.5, "extra": 7}]
    with TrainingRun(tmp_path) as run:
        run.write_history(rows)
    assert read_history(tmp_path / "history.csv") == rows


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
