import pytest

from mitseq.errors import MitseqError
from mitseq.exercises.catalog import NAMES
from mitseq.exercises.start import file_name, start


def test_all_exercises_in_order_with_a_readme_and_an_adapter(tmp_path):
    written, kept = start(tmp_path / "new" / "folder")
    names = [path.name for path in written]
    assert names[:-2] == [file_name(name) for name in NAMES]
    assert names[:-2] == sorted(names[:-2])
    assert names[-2:] == ["README.md", "test_exercises.py"]
    assert kept == []
    readme = written[-2].read_text()
    assert all(f"| {name} |" in readme for name in names[:-2])


def test_the_work_of_a_student_stays(tmp_path):
    start(tmp_path, ["trace", "pencil"])
    (tmp_path / "02_trace.py").write_text("mine")
    written, kept = start(tmp_path, ["trace", "bptt"])
    assert [p.name for p in written] == ["10_bptt.py"]
    assert (tmp_path / "02_trace.py").read_text() == "mine"
    assert tmp_path / "02_trace.py" in kept
    start(tmp_path, ["trace"], overwrite=True)
    assert "TODO" in (tmp_path / "02_trace.py").read_text()


def test_a_mistake_writes_nothing(tmp_path):
    with pytest.raises(MitseqError, match="did you mean 'bptt'"):
        start(tmp_path / "new", ["trace", "bppt"])
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    with pytest.raises(MitseqError, match="file is a file, expected a folder"):
        start(tmp_path / "file")


def test_texts_fit_into_80_columns(tmp_path):
    for path in (*start(tmp_path).written, *start(tmp_path / "s").written):
        if path.suffix == ".py":
            lines = path.read_text(encoding="utf-8").splitlines()
            assert max(map(len, lines)) <= 80, path
