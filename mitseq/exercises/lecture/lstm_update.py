"""The third of the LSTM's functions: update."""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake


# %% student
def update(c_prev, f_t, i_t, c_tilde):
    """Returns the new cell state c_t.

        c_t = f_t * c_prev + i_t * c_tilde        element by element

    No matrix, no tanh: along this sum a gradient flows back unchanged where
    the forget gate is open.

    Args:
        c_prev: (B, H), the cell state before.
        f_t, i_t: (B, H), the gates forget and store.
        c_tilde: (B, H), the candidate.
    """
    # TODO: the equation.
    # solution
    return f_t * c_prev + i_t * c_tilde
    # end


# %% check
def cases():
    rng = np.random.default_rng(6)
    return [
        (
            rng.normal(size=size).round(1),
            rng.uniform(size=size).round(1),
            rng.uniform(size=size).round(1),
            rng.uniform(-1, 1, size=size).round(1),
        )
        for size in ((2, 2), (2, 3))
    ]


EXERCISE = Exercise(
    module=__name__,
    function="update",
    title="LSTM, 3: update",
    slide="Long Short Term Memory (LSTM) Networks",
    code="mitseq.layers.lstm:LSTMCell",
    cases=cases,
    mistakes=(
        Mistake(
            "The gates have changed places: f_t keeps the old, i_t lets in the "
            "new.",
            {"f_t * c_prev + i_t * c_tilde": "i_t * c_prev + f_t * c_tilde"},
        ),
        Mistake(
            "The cell state is forgotten: f_t * c_prev is missing.",
            {"f_t * c_prev + ": ""},
        ),
        Mistake(
            "You write 1 - f_t of the candidate. That is a GRU's idea; an LSTM "
            "has a gate of its own for it, i_t.",
            {"i_t * c_tilde": "(1 - f_t) * c_tilde"},
        ),
        Mistake(
            "There is a tanh around the sum. It would squash the memory at "
            "every step; c_t is the sum alone.",
            {
                "f_t * c_prev + i_t * c_tilde": "np.tanh(f_t * c_prev + i_t * "
                "c_tilde)"
            },
        ),
        Mistake(
            "A gate acts on each number by itself: `*`, not `@`.",
            {"f_t * c_prev": "f_t @ c_prev", "i_t * c_tilde": "i_t @ c_tilde"},
        ),
        Mistake(
            "The old state is kept as a whole: the forget gate is missing.",
            {"f_t * c_prev": "c_prev"},
        ),
    ),
)
