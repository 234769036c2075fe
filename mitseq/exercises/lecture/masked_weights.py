"""Attention that sees only what it may."""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake
from mitseq.exercises.given import softmax


# %% student
def masked_weights(scores, mask):
    """Returns the attention weights (T, S), zero where a key is hidden.

    A hidden key gets a score so low that the softmax leaves nothing for it,
    -1e9. The other weights of its row still sum to one.

    Args:
        scores: (T, S), scaled.
        mask: (T, S), True where query t may see key s.

    >>> masked_weights(np.zeros((1, 2)), np.array([[True, False]])).tolist()
    [[1.0, 0.0]]
    """
    # TODO: np.where, then the softmax.
    # solution
    kept = np.where(mask, scores, -1e9)
    return softmax(kept)
    # end


# %% check
def cases():
    rng = np.random.default_rng(13)
    return [
        (rng.normal(size=(T, T)).round(1), np.tri(T, dtype=bool))
        for T in (3, 4)
    ] + [
        (
            rng.normal(size=(2, 4)).round(1),
            np.array([[True, True, False, False], [True, True, True, False]]),
        )
    ]


EXERCISE = Exercise(
    module=__name__,
    function="masked_weights",
    title="Masked weights",
    slide="Learning Self-Attention with Neural Networks",
    code="mitseq.layers.attention:masked_softmax",
    cases=cases,
    mistakes=(
        Mistake(
            "The mask is inverted: you hide what may be seen. True means keep.",
            {"np.where(mask, scores, -1e9)": "np.where(mask, -1e9, scores)"},
        ),
        Mistake(
            "You mask after the softmax: hidden keys have taken their share, "
            "and the rows no longer sum to one.",
            {"return softmax(kept)": "return softmax(scores) * mask"},
        ),
        Mistake(
            "Hidden keys get the score 0. That is no low score: exp(0) is 1.",
            {"-1e9": "0.0"},
        ),
        Mistake(
            "The mask has no effect.",
            {"np.where(mask, scores, -1e9)": "scores"},
        ),
        Mistake(
            "The softmax goes over the wrong axis: your columns sum to one.",
            {"softmax(kept)": "softmax(kept, axis=0)"},
        ),
    ),
)
