"""The recurrence over a batch of sequences."""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake


# %% student
def rnn(x, W_xh, W_hh):
    """Returns the hidden state after every step, (B, T, H).

        h_t = tanh(x_t W_xh + h_prev W_hh)     from h_0 = 0

    Args:
        x: (B, T, D), B sequences of T steps. Step t of all of them is x[:, t].
        W_xh: (D, H).
        W_hh: (H, H), the same at every step, like W_xh.
    """
    B, T, D = x.shape
    h = np.zeros((B, len(W_hh)))
    h_seq = []
    for t in range(T):
        # TODO: compute the new state h of all sequences.
        # solution
        h = np.tanh(x[:, t] @ W_xh + h @ W_hh)
        # end
        h_seq.append(h)
    # TODO: return the T states in h_seq as one array (B, T, H): np.stack.
    # solution
    return np.stack(h_seq, axis=1)
    # end


# %% check
def cases():
    rng = np.random.default_rng(2)
    return [
        tuple(
            rng.normal(size=size).round(1)
            for size in ((B, T, D), (D, H), (H, H))
        )
        for B, T, D, H in ((3, 3, 3, 3), (2, 4, 2, 3))
    ]


EXERCISE = Exercise(
    module=__name__,
    function="rnn",
    title="The loop over time",
    slide="RNNs: Computational Graph Across Time",
    code="mitseq.layers.rnn:SimpleRNN",
    cases=cases,
    points=2,
    mistakes=(
        Mistake(
            "Batch and time are swapped: x[t] is a whole sequence, x[:, t] is "
            "step t of all sequences.",
            {"x[:, t]": "x[t]"},
        ),
        Mistake(
            "The state is forgotten at every step: h W_hh is missing.",
            {" + h @ W_hh": ""},
        ),
        Mistake(
            "Time is the first axis of your result, batch the second. Stack "
            "along axis 1.",
            {"axis=1": "axis=0"},
        ),
        Mistake(
            "This is the last state alone. The states of all steps are asked "
            "for.",
            {"np.stack(h_seq, axis=1)": "h"},
        ),
        Mistake(
            "The tanh is missing.",
            {"np.tanh(": "("},
        ),
    ),
)
