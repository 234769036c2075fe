"""The second of the LSTM's functions: store."""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake
from mitseq.exercises.given import sigmoid


# %% student
def store(x_t, h_prev, W_xi, W_hi, b_i, W_xc, W_hc, b_c):
    """Returns what is written into the cell state: i_t * c_tilde.

        i_t = sigmoid(x_t W_xi + h_prev W_hi + b_i)        how much
        c_tilde = tanh(x_t W_xc + h_prev W_hc + b_c)       what

    Args:
        x_t: (B, D).
        h_prev: (B, H).
        W_xi, W_hi, b_i: (D, H), (H, H), (H,), the gate's.
        W_xc, W_hc, b_c: The same of the candidate.
    """
    # TODO: the two equations, and their product, element by element.
    # solution
    i_t = sigmoid(x_t @ W_xi + h_prev @ W_hi + b_i)
    c_tilde = np.tanh(x_t @ W_xc + h_prev @ W_hc + b_c)
    return i_t * c_tilde
    # end


# %% check
def cases():
    rng = np.random.default_rng(5)
    return [
        tuple(
            rng.normal(size=size).round(1)
            for size in ((B, D), (B, H), *2 * ((D, H), (H, H), (H,)))
        )
        for B, D, H in ((2, 2, 2), (2, 3, 4))
    ]


EXERCISE = Exercise(
    module=__name__,
    function="store",
    title="LSTM, 2: store",
    slide="Long Short Term Memory (LSTM) Networks",
    code="mitseq.layers.lstm:LSTMCell",
    cases=cases,
    mistakes=(
        Mistake(
            "Sigmoid and tanh have changed places: the gate says how much, "
            "from 0 to 1; the candidate says what, from -1 to 1.",
            {
                "sigmoid(x_t @ W_xi": "np.tanh(x_t @ W_xi",
                "np.tanh(x_t @ W_xc": "sigmoid(x_t @ W_xc",
            },
        ),
        Mistake(
            "The candidate is a sigmoid, so nothing negative can be written. "
            "It takes the tanh.",
            {"np.tanh(x_t @ W_xc": "sigmoid(x_t @ W_xc"},
        ),
        Mistake(
            "The candidate is not gated: i_t is missing in the product.",
            {"return i_t * c_tilde": "return c_tilde"},
        ),
        Mistake(
            "Gate and candidate are added. A gate multiplies.",
            {"i_t * c_tilde": "i_t + c_tilde"},
        ),
        Mistake(
            "Gate and candidate are multiplied as matrices. A gate acts on "
            "each number by itself: `*`.",
            {"i_t * c_tilde": "i_t @ c_tilde"},
        ),
        Mistake(
            "The gate is a tanh, too: it must be between 0 and 1, a sigmoid.",
            {"sigmoid(x_t @ W_xi": "np.tanh(x_t @ W_xi"},
        ),
    ),
)
