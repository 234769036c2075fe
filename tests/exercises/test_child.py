"""Code that does all it can: the check neither hangs nor ends."""

import os
import shutil
import sys

import pytest

from mitseq.errors import MitseqError
from mitseq.exercises.child import Child
from mitseq.exercises.judge import judge

RIGHT = "def by_pencil():\n    return [0.5, 1.25, 2.125, 3.0625, 4.03125]\n"
HEAD = "import os, sys, ctypes\ndef by_pencil():\n    "
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="no such limits")


@pytest.fixture
def result(tmp_path):
    def result(child, text, names=("pencil",)):
        path = tmp_path / "mine.py"
        path.write_text(text)
        raw = child.run(path, list(names))
        return judge(names[0], raw)

    return result


@pytest.mark.parametrize(
    ("code", "came", "hint"),
    [
        ("os._exit(3)", "ended the process with exit code 3", "use `return`"),
        ("os._exit(0)", "it ended the process", "use `return`"),
        ("sys.exit(0)", "SystemExit in line 3", "Use `return`"),
        ("raise KeyboardInterrupt", "it ended the process", "use `return`"),
        ("ctypes.string_at(0)", "it crashed (SIGSEGV)", "itself too often"),
        ("os.kill(os.getpid(), 9)", "it crashed (SIGKILL)", "itself too"),
        ("os.close(4); os.close(5)", "", ""),
        ("os.fork(); return []", "[]", ""),
        ("return by_pencil()", "RecursionError in line 3", "Where does it"),
        ("return input()", "EOFError in line 3", "Nobody types"),
        ("return sys.stdin.read() or None", "None", "`return` missing"),
        ("return [float('nan')] * 5", "nan", "not finite"),
        (
            "for _ in range(1000): print('x' * 10**6)",
            "None",
            "`return` missing",
        ),
        ("os.write(1, b'x' * 10**6)", "None", "`return` missing"),
        pytest.param(
            "return bytearray(2**33)", "MemoryError", "memory", marks=LINUX
        ),
        pytest.param(
            "open('big', 'wb').write(bytes(2**26))",
            "File too large",
            "",
            marks=LINUX,
        ),
    ],
)
def test_bad_manners_are_told_and_the_next_file_is_fine(
    child, result, code, came, hint, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    code = code.replace("'big'", repr(str(tmp_path / "big")))
    found = result(child, HEAD + code + "\n")
    assert found.status == "wrong"
    assert came in found.came
    assert hint in "".join(found.hints)
    assert result(child, RIGHT).is_right


@pytest.mark.parametrize("fork", [True, False])
def test_what_does_not_end_is_stopped(result, fork):
    """Without forks, too: as where the platform has none."""
    if fork and not hasattr(os, "fork"):
        pytest.skip("no fork")
    with Child(seconds=0.5, fork=fork) as child:
        found = result(child, HEAD + "while True: pass\n")
        assert found.came == "it did not end in 0.5 s"
        assert found.called == "by_pencil()"
        found = result(child, "while True: pass\n")
        assert (found.called, found.status) == ("", "wrong")
        if not fork:
            assert (
                "ended the process" in result(child, HEAD + "os._exit(1)").came
            )
        assert result(child, RIGHT).is_right


def test_a_file_that_python_cannot_read_is_told_with_its_name_and_line(
    child, result
):
    found = result(child, "def by_pencil():\n    return [1, 2\n")
    assert found.came.startswith("SyntaxError in mine.py, line 2")
    assert " in mine.py" in result(child, "x = '\x00'\n").came


@LINUX
def test_a_file_has_limits_that_hold_without_the_check(child, result):
    text = (
        "import resource\n"
        "def by_pencil():\n"
        "    kinds = resource.RLIMIT_CPU, resource.RLIMIT_CORE\n"
        "    return [resource.getrlimit(kind)[0] for kind in kinds]\n"
    )
    assert result(child, text).came == f"[{2 * child.seconds + 2:.0f}, 0]"


def test_a_process_that_does_not_start_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.executable", shutil.which("false") or "false")
    with Child() as child, pytest.raises(MitseqError, match="did not start"):
        child.run(tmp_path / "01_pencil.py", ["pencil"])


def test_nothing_of_a_file_is_there_for_the_next(child, result):
    if not child.fork:
        pytest.skip("no fork")
    text = "import numpy\nnumpy.tanh = None\nimport os\nos.chdir('/')\n" + RIGHT
    assert result(child, text).is_right
    text = "import numpy\nassert numpy.tanh is not None\n" + RIGHT
    assert result(child, text).is_right


def test_processes_that_a_file_has_left_end_with_the_child(result, tmp_path):
    """What is left holds a lock, which is free when it has ended."""
    fcntl = pytest.importorskip("fcntl")
    text = (
        "import fcntl, os, time\n"
        f"lock = open({str(tmp_path / 'lock')!r}, 'w')\n"
        "fcntl.flock(lock, fcntl.LOCK_EX)\n"
        "if os.fork() == 0:\n    time.sleep(60)\n"
    )
    with Child() as child, open(tmp_path / "lock", "w") as lock:
        assert result(child, text + RIGHT).is_right
        with pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        child.close()
        fcntl.flock(lock, fcntl.LOCK_EX)


def test_several_exercises_in_one_file_are_told_one_by_one(child, tmp_path):
    path = tmp_path / "all.py"
    path.write_text(
        RIGHT + "def influence(h, w):\n    print('here')\n    return 0\n"
    )
    raw = child.run(path, ["pencil", "trace", "gradient_flow"])
    assert raw["lacks"] == ["trace"]
    assert judge("pencil", raw).is_right
    assert "keeps" not in judge("trace", raw).came
    assert judge("trace", raw).came == "the file defines no `trace`"
    assert judge("gradient_flow", raw).printed.splitlines() == ["here"] * 3
