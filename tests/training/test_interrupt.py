"""The first signal stops at the right moment, the second at once."""

import signal
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


def test_another_thread_can_train():
    came = []

    def work():
        with interrupts() as request:
            came.append(request.came)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert came == [None]
