import pytest

from mitseq.exercises import worker
from mitseq.exercises.worker import Printed, run_file

RIGHT = "def by_pencil():\n    return [0.5, 1.25, 2.125, 3.0625, 4.03125]\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a text in this process; returns what is told."""
    monkeypatch.setattr(worker.sys, "path", ["", *worker.sys.path])

    def run(text, names=("pencil",)):
        path = tmp_path / "mine.py"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        told = []
        run_file(str(path), list(names), told.append)
        return told

    return run


def test_a_file_is_run_and_each_exercise_called(run):
    begins, at, case = run(RIGHT)
    assert (begins, at) == ({"begins": ""}, {"begins": "pencil"})
    assert case["case"]["changed"] == []


def test_a_name_that_is_not_there_is_told_and_the_next_goes_on(run):
    told = run(RIGHT, ["trace", "pencil"])
    assert told[1:3] == [{"lacks": "trace"}, {"begins": "pencil"}]


@pytest.mark.parametrize(
    ("text", "error", "line"),
    [
        ("x = 1\ndef f(:\n", "SyntaxError", 2),
        ("def f():\nreturn 1\n", "IndentationError", 2),
        ("x = 1\ny = 1 / 0\n", "ZeroDivisionError", 2),
        ("import nowhere_at_all\n", "ModuleNotFoundError", 1),
        ("raise SystemExit\n", "SystemExit", 1),
        (b"x = '\xff'\n", "SyntaxError", 1),
    ],
)
def test_a_file_that_does_not_run_is_told_with_its_line(run, text, error, line):
    failed = run(text)[-1]["failed"]
    assert (failed["error"], failed.get("line", 1)) == (error, line)


def test_a_file_is_no_program(run):
    assert len(run(RIGHT + "if __name__ == '__main__':\n    1 / 0\n")) == 3


def test_the_first_letters_of_what_is_printed_are_kept():
    printed = Printed()
    for _ in range(3):
        assert printed.write("x" * 600) == 600
    assert printed.kept == "x" * worker.PRINTED


def test_how_a_process_ended_is_told_in_words():
    assert worker._reason(-11) == "it crashed (SIGSEGV)"
    assert worker._reason(-99) == "it crashed (signal 99)"
    assert worker._reason(4) == "it ended the process with exit code 4"
