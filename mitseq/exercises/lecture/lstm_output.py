"""The fourth of the LSTM's functions: output."""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake
from mitseq.exercises.given import sigmoid


# %% student
def output(x_t, h_prev, c_t, W_xo, W_ho, b_o):
    """Returns the new hidden state h_t, the part of the memory that is shown.

        o_t = sigmoid(x_t W_xo + h_prev W_ho + b_o)
        h_t = o_t * tanh(c_t)

    Args:
        x_t: (B, D).
        h_prev: (B, H).
        c_t: (B, H), the cell state after its update.
        W_xo, W_ho, b_o: (D, H), (H, H), (H,).
    """
    # TODO: the two equations.
    # solution
    o_t = sigmoid(x_t @ W_xo + h_prev @ W_ho + b_o)
    return o_t * np.tanh(c_t)
    # end


# %% check
def cases():
    rng = np.random.default_rng(7)
    return [
        tuple(
            rng.normal(size=size).round(1)
            for size in ((B, D), (B, H), (B, H), (D, H), (H, H), (H,))
        )
        for B, D, H in ((2, 2, 2), (2, 3, 4))
    ]


EXERCISE = Exercise(
    module=__name__,
    function="output",
    title="LSTM, 4: output",
    slide="Long Short Term Memory (LSTM) Networks",
    code="mitseq.layers.lstm:LSTMCell",
    cases=cases,
    mistakes=(
        Mistake(
            "c_t is shown as it is: the tanh is missing, which brings it "
            "between -1 and 1.",
            {"np.tanh(c_t)": "c_t"},
        ),
        Mistake(
            "This is the gate o_t alone. It opens and closes; what it shows "
            "is tanh(c_t).",
            {"return o_t * np.tanh(c_t)": "return o_t"},
        ),
        Mistake(
            "The tanh is taken of o_t * c_t. First the tanh of c_t, then the "
            "gate.",
            {"o_t * np.tanh(c_t)": "np.tanh(o_t * c_t)"},
        ),
        Mistake(
            "The gate is a tanh. A gate is between 0 and 1: a sigmoid.",
            {"sigmoid(x_t": "np.tanh(x_t"},
        ),
        Mistake(
            "The gate looks at c_t. It sees h_prev (an LSTM whose gates see "
            "the cell state has peepholes; this one has none).",
            {"h_prev @ W_ho": "c_t @ W_ho"},
        ),
        Mistake(
            "You show h_prev behind the gate. The cell state c_t is shown.",
            {"np.tanh(c_t)": "np.tanh(h_prev)"},
        ),
    ),
)
