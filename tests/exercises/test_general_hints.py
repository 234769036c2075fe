import numpy as np
import pytest

from mitseq.exercises.attempt import attempt
from mitseq.exercises.catalog import load
from mitseq.exercises.judge import judge


def result(name, function):
    cases = {name: list(attempt(load(name), function))}
    return judge(name, {"cases": cases, "lacks": [], "at": name})


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("trace", None, "`return` missing"),
        ("positions", np.zeros((2, 2)), "shape is (2, 2), expected (3, 4)."),
        ("positions", np.zeros((4, 3)), "two axes swapped"),
        ("causal_mask", np.full((3, 3), np.nan), "not finite"),
        ("gradient_flow", -0.653184, "sign is the other way"),
        ("gradient_flow", 0.65, "rounded"),
        ("trace", [4.03125, 3.0625, 2.125, 1.25, 0.5], "their order"),
        ("vocabulary", [1], "must return a dict, a list came"),
        ("next_word", "nap", "must return 2 values"),
        ("next_word", ("cat", 0.8853), "Value 1 of 2 is wrong"),
        ("trace", lambda: 1, "It returns a function"),
    ],
)
def test_hints_that_help_with_any_exercise(name, value, hint):
    count = len(load(name).names)
    arguments = ", ".join(f"a{n}" for n in range(count))
    function = eval(f"lambda {arguments}: value", {"value": value})
    assert hint in "".join(result(name, function).hints)


def test_an_error_is_told_with_its_line_and_a_hint_for_shapes():
    def rnn_step(x_t, h_prev, W_xh, W_hh):
        return np.ones((2, 3)) @ W_xh[:2]

    found = result("state_update", rnn_step)
    assert found.came.startswith("ValueError in line ")
    assert "`return np.ones((2, 3)) @ W_xh[:2]`" in found.came
    assert "The shapes do not fit" in found.hints[0]


def test_numbers_that_look_alike_are_shown_where_they_differ():
    found = result(
        "bptt", lambda *a: np.add(load("bptt").solution(*a), [0, 2e-5, 0])
    )
    assert found.came != found.expected
    assert "at [1]" in found.came and "at [1]" in found.expected
