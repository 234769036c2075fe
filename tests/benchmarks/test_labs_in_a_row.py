"""Labs in a row: which, what they say of their time, and where they run."""

from pathlib import Path

import labs_in_a_row as bench
import pytest
from memory import Cost


def test_every_lab_says_how_long_it_takes():
    found = bench.labs(list(range(1, 13)))
    assert [path.name[:2] for path in found] == [
        f"{number:02}" for number in range(1, 13)
    ]
    for path in found:
        told = bench.minutes_of(path)
        assert told != "-" and not told.endswith("."), path


def test_a_lab_that_is_not_there_is_named():
    with pytest.raises(SystemExit, match="no lab 99"):
        bench.labs([1, 99])


def test_labs_run_in_a_row_each_in_a_folder_of_its_own(monkeypatch, capsys):
    ran = []

    def cost(*command):
        ran.append((Path(command[-1]).name, Path.cwd()))
        return Cost(float(len(ran)), 3.0, 100.0)

    monkeypatch.setattr(bench, "cost_of", cost)
    before = Path.cwd()
    rows = bench.main(["--only", "5", "2"])
    names, folders = zip(*ran, strict=True)
    assert names[0] == "import tensorflow, keras"
    assert [name[:2] for name in names[1:]] == ["05", "02"]
    assert len(set(folders)) == 3 and folders[0] == before == Path.cwd()
    assert not folders[1].exists()
    assert [row["seconds"] for row in rows] == [1.0, 2.0, 3.0]
    assert "2 labs in a row: 5 s" in capsys.readouterr().out
