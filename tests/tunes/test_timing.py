"""A time limit that works in any thread and stops what it left behind."""

import threading
import time

import pytest

from mitseq.tunes.timing import TimeLimitError, run_with_limit


def test_value_is_returned_and_errors_are_raised():
    assert run_with_limit(divmod, 7, 2, seconds=5, name="it") == (3, 1)
    with pytest.raises(ZeroDivisionError, match="division"):
        run_with_limit(divmod, 1, 0, seconds=5, name="it")


def forever(alive):
    while True:
        alive.append(time.monotonic())
        alive[:] = alive[-1:]


def wait_for_end(name):
    for _ in range(200):
        if not any(name in t.name for t in threading.enumerate()):
            return True
        time.sleep(0.02)
    return False


def test_an_endless_loop_is_stopped():
    with pytest.raises(TimeLimitError, match="Looping must be done within"):
        run_with_limit(forever, [], seconds=0.05, name="Looping")
    assert wait_for_end("Looping"), "the late thread still runs"


def swallowing():
    while True:
        try:
            time.sleep(0.001)
        except Exception:  # music21 has such places
            continue


def test_except_exception_does_not_keep_it_alive():
    with pytest.raises(TimeLimitError, match="Swallowing"):
        run_with_limit(swallowing, seconds=0.05, name="Swallowing")
    assert wait_for_end("Swallowing"), "the late thread still runs"


def test_it_works_outside_the_main_thread():
    caught = []

    def work():
        try:
            run_with_limit(forever, [], seconds=0.05, name="Elsewhere")
        except TimeLimitError as error:
            caught.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)
    assert len(caught) == 1
