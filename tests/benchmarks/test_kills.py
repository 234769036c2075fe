"""What a training ends with is compared bit by bit."""

import zipfile

import h5py
import kills
import numpy as np
import pytest
from kills import is_equal, kill_often, place, state_of, weights_of

from mitseq.training.run import TrainingRun
from mitseq.training.snapshot import Snapshot


def test_states_are_equal_if_all_their_bits_are():
    a = [np.array([0.0, 1.0]), np.array(3)]
    assert is_equal(a, [np.array([0.0, 1.0]), np.array(3)])
    assert not is_equal(a, [np.array([-0.0, 1.0]), np.array(3)])
    assert not is_equal(a, [np.array([0.0, 1.0], "float32"), np.array(3)])
    assert not is_equal(a, [np.array([[0.0, 1.0]]), np.array(3)])


def run_with(folder, epoch, weight):
    """The folder of a training that has come to an epoch."""
    with TrainingRun(folder) as run:
        run.check({})
        run.start()
        run.write_snapshot(Snapshot(epoch=epoch, variables=[np.ones(2)]))
        run.write_history([{"epoch": 1, "seconds": epoch, "loss": 0.5}])
        with h5py.File(folder / "w.h5", "w") as file:
            file["layers/dense/vars/0"] = np.full(3, weight)
        with zipfile.ZipFile(folder / "model.keras", "w") as archive:
            archive.write(folder / "w.h5", "model.weights.h5")


def test_the_state_has_all_but_the_time(tmp_path):
    for name, weight in (("a", 1.0), ("b", 1.0), ("c", 2.0)):
        run_with(tmp_path / name, 1 if name == "a" else 2, weight)
    a, b, c = (state_of(tmp_path / name) for name in "abc")
    assert is_equal(a, b) and not is_equal(a, c)
    (found,) = weights_of(tmp_path / "c" / "model.keras")
    assert found.tolist() == [2.0] * 3


def test_the_place_of_a_killed_training(tmp_path):
    assert place(tmp_path / "a") == "before its start"
    with TrainingRun(tmp_path / "a") as run:
        run.check({})
        run.start()
        assert place(tmp_path / "a") == "first epoch"
        run.write_snapshot(Snapshot(epoch=1))
        assert place(tmp_path / "a") == "epoch end"
        run.write_snapshot(Snapshot(epoch=1, step=3))
        assert place(tmp_path / "a") == "mid-epoch"


# Writes a training in three steps of a moment each, and goes on where it was.
TRAINS = """
import shutil, sys, time
sys.path.insert(0, {tests!r})
from test_kills import run_with
from pathlib import Path
print("loaded", flush=True)
folder = Path(sys.argv[4])
for step in range(3):
    if not (folder.parent / f"{{folder.name}}-{{step}}").exists():
        time.sleep(0.1)
        (folder.parent / f"{{folder.name}}-{{step}}").touch()
if not folder.exists():
    part = folder.with_name("part-" + folder.name)
    shutil.rmtree(part, ignore_errors=True)  # of one that was killed in here
    run_with(part, 1, {weight})
    part.rename(folder)
"""


@pytest.mark.parametrize("weight", ["1.0", "time.monotonic()"])
def test_it_is_killed_as_often_as_asked_and_compared(
    tmp_path, monkeypatch, weight
):
    script = tmp_path / "trains.py"
    tests = str(kills.Path(__file__).parent)
    benchmarks = str(kills.Path(kills.__file__).parent)
    root = str(kills.Path(__file__).parents[2])
    script.write_text(TRAINS.format(tests=tests, weight=weight))
    monkeypatch.setenv("PYTHONPATH", f"{root}:{benchmarks}")
    monkeypatch.setattr(kills, "__file__", str(script))
    (tmp_path / "runs").mkdir()
    row = kill_often("music", 3, tmp_path / "runs", seed=1)
    assert row["kills"] == 3 and row["trainings"] >= 1
    assert row["equal"] == (row["trainings"] if weight == "1.0" else 0)
