"""A student's files are checked, each by itself, and a class is summed up."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mitseq.errors import MitseqError
from mitseq.exercises.catalog import load
from mitseq.exercises.folders import answers_of_file, find_answers
from mitseq.exercises.judge import Result
from mitseq.exercises.start import start
from mitseq.exercises.students import (
    Student,
    check_answers,
    check_class,
    summaries,
    to_csv,
)

ROOT = Path(__file__).parents[2]


def test_solutions_get_full_marks_and_what_is_new_has_not_begun(
    child, tmp_path
):
    start(tmp_path / "new")
    start(tmp_path / "solved", solutions=True)
    results = check_answers(find_answers(tmp_path / "new"), child)
    assert {each.status for each in results} == {"not begun"}
    assert "the TODO in line" in results[0].came
    results = check_answers(find_answers(tmp_path / "solved"), child)
    assert {each.status for each in results} == {"right"}
    assert len(results) == 30


def test_an_exercise_that_ends_the_process_does_not_take_the_others_along(
    child, tmp_path
):
    text = load("trace").solved + "\n\nimport os\n\n\ndef by_pencil():\n"
    path = tmp_path / "all.py"
    path.write_text(text + "    os._exit(1)\n")
    pencil, trace = check_answers(answers_of_file(path), child)
    assert "ended the process" in pencil.came
    assert trace.is_right


@pytest.fixture(scope="module")
def students(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    names = ["pencil", "trace"]
    start(folder / "ada" / "exercises", names, solutions=True)
    start(folder / "ben", names)
    start(folder / "eve", names, solutions=True)
    wrong = load("trace").changed({"h_prev = h_t": "pass"})
    (folder / "eve" / "02_trace.py").write_text(wrong)
    start(folder / "fay", ["pencil"], solutions=True)
    (folder / "gil").mkdir()
    (folder / "list.txt").write_text("")
    return check_class(folder, workers=2)


def test_a_class_is_a_folder_of_folders(students):
    assert [(s.name, s.points, s.of) for s in students] == [
        ("ada", 2, 2),
        ("ben", 0, 2),
        ("eve", 1, 2),
        ("fay", 1, 2),
        ("gil", 0, 2),
    ]
    assert students[3].results[1].came == "no file"


def test_points_as_a_table(students):
    assert to_csv(students).splitlines() == [
        "student,points,of,pencil,trace",
        "ada,2,2,1,1",
        "ben,0,2,0,0",
        "eve,1,2,1,0",
        "fay,1,2,1,0",
        "gil,0,2,0,0",
    ]


def test_a_name_that_is_no_text_has_its_row():
    student = Student(os.fsdecode(b"Zo\xeb"), [Result("trace", "wrong", 0, 1)])
    assert to_csv([student]).encode().endswith(b"Zo\xef\xbf\xbd,0,1,0\r\n")


def test_how_a_class_did(students):
    pencil, trace = summaries(students)
    assert pencil == ("pencil", 3, 0, 2, [])
    assert trace[:4] == ("trace", 1, 1, 3)
    ((hint, count),) = trace.hints
    assert "not handed on" in hint and count == 1


def test_without_an_answer_there_is_no_class(tmp_path):
    (tmp_path / "ada").mkdir()
    with pytest.raises(MitseqError, match="has no exercises, nor has a folder"):
        check_class(tmp_path)


def test_pytest_checks_the_folder_of_a_student(tmp_path):
    start(tmp_path, ["pencil"])
    start(tmp_path, ["trace"], solutions=True)
    wrong = load("bptt").changed({" + da_later * w": ""})
    (tmp_path / "10_bptt.py").write_text(wrong)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rs"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "1 failed, 1 passed, 1 skipped" in done.stdout
    assert "not begun: the TODO in line" in done.stdout
    assert "hint      Nothing flows back through time" in done.stdout
    assert "Traceback" not in done.stdout
