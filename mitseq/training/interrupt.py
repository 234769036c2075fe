"""Ctrl-C and a cluster's SIGTERM: finish the step, save, and say where.

The signal is noted where something is at work that has to be finished, a step
of the training or the writing of a file; elsewhere it acts at once. The second
one always does. But Python acts on a signal only between two of its own
instructions, and a step may take long, or compile: a command has a thread that
sees the second one and ends the process.
"""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator

# SIGHUP: the terminal was closed, or the connection to it broke.
SIGNALS = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if hasattr(signal, name)
)


class Interrupted(KeyboardInterrupt):
    """A training that was asked to stop.

    Args:
        message: What was saved, and where.
        number: Of the signal.

    Attributes:
        code: The exit code of a command that ends with it, as a shell has it:
            128 and the number of the signal.
    """

    def __init__(self, message: str = "", number: int = signal.SIGINT):
        super().__init__(message)
        self.number, self.code = number, 128 + number


class Request:
    """Whether the process was asked to stop.

    Attributes:
        came: The number of the signal, or None.
        is_held: Whether a signal is noted only, and acts later.
    """

    def __init__(self):
        self.came: int | None = None
        self.is_held = False

    def act(self) -> None:
        """Raises `Interrupted` if a signal came."""
        if self.came is not None:
            raise Interrupted(number=self.came)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Lets a signal act after the block, not in it."""
        before, self.is_held = self.is_held, True
        try:
            yield
        finally:
            self.is_held = before
        if not before:
            self.act()


@contextlib.contextmanager
def interrupts(
    are_noted: bool = True, *, second_quits: bool = False
) -> Iterator[Request]:
    """Turns the first signal to stop into `Interrupted`.

    After it all signals act as before, so a second one stops at once. Signals
    that are ignored, as `nohup` ignores SIGHUP, stay ignored. In another
    thread than the main one nothing changes, for signals come to the main one.

    Args:
        are_noted: False if nothing changes here, either.
        second_quits: Whether the second signal ends the whole process, even
            in the middle of a computation. For commands only: in a notebook it
            would end what else is there.

    Example:

    >>> with interrupts() as request, contextlib.suppress(Interrupted):
    ...     with request.held():
    ...         signal.raise_signal(signal.SIGTERM)
    ...         print("this is finished")
    ...     print("this is not begun")
    this is finished
    """
    request = Request()
    in_main = threading.current_thread() is threading.main_thread()
    before = {}
    if are_noted and in_main:
        before = {number: signal.getsignal(number) for number in SIGNALS}
        # None: set by another language, which Python cannot put back
        before = {
            number: handler
            for number, handler in before.items()
            if handler not in (signal.SIG_IGN, None)
        }
    started_by = os.getpid()

    def note(number, frame):
        for each, handler in before.items():
            signal.signal(each, handler)
        if os.getpid() != started_by:  # a child that was forked
            signal.raise_signal(number)
            return
        request.came = number
        if not request.is_held:
            request.act()

    for number in before:
        signal.signal(number, note)
    try:
        with _quitting(set(before) if second_quits else set()):
            yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _quitting(numbers):
    """Ends the process at the second of these signals."""
    if not numbers:
        yield
        return
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    # Python writes the number of each signal there as it comes.
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)

    def watch():
        came = 0
        while number := os.read(reader, 1):
            came += number[0] in numbers
            if came == 2:
                os._exit(128 + number[0])
        os.close(reader)

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(writer)  # the thread reads the end
