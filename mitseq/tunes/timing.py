"""A time limit around code that may not come back.

music21 is pure Python and can loop for a very long time on odd input. It runs
here in a thread of its own: the caller waits as long as it allowed, and a
thread that is late is stopped from inside. Unlike an alarm signal this works
in notebooks, in other threads and on Windows; unlike a process of its own it
does not pay for importing music21 again.
"""

import ctypes
import threading
from collections.abc import Callable
from typing import Any

from mitseq.errors import MitseqError


class TimeLimitError(MitseqError):
    """Something took longer than it was allowed to."""


class _Stop(BaseException):
    """Raised inside the late thread; no `except Exception` catches it."""


def run_with_limit(
    function: Callable[..., Any], *args: Any, seconds: float, name: str
) -> Any:
    """Calls `function(*args)` and waits at most `seconds` for it.

    Args:
        function: What to call. Pure Python code is stopped when it is late;
            a late call into compiled code is left behind in its thread.
        *args: Passed to `function`.
        seconds: Positive float, how long to wait.
        name: What is being done, for the error message.

    Returns:
        What `function` returned; what it raised is raised again.

    Raises:
        TimeLimitError: if it was not done in time.

    Example:

    >>> run_with_limit(max, 2, 3, seconds=1.0, name="max")
    3
    """
    outcome: dict[str, Any] = {}

    def work():
        try:
            outcome["value"] = function(*args)
        except _Stop:
            pass
        except BaseException as error:  # handed to the caller below
            outcome["error"] = error

    thread = threading.Thread(target=work, name=f"mitseq {name}", daemon=True)
    thread.start()
    try:
        thread.join(seconds)
    finally:
        late = thread.is_alive()
        if late:
            _stop(thread)
    if late and not outcome:
        raise TimeLimitError(
            f"{name} must be done within {seconds:g} seconds and was not."
        )
    if "error" in outcome:
        raise outcome["error"]
    return outcome["value"]


def _stop(thread: threading.Thread):
    """Raises `_Stop` in `thread` at its next Python instruction."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident), ctypes.py_object(_Stop)
    )
