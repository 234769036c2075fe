"""A whole step of an LSTM, its gates side by side."""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake
from mitseq.exercises.given import sigmoid


# %% student
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    """Returns the new h_t and c_t, each (B, H).

    The weights of all gates stand side by side, in the slide's order: forget,
    store (i), candidate (c), output. So one product serves all of them:

        z = x_t W_x + h_prev W_h + b         (B, 4H): z_f, z_i, z_c, z_o
        c_t = sigmoid(z_f) * c_prev + sigmoid(z_i) * tanh(z_c)
        h_t = sigmoid(z_o) * tanh(c_t)

    Args:
        x_t: (B, D).
        h_prev, c_prev: (B, H).
        W_x, W_h, b: (D, 4H), (H, 4H), (4H,).
    """
    # TODO: z, cut into four by np.split(z, 4, axis=-1); then c_t and h_t.
    # solution
    z = x_t @ W_x + h_prev @ W_h + b
    z_f, z_i, z_c, z_o = np.split(z, 4, axis=-1)
    c_t = sigmoid(z_f) * c_prev + sigmoid(z_i) * np.tanh(z_c)
    h_t = sigmoid(z_o) * np.tanh(c_t)
    return h_t, c_t
    # end


# %% check
def cases():
    rng = np.random.default_rng(8)
    return [
        tuple(
            rng.normal(size=size).round(1)
            for size in (
                *((B, D), (B, H), (B, H)),
                *((D, 4 * H), (H, 4 * H), (4 * H,)),
            )
        )
        for B, D, H in ((2, 2, 2), (3, 2, 1))
    ]


EXERCISE = Exercise(
    module=__name__,
    function="lstm_step",
    title="LSTM, a whole step",
    slide="Long Short Term Memory (LSTM) Networks",
    code="mitseq.layers.equations:LSTMEquations",
    cases=cases,
    points=2,
    mistakes=(
        Mistake(
            "The gates are in Keras's order: i, f, c, o. The slide's order, "
            "and that of these weights, is f, i, c, o.",
            {"z_f, z_i, z_c, z_o =": "z_i, z_f, z_c, z_o ="},
        ),
        Mistake(
            "The gates are in the order f, i, o, c. The candidate is the "
            "third, the output gate the last.",
            {"z_f, z_i, z_c, z_o =": "z_f, z_i, z_o, z_c ="},
        ),
        Mistake(
            "h_t is made of the old cell state. First update c_t, then show "
            "it.",
            {"np.tanh(c_t)": "np.tanh(c_prev)"},
        ),
        Mistake(
            "h_t and c_t have changed places: return h_t, c_t.",
            {"return h_t, c_t": "return c_t, h_t"},
        ),
        Mistake(
            "The cell state is forgotten: sigmoid(z_f) * c_prev is missing.",
            {"sigmoid(z_f) * c_prev + ": ""},
        ),
        Mistake(
            "The candidate is a sigmoid; it takes the tanh.",
            {"np.tanh(z_c)": "sigmoid(z_c)"},
        ),
    ),
)
