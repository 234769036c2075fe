"""A step of a gated recurrent unit."""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake
from mitseq.exercises.given import sigmoid


# %% student
def gru_step(x_t, h_prev, W_xz, W_hz, W_xr, W_hr, W_xh, W_hh):
    """Returns the new hidden state h_t of a GRU without biases.

        z_t = sigmoid(x_t W_xz + h_prev W_hz)                update
        r_t = sigmoid(x_t W_xr + h_prev W_hr)                reset
        h_tilde = tanh(x_t W_xh + (r_t * h_prev) W_hh)       candidate
        h_t = z_t * h_prev + (1 - z_t) * h_tilde

    So z_t = 1 copies the old state, as in Keras. (In some books 1 - z_t does.)

    Args:
        x_t: (B, D).
        h_prev: (B, H).
        W_xz, W_xr, W_xh: (D, H) each.
        W_hz, W_hr, W_hh: (H, H) each.
    """
    # TODO: the four equations.
    # solution
    z_t = sigmoid(x_t @ W_xz + h_prev @ W_hz)
    r_t = sigmoid(x_t @ W_xr + h_prev @ W_hr)
    h_tilde = np.tanh(x_t @ W_xh + (r_t * h_prev) @ W_hh)
    return z_t * h_prev + (1 - z_t) * h_tilde
    # end


# %% check
def cases():
    rng = np.random.default_rng(9)
    return [
        tuple(
            rng.normal(size=size).round(1)
            for size in ((B, D), (B, H), *3 * ((D, H), (H, H)))
        )
        for B, D, H in ((2, 2, 2), (2, 3, 4))
    ]


EXERCISE = Exercise(
    module=__name__,
    function="gru_step",
    title="GRU",
    slide="Gating Mechanisms in Neurons",
    code="mitseq.layers.gru:GRUCell",
    cases=cases,
    points=2,
    mistakes=(
        Mistake(
            "z_t and 1 - z_t have changed places. Some books have it so; here, "
            "as in Keras, z_t keeps the old state.",
            {
                "z_t * h_prev + (1 - z_t) * h_tilde": "(1 - z_t) * h_prev + z_t"
                " * h_tilde"
            },
        ),
        Mistake(
            "The reset comes after the product with W_hh. Keras has that, too "
            "(reset_after=True); this equation resets h_prev before.",
            {"(r_t * h_prev) @ W_hh": "r_t * (h_prev @ W_hh)"},
        ),
        Mistake(
            "The reset gate is not used: the candidate sees r_t * h_prev.",
            {"(r_t * h_prev) @ W_hh": "h_prev @ W_hh"},
        ),
        Mistake(
            "z_t and r_t have changed places: z_t mixes, r_t resets.",
            {
                "z_t = sigmoid(": "r_t = sigmoid(",
                "r_t = sigmoid(x_t @ W_xr": "z_t = sigmoid(x_t @ W_xr",
            },
        ),
        Mistake(
            "The candidate is a sigmoid; it takes the tanh.",
            {"np.tanh(": "sigmoid("},
        ),
        Mistake(
            "Nothing of the old state is copied: z_t * h_prev is missing.",
            {"z_t * h_prev + ": ""},
        ),
    ),
)
