"""Checks in a notebook: no folder on disk is needed.

The function runs in the notebook's own process. There it sees what the other
cells have made: helpers, imports, a TensorFlow that is loaded. A fork of a
process with as many threads may hang, and one that is started anew would see
none of it. Time has a limit; memory, and code that ends the process, are as in
any other cell.
"""

import contextlib
import copy
import ctypes
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

from mitseq.errors import MitseqError
from mitseq.exercises.attempt import attempt
from mitseq.exercises.catalog import by_function, load
from mitseq.exercises.exercise import Exercise
from mitseq.exercises.judge import Result, judge

SECONDS = 10.0


def check(
    function: Callable[..., Any],
    name: str | None = None,
    *,
    seconds: float = SECONDS,
) -> Result:
    """Checks a function or class that a student has written.

    Args:
        function: The function, or the class.
        name: Of the exercise; None for that with the function's name.
        seconds: After which it is stopped.

    Returns:
        The result. As the last line of a cell it shows itself: points, and
        what was called, expected and came, with a hint.

    Raises:
        MitseqError: if no exercise has this name, or none a function of this
            name.

    Example:

    >>> def forget_gate(x_t, h_prev, W_xf, W_hf, b_f):
    ...     z = x_t @ W_xf + h_prev @ W_hf
    ...     return 1 / (1 + np.exp(-z))
    >>> import numpy as np
    >>> check(forget_gate).hints
    ('The bias b_f is missing.',)
    """
    exercise = _exercise(function, name)
    raw: dict[str, Any] = {
        "cases": {exercise.name: []},
        "lacks": [],
        "at": exercise.name,
    }
    try:
        with _limited(seconds):
            for outcome in attempt(exercise, function):
                raw["cases"][exercise.name].append(outcome)
    except _TimeIsUp:
        raw["stopped"] = f"it did not end in {seconds:g} s"
    return judge(exercise.name, raw)


def arguments(name: str, case: int = 0) -> tuple:
    """Returns the arguments of a call that the check makes, to try it out.

    Args:
        name: Of the exercise.
        case: The number of the call, from 0 on.

    Raises:
        MitseqError: if there is no such exercise or call.

    Example:

    >>> arguments("trace")
    ([1, 2, 3, 4, 5], 0.5, 0.5, 0)
    """
    cases = load(name).arguments
    if case not in range(len(cases)):
        raise MitseqError(
            f"`case` must be from 0 to {len(cases) - 1}. Received: case={case}."
        )
    return copy.deepcopy(cases[case])


def start_text(name: str) -> str:
    """Returns the text that a student begins with, to paste into a cell.

    Example:

    >>> start_text("trace").splitlines()[0]
    'def trace(x, keep, write, h_0):'
    """
    return load(name).start


def _exercise(function: Any, name: str | None) -> Exercise:
    if name is not None:
        return load(name)
    called = getattr(function, "__name__", None)
    if called not in by_function():
        known = ", ".join(sorted(by_function()))
        raise MitseqError(
            f"no exercise asks for a function called {called!r}; name the "
            f"exercise, check(function, 'trace'). Known: {known}"
        )
    return by_function()[called]


class _TimeIsUp(KeyboardInterrupt):
    """Raised inside a call that takes too long."""


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raises `_TimeIsUp` inside the block when the time is up.

    A signal, where there is one and this is the main thread: it wakes up a
    `sleep`, too. Elsewhere the exception is put into the thread, which meets
    it between two of its steps.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if hasattr(signal, "setitimer") and is_main:

        def ring(number, frame):
            raise _TimeIsUp

        before = signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        return
    thread = ctypes.c_ulong(threading.get_ident())
    timer = threading.Timer(
        seconds,
        ctypes.pythonapi.PyThreadState_SetAsyncExc,
        (thread, ctypes.py_object(_TimeIsUp)),
    )
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
