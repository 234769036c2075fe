import pytest

from mitseq.cli.exercises import check as command
from mitseq.exercises import folders, students
from mitseq.exercises.catalog import load
from mitseq.exercises.start import start


@pytest.fixture
def wrong():
    """A trace that forgets its state."""
    return load("trace").changed({"h_prev = h_t": "pass"})


@pytest.fixture
def mine(tmp_path, wrong):
    """One exercise right, one wrong, one not begun."""
    start(tmp_path / "mine", ["pencil"], solutions=True)
    start(tmp_path / "mine", ["bptt"])
    (tmp_path / "mine" / "02_trace.py").write_text(wrong)
    return tmp_path / "mine"


def test_a_folder_is_told_exercise_by_exercise(run, mine):
    done = run("exercises", "check", "mine")
    assert done.code == 1
    lines = done.stdout.splitlines()
    assert lines[0].split()[:4] == ["01", "pencil", "right", "1/1"]
    assert lines[1].split()[:4] == ["02", "trace", "wrong", "0/1"]
    assert "   called    trace(x=[1, 2, 3, 4, 5]" in lines[2]
    assert "The state is not handed on" in done.stdout
    assert lines[-2].split()[:4] == ["10", "bptt", "not", "begun"]
    assert lines[-1] == "1 of 5 points"


def test_json_and_points_of_a_folder(run, mine, tmp_path):
    done = run("exercises", "check", "mine", "--json", "--csv", "a.csv")
    assert done.code == 1
    assert (done.json["points"], done.json["of"]) == (1, 5)
    _, trace, _ = done.json["exercises"]
    assert trace["status"] == "wrong" and len(trace["hints"]) == 1
    assert trace["slide"] == "Trace the Hidden State by Hand"
    assert trace["file"] == "mine/02_trace.py"
    table = (tmp_path / "a.csv").read_text().splitlines()
    assert table == ["student,points,of,pencil,trace,bptt", "mine,1,5,1,0,0"]
    done = run("exercises", "check", "mine", "--csv", "a.csv")
    assert done.is_mistake("a.csv exists; --overwrite replaces it")


def test_a_file_that_is_right(run, mine):
    done = run("exercises", "check", "mine/01_pencil.py")
    assert done.code == 0
    assert done.stdout.splitlines()[-1] == "1 of 1 points"
    done = run("exercises", "check", "mine/10_bptt.py")
    assert "the TODO in line" in done.stdout and done.code == 1


def test_values_of_students_are_safe_to_show(run, tmp_path):
    text = "def build_vocabulary(text):\n    raise ValueError('\\x1b[2J')\n"
    (tmp_path / "06_vocabulary.py").write_text(text)
    done = run("exercises", "check")
    assert "\x1b" not in done.stdout and "?[2J" in done.stdout


def test_a_class(run, mine, tmp_path):
    (tmp_path / "ada").mkdir()
    done = run("exercises", "check", ".", "--csv", "scores.csv")
    assert done.code == 0
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["ada", "0", "of", "5"]
    assert lines[1].split() == ["mine", "1", "of", "5"]
    assert lines[5].split()[:4] == ["trace", "0", "1", "1"]
    assert "1 x The state is not handed on" in lines[5]
    assert len((tmp_path / "scores.csv").read_text().splitlines()) == 3
    told = run("exercises", "check", "--json").json
    assert [s["points"] for s in told["students"]] == [0, 1]
    assert told["exercises"][1]["hints"][0]["count"] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "nowhere: no such file or folder"),
        (["."], ". has no exercises, nor has a folder in it"),
        (["notes.txt"], "notes.txt answers no exercise"),
        (["--watch", "--json"], "--watch takes neither --json nor --csv"),
        (["--seconds", "0"], "not above 0"),
    ],
)
def test_mistakes_are_one_line(run, tmp_path, arguments, words):
    (tmp_path / "notes.txt").write_text("hello")
    assert run("exercises", "check", *arguments).is_mistake(words)


def test_watch_checks_again_what_is_saved(run, mine, monkeypatch):
    acts = [lambda: start(mine, ["trace"], overwrite=True, solutions=True)]

    def pause(seconds):
        if not acts:
            raise KeyboardInterrupt
        acts.pop()()

    real = folders.changes
    monkeypatch.setattr(folders, "changes", lambda look: real(look, pause))
    done = run("exercises", "check", "mine", "--watch")
    assert done.code == 0
    first, _, after = done.stdout.partition("1 of 5 points\n")
    assert "trace            wrong" in first
    assert "trace            right" in after
    assert "watching" in done.stderr


def test_a_person_sees_no_traceback_where_a_check_is_interrupted(
    run, mine, monkeypatch
):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(students, "check_answers", interrupted)
    assert run("exercises", "check", "mine").code == 130
    assert command.WIDTH > 0
