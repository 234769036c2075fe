import os
import subprocess
import sys
from pathlib import Path

import pytest

from mitseq.errors import MitseqError
from mitseq.exercises import folders
from mitseq.exercises.catalog import load
from mitseq.exercises.folders import (
    Student,
    answers_of_file,
    changes,
    check_answers,
    check_class,
    find_answers,
    summaries,
    to_csv,
)
from mitseq.exercises.judge import Result
from mitseq.exercises.start import start

ROOT = Path(__file__).parents[2]


def names_in(folder, **options):
    found = find_answers(folder, **options)
    return {name: path.name for name, path in found.items()}


def test_files_are_found_by_their_name_or_if_they_speak_of_exercises(tmp_path):
    speaks = "# mitseq exercises check\n"
    for name, text in {
        "02_trace (1).py": speaks,
        "02_trace.py": "",
        "anna_pencil.py": speaks + "def by_pencil(): 1\ndef bptt(:",
        "03_state_update-2.py": speaks,
        "mine.py": "mitseq.exercises.check(influence)\ndef influence(): 1\n"
        "class MyRNNCell: 1\ndef trace(): 1",
        "scores.py": "",  # somebody's, who never heard of us
        "draw.py": "def draw(): 1",
        "test_exercises.py": speaks + "def bptt(): 1",
        "notes.txt": speaks + "def bptt(): 1",
        ".10_bptt.py": "",
        "below/13_clipping.py": "",
        "1/2/3/4/24_scores.py": "",
        "1/2/3/4/5/25_scaling.py": "",
        ".git/28_head.py": "",
        "venv/29_multi_head.py": "",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text)
    expected = {
        "pencil": "anna_pencil.py",
        "trace": "02_trace.py",
        "state_update": "03_state_update-2.py",
        "my_rnn_cell": "mine.py",
        "bptt": "anna_pencil.py",
        "gradient_flow": "mine.py",
    }
    assert names_in(tmp_path) == expected
    assert [*names_in(tmp_path)] == [*expected]  # in their order
    more = {"clipping": "13_clipping.py", "scores": "24_scores.py"}
    assert names_in(tmp_path, below=True) == expected | more


def test_one_file(tmp_path):
    path = tmp_path / "all.py"
    path.write_text("def bptt(): 1\ndef trace(): 1\ndef other(): 1\n")
    assert [*answers_of_file(path)] == ["trace", "bptt"]
    assert [*answers_of_file(tmp_path / "02_trace(3).py")] == ["trace"]
    path.write_text("def other(): 1\n")
    with pytest.raises(MitseqError, match="all.py answers no exercise"):
        answers_of_file(path)


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


def test_what_is_saved_is_seen(tmp_path):
    start(tmp_path, ["pencil", "trace"])
    path = tmp_path / "02_trace.py"
    acts = [
        lambda: None,
        lambda: path.write_text("one"),
        lambda: None,
        lambda: (tmp_path / "10_bptt.py").write_text("new"),
        path.unlink,
        lambda: path.write_text("again"),
    ]

    def pause(seconds):
        assert seconds == folders._PAUSE
        acts.pop(0)()

    seen = changes(lambda: find_answers(tmp_path), pause)
    assert [*next(seen)] == ["trace"]
    assert [*next(seen)] == ["bptt"]
    assert [*next(seen)] == ["trace"]
    assert acts == []


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
