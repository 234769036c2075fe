import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from mitseq.exercises.attempt import attempt
from mitseq.exercises.catalog import NAMES, load
from mitseq.exercises.judge import judge, outcomes_of, told_call
from mitseq.exercises.values import pack


def result(name, function):
    cases = {name: list(attempt(load(name), function))}
    return judge(name, {"cases": cases, "lacks": [], "at": name})


def test_a_right_answer_says_where_to_compare():
    found = result("trace", load("trace").solution)
    assert found.is_right and (found.points, found.of) == (1, 1)
    assert repr(found).splitlines() == [
        "02 trace            right       1/1  The trace as a loop",
        "   compare   trace_by_hand in mitseq/by_hand/trace.py",
    ]


def test_feedback_says_what_was_called_expected_and_came():
    found = result("gradient_flow", lambda h, w: 0.3)
    assert repr(found).splitlines() == [
        "12 gradient_flow    wrong       0/1  The product of the factors",
        "   called    influence(h=[0.5, 0.2, -0.4], w=0.9)",
        "   expected  0.6532",
        "   came      0.3",
        "   slide     Standard RNN Gradient Flow",
        "   again     influence(*mitseq.exercises.arguments("
        "'gradient_flow', 0))",
    ]


def test_the_case_that_is_wrong_is_shown_not_the_first():
    def trace(x, keep, write, h_0):
        return load("trace").solution(x, keep, write, 0)

    found = result("trace", trace)
    assert found.called.endswith("keep=0.5, write=2, h_0=4)")
    assert found.hints == ("The first h_prev is 0, whatever h_0 says.",)


def test_numbers_that_look_alike_are_shown_where_they_differ():
    found = result(
        "bptt", lambda *a: np.add(load("bptt").solution(*a), [0, 2e-5, 0])
    )
    assert found.came != found.expected
    assert "at [1]" in found.came and "at [1]" in found.expected


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


def test_two_mistakes_at_once_are_two_hints():
    def store(x_t, h_prev, W_xi, W_hi, b_i, W_xc, W_hc, b_c):
        i_t = np.tanh(x_t @ W_xi + h_prev @ W_hi + b_i)
        return i_t + np.tanh(x_t @ W_xc + h_prev @ W_hc + b_c)

    hints = result("lstm_store", store).hints
    assert len(hints) == 2
    assert "added" in hints[0] and "gate is a tanh" in hints[1]


def test_a_mistake_beside_a_number_that_fits_the_first_call_only():
    def attention_weights(Q, K):
        e = np.exp(Q @ K.T / 2)  # the root of 4
        return e / e.sum(axis=0)

    (hint,) = result("scaling", attention_weights).hints
    assert hint.startswith("In this call: The softmax goes over the wrong axis")


def test_two_mistakes_at_one_place_are_no_variant():
    exercise = load("truncated_bptt")
    assert outcomes_of(exercise, (0,)) is not None
    assert outcomes_of(exercise, (0, 1)) is None


def test_an_argument_that_changed_is_wrong_though_the_result_is_right():
    def update(c_prev, f_t, i_t, c_tilde):
        c_prev *= f_t
        c_prev += i_t * c_tilde
        return c_prev

    found = result("lstm_update", update)
    assert (found.status, found.points) == ("wrong", 0)
    assert "changes its argument c_prev" in found.hints[0]


def test_what_happens_around_the_calls():
    raw = {"cases": {}, "lacks": [], "at": ""}
    failed = {"error": "SyntaxError", "message": "bad", "line": 3, "text": "x"}
    found = judge("trace", raw | {"failed": failed})
    assert found.came == "SyntaxError in line 3, `x`: bad"
    found = judge("trace", raw | {"failed": failed, "file": "a.py"})
    assert found.came == "SyntaxError in a.py, line 3, `x`: bad"
    found = judge("trace", raw | {"lacks": ["trace"]})
    assert found.came == "the file defines no `trace`"
    found = judge("trace", raw | {"stopped": "it did not end in 1 s"})
    assert (found.called, found.expected) == ("", "")


def test_a_class_is_told_as_it_is_used():
    text = told_call(load("my_rnn_cell"), 0)
    assert text.startswith("cell = MyRNNCell(W_xh, W_hh, W_hy); cell.call(x)")


SIMPLE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=3),
    arrays(float, array_shapes(max_dims=3, max_side=4)),
    arrays(bool, array_shapes(max_dims=2, max_side=3)),
    st.just(object()),
    st.just(...),
)
VALUES = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.tuples(inner, inner, inner),
        st.dictionaries(st.text(max_size=2), inner, max_size=3),
    ),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None)
@given(name=st.sampled_from(NAMES), value=VALUES)
def test_whatever_a_student_returns_there_is_something_to_say(name, value):
    outcome = {"value": pack(value), "changed": []}
    cases = {name: [outcome] * len(load(name).arguments)}
    found = judge(name, {"cases": cases, "lacks": [], "at": name})
    assert found.status == "wrong"
    assert found.came and found.expected and found.lines()
