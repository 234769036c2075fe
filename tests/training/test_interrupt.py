"""The first signal is noted, the second one acts, and all is put back."""

import signal
import threading

import pytest

from mitseq.training.interrupt import interrupts


def test_the_first_signal_is_noted_and_the_second_acts():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        with interrupts() as request:
            assert not request.came
            signal.raise_signal(signal.SIGINT)
            assert request.came
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_clusters_signal_counts_too():
    with interrupts() as request:
        signal.raise_signal(signal.SIGTERM)
    assert request.came
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_who_has_nothing_to_save_is_interrupted_at_once():
    with pytest.raises(KeyboardInterrupt):
        with interrupts(False):
            signal.raise_signal(signal.SIGINT)


def test_another_thread_can_train():
    came = []

    def work():
        with interrupts() as request:
            came.append(request.came)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert came == [False]
