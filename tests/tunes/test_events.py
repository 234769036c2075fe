"""Problems and readings as data."""

from mitseq.tunes.events import Problem, Reading


def test_a_problem_says_where():
    assert str(Problem(7, 3, "why")) == "line 7, bar 3: why"
    assert str(Problem(7, 0, "why")) == "line 7, bar 0: why"
    assert str(Problem(7, None, "why")) == "line 7: why"


def test_length_of_a_bar():
    assert Reading(meter=(6, 8)).bar_length == 6
    assert Reading(meter=None).bar_length is None
