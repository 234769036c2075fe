"""From scores to weights."""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake
from mitseq.exercises.given import softmax


# %% student
def attention_weights(Q, K):
    """Returns the attention weights A, (T, S). Each row sums to one.

        A = softmax(Q K^T / sqrt(d))

    A sum of d products is about sqrt(d) large: the root brings it back, or
    the softmax would see little else than the largest score.

    Args:
        Q: (T, d), the queries.
        K: (S, d), the keys.
    """
    d = Q.shape[-1]
    # TODO: the scores, scaled, through the softmax.
    # solution
    scores = Q @ K.T
    return softmax(scores / np.sqrt(d))
    # end


# %% check
def cases():
    rng = np.random.default_rng(12)
    return [
        (rng.normal(size=(T, d)).round(1), rng.normal(size=(S, d)).round(1))
        for T, S, d in ((2, 2, 4), (2, 4, 3), (5, 5, 2))
    ]


EXERCISE = Exercise(
    module=__name__,
    function="attention_weights",
    title="Scaling and softmax",
    slide="Learning Self-Attention with Neural Networks",
    code="mitseq.layers.attention:scaled_dot_product_attention",
    cases=cases,
    mistakes=(
        Mistake(
            "The scores are not scaled: divide them by the root of d.",
            {"scores / np.sqrt(d)": "scores"},
        ),
        Mistake(
            "You divide by d. It is the root of d.",
            {"np.sqrt(d)": "d"},
        ),
        Mistake(
            "The softmax goes over the wrong axis: your columns sum to one. "
            "Each query shares its attention among the keys, so rows do.",
            {
                "softmax(scores / np.sqrt(d))": "softmax(scores / np.sqrt(d), "
                "axis=0)"
            },
        ),
        Mistake(
            "You scale after the softmax: the rows no longer sum to one.",
            {"softmax(scores / np.sqrt(d))": "softmax(scores) / np.sqrt(d)"},
        ),
        Mistake(
            "You divide by the root of the number of keys. d is the size of a "
            "query, the numbers that are summed.",
            {"np.sqrt(d)": "np.sqrt(len(K))"},
        ),
        Mistake(
            "You multiply by the root of d. Divide.",
            {"scores / np.sqrt(d)": "scores * np.sqrt(d)"},
        ),
    ),
)
