from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from mitseq.exercises.attempt import attempt
from mitseq.exercises.catalog import NAMES, load
from mitseq.exercises.judge import judge, told_call
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
