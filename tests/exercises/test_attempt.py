import numpy as np
import pytest

from mitseq.exercises.attempt import attempt, describe, file_of
from mitseq.exercises.catalog import load


def outcomes(name, function):
    return list(attempt(load(name), function))


def test_each_case_has_its_value():
    found = outcomes("trace", lambda x, keep, write, h_0: len(x))
    assert found == [
        {"value": 5, "changed": []},
        {"value": 5, "changed": []},
        {"value": 3, "changed": []},
    ]


def test_an_argument_that_was_changed_is_named_and_the_next_call_is_clean():
    def update(c_prev, f_t, i_t, c_tilde):
        i_t *= c_tilde
        c_prev *= f_t
        return c_prev + i_t

    found = outcomes("lstm_update", update)
    assert [o["changed"] for o in found] == 2 * [["c_prev", "i_t"]]
    again = outcomes("lstm_update", load("lstm_update").solution)
    assert [o["value"] for o in again] == [o["value"] for o in found]


def test_an_error_has_its_line_in_the_students_code_and_the_others_are_tried():
    def trace(x, keep, write, h_0):
        if h_0 == 0:
            return np.ones(2) @ np.ones(3)
        return []

    first, second, third = outcomes("trace", trace)
    assert first["error"] == second["error"] == "ValueError"
    assert first["text"] == "return np.ones(2) @ np.ones(3)"
    assert first["line"] == trace.__code__.co_firstlineno + 2
    assert third == {"value": {"list": []}, "changed": []}


@pytest.mark.parametrize("error", [SystemExit(3), RecursionError, ValueError()])
def test_no_error_comes_out(error):
    def trace(x, keep, write, h_0):
        raise error

    assert len(outcomes("trace", trace)) == 3


def test_ctrl_c_comes_out():
    def trace(x, keep, write, h_0):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outcomes("trace", trace)


def test_what_is_not_written_yet_is_asked_once():
    def trace(x, keep, write, h_0):
        raise NotImplementedError

    assert [o["error"] for o in outcomes("trace", trace)] == [
        "NotImplementedError"
    ]


@pytest.mark.parametrize(
    ("name", "function", "message"),
    [
        ("trace", lambda x, keep: 1, r"trace\(x, keep, write, h_0\): too many"),
        ("trace", lambda a, b, c, d, e: 1, "missing a required argument: 'e'"),
        ("trace", 3, "no function but a int"),
        ("my_rnn_cell", lambda x: 1, "must be a class"),
    ],
)
def test_a_function_that_cannot_be_called_is_told_how_it_is(
    name, function, message
):
    (found,) = outcomes(name, function)
    assert found["error"] == "arguments"
    assert pytest.raises(ValueError, _raise, found["message"]).match(message)


def _raise(message):
    raise ValueError(message)


def test_a_value_without_end_is_named_and_not_kept():
    def trace(x, keep, write, h_0):
        endless = []
        endless.append(endless)
        return endless

    assert outcomes("trace", trace)[0]["error"] == "RecursionError"
    found = outcomes("trace", lambda *a: [["x" * 90_000] * 40])
    assert found[0]["value"] == {"other": "a very large list"}


def test_an_error_that_cannot_be_told_is_told_without_words():
    class Rude(Exception):
        def __str__(self):
            raise RuntimeError

    assert describe(Rude(), "") == {"error": "Rude", "message": ""}


def test_the_file_of_a_class_is_that_of_its_methods():
    assert file_of(load("trace").solution).endswith("trace.py")
    assert file_of(load("my_rnn_cell").solution).endswith("my_rnn_cell.py")
    assert file_of(3) == ""
