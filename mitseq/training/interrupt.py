"""Ctrl-C and a cluster's SIGTERM: finish the step, save, and say where."""

import contextlib
import signal
import threading
from collections.abc import Iterator

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(KeyboardInterrupt):
    """A training that was asked to stop, and has saved itself."""


class Request:
    """Whether the process was asked to stop."""

    def __init__(self):
        self.came = False


@contextlib.contextmanager
def interrupts(are_noted: bool = True) -> Iterator[Request]:
    """Notes the first signal to stop, instead of stopping at once.

    The second one stops at once. In another thread than the main one nothing
    changes, for signals come to the main one.

    Args:
        are_noted: False if there is nothing to save: then they act at once.

    Example:

    >>> with interrupts() as request:
    ...     signal.raise_signal(signal.SIGINT)
    ...     request.came
    True
    """
    request = Request()
    if (
        not are_noted
        or threading.current_thread() is not threading.main_thread()
    ):
        yield request
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def note(number, frame):
        request.came = True
        for each, handler in before.items():
            signal.signal(each, handler)

    for number in SIGNALS:
        signal.signal(number, note)
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
