import numpy as np

from mitseq.exercises.attempt import attempt
from mitseq.exercises.catalog import load
from mitseq.exercises.judge import judge
from mitseq.exercises.mistakes import outcomes_of


def result(name, function):
    cases = {name: list(attempt(load(name), function))}
    return judge(name, {"cases": cases, "lacks": [], "at": name})


def test_a_mistake_beside_a_number_that_fits_the_first_call_only():
    def attention_weights(Q, K):
        e = np.exp(Q @ K.T / 2)  # the root of 4
        return e / e.sum(axis=0)

    (hint,) = result("scaling", attention_weights).hints
    assert hint.startswith("In this call: The softmax goes over the wrong axis")


def test_two_mistakes_at_once_are_two_hints():
    def store(x_t, h_prev, W_xi, W_hi, b_i, W_xc, W_hc, b_c):
        i_t = np.tanh(x_t @ W_xi + h_prev @ W_hi + b_i)
        return i_t + np.tanh(x_t @ W_xc + h_prev @ W_hc + b_c)

    hints = result("lstm_store", store).hints
    assert len(hints) == 2
    assert "added" in hints[0] and "gate is a tanh" in hints[1]


def test_two_mistakes_at_one_place_are_no_variant():
    exercise = load("truncated_bptt")
    assert outcomes_of(exercise, (0,)) is not None
    assert outcomes_of(exercise, (0, 1)) is None
