"""A vector for each place of a sequence."""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake


# %% student
def positions(T, D):
    """Returns P, (T, D): a row for each place, as sines and cosines.

        P[t, 2i]     = sin(t / 10000^(2i / D))
        P[t, 2i + 1] = cos(t / 10000^(2i / D))      i = 0, 1, ..., D/2 - 1

    Places count from 0. D is even.

    >>> positions(1, 4).tolist()
    [[0.0, 1.0, 0.0, 1.0]]
    """
    # TODO: the angles (T, D/2); sines into the columns 0, 2, 4, ..., which are
    # P[:, 0::2], and cosines into 1, 3, 5, ...
    # solution
    t, i = np.arange(T)[:, None], np.arange(D // 2)
    angles = t / 10_000 ** (2 * i / D)
    P = np.zeros((T, D))
    P[:, 0::2] = np.sin(angles)
    P[:, 1::2] = np.cos(angles)
    return P
    # end


# %% check
EXERCISE = Exercise(
    module=__name__,
    function="positions",
    title="Positions",
    slide="Learning Self-Attention with Neural Networks",
    code="mitseq.layers.position:sinusoids",
    cases=lambda: [(3, 4), (5, 6)],
    mistakes=(
        Mistake(
            "The sines fill the first half, the cosines the second. They take "
            "turns: sine, cosine, sine, cosine.",
            {"0::2": ": D // 2", "1::2": "D // 2 :"},
        ),
        Mistake(
            "Sine and cosine have changed places: place 0 is 0, 1, 0, 1, ...",
            {
                "0::2] = np.sin(angles)": "0::2] = np.cos(angles)",
                "1::2] = np.cos(angles)": "1::2] = np.sin(angles)",
            },
        ),
        Mistake(
            "Your places count from 1.",
            {"np.arange(T)": "np.arange(1, T + 1)"},
        ),
        Mistake(
            "The exponent is 2i / D: the 2 is missing.",
            {"2 * i / D": "i / D"},
        ),
        Mistake(
            "Places are the columns of your result. A row for each place.",
            {"return P": "return P.T"},
        ),
        Mistake(
            "All columns are sines. A sine alone cannot tell 0 from pi.",
            {"np.cos": "np.sin"},
        ),
    ),
)
