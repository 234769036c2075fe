"""The way back through time, cut into pieces."""

import math

from mitseq.exercises.exercise import Exercise, Mistake


# %% student
def truncated_bptt(x, targets, w, u, v, steps_back):
    """Returns dL/dw where the way back is cut every `steps_back` steps.

    The network is that of the exercise before, and the way forward is whole.
    The steps 1 ... k are the first piece (k is steps_back), k + 1 ... 2k the
    second, and so on. Backward nothing flows from the first step of a piece
    into the piece before it:

        dL/dh_k = (y_k - target_k) v          + nothing

    Your code of the exercise before, with the cut, is all that it takes.
    """
    h = [0.0]
    for x_t in x:
        h.append(math.tanh(w * h[-1] + u * x_t))

    dw = 0.0
    da_later = 0.0
    # TODO: the way back, from t = T to 1, with the cuts.
    # solution
    for t in range(len(x), 0, -1):
        if t % steps_back == 0:
            da_later = 0.0  # cut
        error = v * h[t] - targets[t - 1]
        da = (error * v + da_later * w) * (1 - h[t] ** 2)
        dw += da * h[t - 1]
        da_later = da
    # end
    return dw


# %% check
_X, _TARGETS = [0.5, -0.3, 0.8, 0.1, -0.6], [0.4, 0.1, 0.8, 0.9, 0.4]

EXERCISE = Exercise(
    module=__name__,
    function="truncated_bptt",
    title="Truncated backpropagation through time",
    slide="RNNs: Backpropagation Through Time",
    code="mitseq.by_hand.backpropagation:scalar_bptt",
    cases=lambda: [
        (_X, _TARGETS, 0.9, 0.5, 1.0, 2),
        (_X, _TARGETS, 0.9, 0.5, 1.5, 3),
        (_X, _TARGETS, 0.9, 0.5, 1.5, 9),
    ],
    points=2,
    mistakes=(
        Mistake(
            "Nothing is cut: this is the whole derivative.",
            {"t % steps_back == 0": "False"},
        ),
        Mistake(
            "The cut is a step too early or too late. Step k is the last of a "
            "piece: what comes from step k + 1 does not reach it.",
            {"t % steps_back == 0": "(t - 1) % steps_back == 0"},
        ),
        Mistake(
            "You cut at every step: inside a piece the derivative flows back.",
            {"t % steps_back == 0": "True"},
        ),
        Mistake(
            "Your loop ends at the first cut. The pieces before it have losses "
            "of their own, which flow back within them.",
            {"da_later = 0.0  # cut": "break"},
        ),
        Mistake(
            "w was multiplied by h_prev, not by h_t: so is its derivative.",
            {"da * h[t - 1]": "da * h[t]"},
        ),
    ),
)
