"""What is used up, what ends a training, and how long it takes at most."""

import pytest

from mitseq.training import budget as module
from mitseq.training.budget import Budget


@pytest.fixture
def clock(monkeypatch):
    """Seconds that the test sets."""

    class Clock:
        now = 1000.0

        def monotonic(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


def test_seconds_go_on_from_those_of_earlier_runs(clock):
    budget = Budget(used=100.0)
    clock.now += 7
    assert budget.seconds() == 107.0
    budget.begin(5.0)
    clock.now += 1
    assert budget.seconds() == 6.0


def test_what_is_used_up_first_counts(clock):
    budget = Budget(epochs=10, minutes=1.0)
    clock.now += 30
    assert budget.progress(2.0) == 0.5
    assert budget.progress(7.5) == 0.75
    clock.now += 300
    assert budget.progress(0.0) == 1.0
    assert Budget().progress(1000.0) == 0.0


def test_time_ends_a_training_in_the_middle_of_an_epoch(clock):
    budget = Budget(minutes=1.0)
    clock.now += 59
    assert not budget.is_used_up(0.5)
    clock.now += 1
    assert budget.is_used_up(0.5)


def test_no_whole_epoch_begins_that_would_not_fit_in(clock):
    budget = Budget(epochs=9, minutes=1.0, whole_epochs=True)
    clock.now += 25
    assert not budget.is_used_up(1)  # 50 of 60 seconds after the next one
    clock.now += 16
    assert budget.is_used_up(2)  # 61.5
    assert not budget.is_used_up(1.5)  # one that has begun is ended
    assert Budget(9, whole_epochs=True).is_used_up(9)


def test_the_first_whole_epoch_is_always_made():
    budget = Budget(epochs=9, minutes=-3.0, whole_epochs=True)
    assert not budget.is_used_up(0)
    assert budget.is_used_up(1)


def test_what_is_left_follows_from_what_was_needed(clock):
    budget = Budget(epochs=4)
    clock.now += 30
    assert budget.left(1) == 90.0
    assert budget.left(4) == 0.0
    assert budget.left(0) is None
