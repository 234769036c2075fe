"""The first signal stops at the right moment, the second at once."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from mitseq.training.interrupt import SIGNALS, Interrupted, interrupts


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_becomes_an_error_with_its_exit_code(number):
    before = signal.getsignal(number)
    with pytest.raises(Interrupted) as caught:
        with interrupts():
            signal.raise_signal(number)
            pytest.fail("it goes on")
    assert caught.value.code == 128 + number
    assert isinstance(caught.value, KeyboardInterrupt)
    assert signal.getsignal(number) is before


def test_what_is_held_is_finished_first():
    done = []
    with pytest.raises(Interrupted):
        with interrupts() as request:
            with request.held():
                signal.raise_signal(signal.SIGTERM)
                with request.held():
                    done.append("inner")
                done.append("outer")
            done.append("after")
    assert done == ["inner", "outer"] and request.came == signal.SIGTERM


def test_the_second_one_acts_at_once():
    with pytest.raises(KeyboardInterrupt) as caught:
        with interrupts() as request, request.held():
            signal.raise_signal(signal.SIGINT)
            assert request.came == signal.SIGINT
            signal.raise_signal(signal.SIGINT)
            pytest.fail("it goes on")
    assert not isinstance(caught.value, Interrupted)


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no SIGHUP")
def test_what_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interrupts() as request:
            signal.raise_signal(signal.SIGHUP)  # as under nohup
        assert request.came is None
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_who_has_nothing_to_save_is_interrupted_as_ever():
    with pytest.raises(KeyboardInterrupt) as caught:
        with interrupts(False):
            signal.raise_signal(signal.SIGINT)
    assert not isinstance(caught.value, Interrupted)


# A computation that Python cannot interrupt, as the compiling of a step.
BUSY = """
import hashlib
from mitseq.training.interrupt import interrupts
with interrupts(second_quits=True) as request, request.held():
    print("busy", flush=True)
    hashlib.pbkdf2_hmac("sha256", b"", b"", 1 << 30)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
def test_the_second_one_quits_a_command_even_in_a_computation():
    process = subprocess.Popen(
        [sys.executable, "-c", BUSY], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "busy\n"
    process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.5)  # the first one waits
    process.send_signal(signal.SIGINT)
    try:
        assert process.wait(60) == 128 + signal.SIGINT
    finally:
        process.kill()
        process.communicate()


def test_a_second_context_can_quit_too():
    for _ in range(2):
        with pytest.raises(Interrupted):
            with interrupts(second_quits=True):
                signal.raise_signal(signal.SIGINT)
    assert signal.set_wakeup_fd(-1) == -1


def test_another_thread_can_train():
    came = []

    def work():
        with interrupts() as request:
            came.append(request.came)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert came == [None]
