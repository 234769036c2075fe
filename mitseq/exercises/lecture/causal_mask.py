"""The future is hidden."""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake


# %% student
def causal_mask(T):
    """Returns a mask (T, T): True where query t may see key s.

    A token sees itself and those before it: s <= t. Rows are queries, columns
    are keys, and True means keep.

    >>> causal_mask(2).tolist()
    [[True, False], [True, True]]
    """
    # TODO: compare np.arange(T) as a row with np.arange(T) as a column.
    # solution
    t, s = np.arange(T)[:, None], np.arange(T)[None, :]
    return s <= t
    # end


# %% check
EXERCISE = Exercise(
    module=__name__,
    function="causal_mask",
    title="A causal mask",
    slide="Learning Self-Attention with Neural Networks",
    code="mitseq.layers.masks:causal_mask",
    cases=lambda: [(3,), (5,), (1,)],
    mistakes=(
        Mistake(
            "The mask is inverted: it is True where a key is hidden. Here True "
            "means keep.",
            {"s <= t": "s > t"},
        ),
        Mistake(
            "A token does not see itself in your mask. The first one would see "
            "nothing at all: s <= t, not s < t.",
            {"s <= t": "s < t"},
        ),
        Mistake(
            "It is turned over: each token sees the future and not the past. "
            "Rows are queries.",
            {"s <= t": "s >= t"},
        ),
        Mistake(
            "Every token sees every token: nothing is hidden.",
            {"s <= t": "(s <= t) | True"},
        ),
        Mistake(
            "Each token sees itself alone.",
            {"s <= t": "s == t"},
        ),
    ),
)
