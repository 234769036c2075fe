"""Backpropagation through time, one unit."""

import math

from mitseq.exercises.exercise import Exercise, Mistake


# %% student
def bptt(x, targets, w, u, v):
    """Returns dL/dw, dL/du and dL/dv of a network of one unit.

    Forward, from h_0 = 0:

        h_t = tanh(w h_prev + u x_t)
        y_t = v h_t
        L = sum over t of (y_t - target_t)^2 / 2

    Backward, from t = T to 1; a_t is what the tanh is taken of:

        dL/dh_t = (y_t - target_t) v + dL/da_{t+1} w      local, and later
        dL/da_t = dL/dh_t (1 - h_t^2)
        dL/dw = sum of dL/da_t h_prev
        dL/du = sum of dL/da_t x_t
        dL/dv = sum of (y_t - target_t) h_t

    >>> [round(d, 4) for d in bptt([1.0, 0.0], [0.0, 1.0], w=0.5, u=1.0, v=1.0)]
    [-0.4208, 0.2038, 0.3487]
    """
    # The way forward: h[t] is h_t, h[0] the zero before the first step.
    h = [0.0]
    for x_t in x:
        h.append(math.tanh(w * h[-1] + u * x_t))

    dw = du = dv = 0.0
    da_later = 0.0  # dL/da_{t+1}: after the last step comes nothing
    # TODO: the way back, from t = T to 1. Step t has x[t - 1], targets[t - 1],
    # h[t], and h_prev is h[t - 1].
    # solution
    for t in range(len(x), 0, -1):
        error = v * h[t] - targets[t - 1]
        dh = error * v + da_later * w
        da = dh * (1 - h[t] ** 2)
        dw += da * h[t - 1]
        du += da * x[t - 1]
        dv += error * h[t]
        da_later = da
    # end
    return dw, du, dv


# %% check
EXERCISE = Exercise(
    module=__name__,
    function="bptt",
    title="Backpropagation through time",
    slide="RNNs: Backpropagation Through Time",
    code="mitseq.by_hand.backpropagation:scalar_bptt",
    cases=lambda: [
        ([1.0, 0.0], [0.0, 1.0], 0.5, 1.0, 1.0),
        ([0.5, -0.3, 0.8, 0.1], [0.4, 0.1, 0.8, 0.9], 0.9, 0.5, 1.5),
    ],
    points=3,
    mistakes=(
        Mistake(
            "Nothing flows back through time: dL/dh_t has a second part, from "
            "the step after it. (Is da_later kept for the next round?)",
            {" + da_later * w": ""},
        ),
        Mistake(
            "The derivative of the tanh is missing: 1 - h_t^2.",
            {" * (1 - h[t] ** 2)": ""},
        ),
        Mistake(
            "w was multiplied by h_prev, not by h_t: so is its derivative.",
            {"da * h[t - 1]": "da * h[t]"},
        ),
        Mistake(
            "The sum over time is missing: every step adds its part, for the "
            "weights are the same at each.",
            {"dw +=": "dw =", "du +=": "du =", "dv +=": "dv ="},
        ),
        Mistake(
            "You walk forward, from 1 to T. Errors come from the end.",
            {"range(len(x), 0, -1)": "range(1, len(x) + 1)"},
        ),
        Mistake(
            "The square is missing: the derivative of the tanh is 1 - h_t^2.",
            {"h[t] ** 2": "h[t]"},
        ),
        Mistake(
            "On its way from step t + 1 to step t the derivative goes through "
            "w: the factor is missing.",
            {"da_later * w": "da_later"},
        ),
    ),
)
