"""The process in which the code of students runs: `python -m` this module.

It reads requests from standard input and writes replies to standard output,
one JSON document a line. Where the platform can, each file runs in a fork of
its own: fast, and nothing that a file does is there for the next one. The
student's code reads nothing, its output is dropped but for the first lines,
and memory and files have a limit.

This protects a check from mistakes. It is no sandbox against ill will: whoever
checks the code of strangers does so in a container.
"""

import contextlib
import gc
import io
import json
import os
import sys
import types
from collections.abc import Callable
from typing import Any, NoReturn

from mitseq.exercises.attempt import attempt, describe
from mitseq.exercises.catalog import all_exercises, load

PRINTED = 1000  # letters of what a file prints that are kept
FILE_SIZE = 2**24  # bytes of a file that it writes
DEPTH = 2000  # calls inside each other

Tell = Callable[[dict[str, Any]], None]


def main() -> None:
    """Answers requests until there are no more."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)

    def tell(reply: dict[str, Any]) -> None:
        replies.write(json.dumps(reply).encode() + b"\n")
        replies.flush()

    for exercise in all_exercises():  # before the first fork
        _ = exercise.arguments, exercise.names
    gc.freeze()  # a fork shares what nobody writes to
    tell({"ready": True})
    for line in requests:
        request = json.loads(line)
        if request["fork"]:
            child = os.fork()
            if child == 0:
                _answer_and_end(request, tell)
            _, status = os.waitpid(child, 0)
            if status:
                tell({"died": _reason(os.waitstatus_to_exitcode(status))})
        else:
            _answer(request, tell)
        tell({"end": True})


def _answer_and_end(request: dict[str, Any], tell: Tell) -> NoReturn:
    """Answers in a fork. A fork of this fork, a student's, stays silent."""
    me = os.getpid()

    def tell_mine(reply: dict[str, Any]) -> None:
        if os.getpid() == me:
            tell(reply)

    with contextlib.suppress(BaseException):
        _answer(request, tell_mine)
    os._exit(0)


def _answer(request: dict[str, Any], tell: Tell) -> None:
    if request["fork"]:  # a limit cannot be taken back
        _limit(request["memory"], request["cpu"])
    sys.setrecursionlimit(DEPTH)
    with contextlib.redirect_stdout(Printed()) as printed:
        run_file(request["path"], request["names"], tell)
    if printed.kept:
        tell({"printed": printed.kept})
    tell({"done": True})


def run_file(path: str, names: list[str], tell: Tell) -> None:
    """Runs a file, then the cases of each exercise, and tells what comes.

    Args:
        path: Of the student's file.
        names: Of exercises.
        tell: Gets {"failed": outcome} if the file itself does not run; else
            for each exercise {"begins": name}, {"case": outcome} each, and
            {"lacks": name} where its function is not there.
    """
    tell({"begins": ""})
    module = types.ModuleType("exercise")
    module.__file__ = path
    sys.modules["exercise"] = module
    sys.path[0] = os.path.dirname(os.path.abspath(path))
    try:
        with open(path, "rb") as file:
            code = compile(file.read(), path, "exec", dont_inherit=True)
        _run(code, vars(module))
    except BaseException as error:
        tell({"failed": describe(error, path)})
        return
    for name in names:
        exercise = load(name)
        function = vars(module).get(exercise.function)
        if function is None:
            tell({"lacks": name})
            continue
        tell({"begins": name})
        for outcome in attempt(exercise, function):
            tell({"case": outcome})


class Printed(io.TextIOBase):
    """Keeps the first letters that are printed, and drops the others."""

    def __init__(self):
        self.kept = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        room = PRINTED - len(self.kept)
        if room > 0:
            self.kept += text[:room]
        return len(text)


def _run(code, names) -> None:
    # what a student wrote, in a process with limits
    exec(code, names)  # nosec B102


def _limit(memory: int, seconds: int) -> None:
    """Sets limits, so that nothing goes on if the check itself is killed."""
    try:
        import resource
    except ImportError:  # a platform without
        return
    for kind, most in (
        ("RLIMIT_AS", memory),
        ("RLIMIT_CPU", seconds),
        ("RLIMIT_FSIZE", FILE_SIZE),
        ("RLIMIT_CORE", 0),
    ):
        with contextlib.suppress(AttributeError, ValueError, OSError):
            number = getattr(resource, kind)
            resource.setrlimit(number, (most, resource.getrlimit(number)[1]))


def _reason(code: int) -> str:
    """Returns how a process ended, in words."""
    if code < 0:
        import signal

        with contextlib.suppress(ValueError):
            return f"it crashed ({signal.Signals(-code).name})"
        return f"it crashed (signal {-code})"
    return f"it ended the process with exit code {code}"


if __name__ == "__main__":
    main()
