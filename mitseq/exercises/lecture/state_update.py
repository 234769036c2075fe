"""The equation of the recurrence, one step."""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake


# %% student
def rnn_step(x_t, h_prev, W_xh, W_hh):
    """Returns the new hidden state h_t, one row for each example.

    The slide writes columns: h_t = tanh(W_hh^T h_prev + W_xh^T x_t). Here each
    row is an example of the batch, so the weight stands on the right:

        h_t = tanh(x_t W_xh + h_prev W_hh)

    Args:
        x_t: (B, D), the input of this step.
        h_prev: (B, H), the state before it.
        W_xh: (D, H).
        W_hh: (H, H).

    >>> one = np.ones((1, 1))
    >>> rnn_step(one, one, 2 * one, -2 * one).tolist()
    [[0.0]]
    """
    # TODO: the equation above, in one line.
    # solution
    return np.tanh(x_t @ W_xh + h_prev @ W_hh)
    # end


# %% check
def cases():
    rng = np.random.default_rng(0)
    return [
        tuple(
            rng.normal(size=size).round(1)
            for size in ((B, D), (B, H), (D, H), (H, H))
        )
        for B, D, H in ((2, 2, 2), (2, 3, 4), (1, 2, 3))
    ]


EXERCISE = Exercise(
    module=__name__,
    function="rnn_step",
    title="State update",
    slide="RNN State Update and Output",
    code="mitseq.layers.rnn:rnn_step",
    cases=cases,
    mistakes=(
        Mistake(
            "`*` multiplies element by element. The equation has products of "
            "matrices: `@`.",
            {"x_t @ W_xh": "x_t * W_xh", "h_prev @ W_hh": "h_prev * W_hh"},
        ),
        Mistake(
            "The past is missing: nothing of h_prev is in h_t.",
            {" + h_prev @ W_hh": ""},
        ),
        Mistake(
            "The tanh is missing: a state must stay between -1 and 1.",
            {"np.tanh(": "("},
        ),
        Mistake(
            "This is a sigmoid. The state update takes the tanh.",
            {"np.tanh(": "(lambda z: 1 / (1 + np.exp(-z)))("},
        ),
        Mistake(
            "This is the slide's line, for columns. Here rows are the batch: "
            "the weight stands on the right, without a transpose.",
            {"x_t @ W_xh": "W_xh.T @ x_t", "h_prev @ W_hh": "W_hh.T @ h_prev"},
        ),
        Mistake(
            "W_hh is transposed. With rows as the batch it is taken as it is.",
            {"h_prev @ W_hh": "h_prev @ W_hh.T"},
        ),
    ),
)
