"""The first of the LSTM's functions: forget."""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake
from mitseq.exercises.given import sigmoid


# %% student
def forget_gate(x_t, h_prev, W_xf, W_hf, b_f):
    """Returns f_t, how much of each number of the cell state stays.

        f_t = sigmoid(x_t W_xf + h_prev W_hf + b_f)

    Args:
        x_t: (B, D).
        h_prev: (B, H).
        W_xf, W_hf, b_f: (D, H), (H, H), (H,).
    """
    # TODO: the equation.
    # solution
    return sigmoid(x_t @ W_xf + h_prev @ W_hf + b_f)
    # end


# %% check
def cases():
    rng = np.random.default_rng(4)
    return [
        tuple(
            rng.normal(size=size).round(1)
            for size in ((B, D), (B, H), (D, H), (H, H), (H,))
        )
        for B, D, H in ((2, 2, 2), (2, 3, 4))
    ]


EXERCISE = Exercise(
    module=__name__,
    function="forget_gate",
    title="LSTM, 1: forget",
    slide="Long Short Term Memory (LSTM) Networks",
    code="mitseq.layers.lstm:LSTMCell",
    cases=cases,
    mistakes=(
        Mistake(
            "This is a tanh. A gate is a tap between 0 (closed) and 1 (open): "
            "a sigmoid.",
            {"sigmoid(": "np.tanh("},
        ),
        Mistake(
            "`*` multiplies element by element; a product of matrices is `@`.",
            {"x_t @ W_xf": "x_t * W_xf", "h_prev @ W_hf": "h_prev * W_hf"},
        ),
        Mistake(
            "The gate does not see the past: h_prev W_hf is missing.",
            {" + h_prev @ W_hf": ""},
        ),
        Mistake("The bias b_f is missing.", {" + b_f": ""}),
        Mistake(
            "This is 1 - f_t, what is dropped. f_t is what stays: 1 keeps all.",
            {"sigmoid(": "1 - sigmoid("},
        ),
        Mistake(
            "The sigmoid is missing: a gate is between 0 and 1.",
            {"sigmoid(": "("},
        ),
    ),
)
