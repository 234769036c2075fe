"""Calls what a student wrote, once for each case, and notes what happens.

Nothing that the code does comes out of here as an error: an outcome is plain
data. Who keeps time, and who stops a call that does not end, is elsewhere:
worker.py for files, notebook.py for a notebook.
"""

import copy
import inspect
import json
import linecache
import traceback
from collections.abc import Callable, Iterator
from typing import Any

from mitseq.exercises.exercise import Exercise, call
from mitseq.exercises.values import LARGEST, pack

MESSAGE = 300  # letters of an error's text
# What ends a check from outside must not look like the student's error.
LET_THROUGH = (KeyboardInterrupt,)

Outcome = dict[str, Any]


def attempt(exercise: Exercise, function: Any) -> Iterator[Outcome]:
    """Yields what comes of each case.

    An outcome has "value", packed, and "changed", the arguments that the call
    changed; or "error", the name of an exception, with "message", and with
    "line" and "text" if it is known where in the student's code.

    After an error the other cases are still tried: a mistake may raise in one
    of them only.
    """
    problem = _problem_of_call(exercise, function)
    if problem:
        yield {"error": "arguments", "message": problem}
        return
    for arguments in exercise.arguments:
        outcome = _outcome(exercise, function, arguments)
        yield outcome
        if outcome.get("error") == "NotImplementedError":
            return


def _outcome(exercise: Exercise, function: Any, arguments: tuple) -> Outcome:
    """Returns what comes of one case."""
    given = copy.deepcopy(arguments)
    try:
        value = exercise.use(function, *given)
        changed = _changed(exercise, given, arguments)
        return {"value": _pack(value), "changed": changed}
    except LET_THROUGH:
        raise
    except BaseException as error:
        return describe(error, file_of(function))


def describe(error: BaseException, file: str) -> Outcome:
    """Returns an exception as an outcome, with the place in a file."""
    told: Outcome = {
        "error": type(error).__name__,
        "message": _message(error),
    }
    if isinstance(error, SyntaxError) and error.lineno:
        return told | {
            "line": error.lineno,
            "text": (error.text or "").strip()[:MESSAGE],
        }
    for frame, line in traceback.walk_tb(error.__traceback__):
        name = frame.f_code.co_filename
        if name == file:
            told["line"] = line
            told["text"] = linecache.getline(name, line).strip()[:MESSAGE]
    return told


def file_of(function: Any) -> str:
    """Returns the name of the file, or cell, that defines a function."""
    methods = vars(function).values() if isinstance(function, type) else ()
    for each in (function, *methods):
        code = getattr(inspect.unwrap(each), "__code__", None)
        if code is not None:
            return code.co_filename
    return ""


def _message(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return str(error.msg)
    try:
        return " ".join(str(error).split())[:MESSAGE]
    except Exception:  # a student's own exception may do anything
        return ""


def _pack(value: Any) -> Any:
    packed = pack(value)
    if len(json.dumps(packed)) > 20 * LARGEST:
        return {"other": f"a very large {type(value).__name__}"}
    return packed


def _changed(exercise: Exercise, given: tuple, before: tuple) -> list[str]:
    """Returns the names of the arguments that the call changed."""
    return [
        name
        for name, a, b in zip(exercise.names, given, before, strict=False)
        if pack(a) != pack(b)
    ]


def _problem_of_call(exercise: Exercise, function: Callable) -> str:
    """Returns why the function cannot be called as it has to be, or ''."""
    if not callable(function):
        return f"it is no function but a {type(function).__name__}"
    if isinstance(exercise.solution, type):
        if not isinstance(function, type):
            return "it must be a class"
        return ""
    if exercise.use is not call:
        return ""
    wanted = f"{exercise.function}({', '.join(exercise.names)})"
    try:
        inspect.signature(function).bind(*exercise.arguments[0])
    except TypeError as error:
        return f"it is called as {wanted}: {error}"
    except ValueError:  # a function that tells nothing of its arguments
        return ""
    return ""
