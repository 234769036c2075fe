"""How similar is each key to each query?"""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake


# %% student
def attention_scores(Q, K):
    """Returns the scores (T, S): query t times key s, summed over features.

        scores = Q K^T

    Args:
        Q: (T, d), what each token searches for.
        K: (S, d), what each token says it holds.

    >>> Q, K = np.array([[1.0, 2.0]]), np.array([[3.0, 1.0]])
    >>> attention_scores(Q, K).tolist()
    [[5.0]]
    """
    # TODO: the equation.
    # solution
    return Q @ K.T
    # end


# %% check
def cases():
    rng = np.random.default_rng(11)
    return [
        (rng.normal(size=(T, d)).round(1), rng.normal(size=(S, d)).round(1))
        for T, S, d in ((2, 2, 2), (2, 4, 3))
    ]


EXERCISE = Exercise(
    module=__name__,
    function="attention_scores",
    title="Attention scores",
    slide="Learning Self-Attention with Neural Networks",
    code="mitseq.layers.attention:scaled_dot_product_attention",
    cases=cases,
    mistakes=(
        Mistake(
            "`*` compares query t with key t alone, number by number. Each "
            "query meets each key: `@`.",
            {"Q @ K.T": "Q * K"},
        ),
        Mistake(
            "The transpose is missing: the rows of Q meet the rows of K.",
            {"Q @ K.T": "Q @ K"},
        ),
        Mistake(
            "Your rows are keys, your columns queries. A row for each query.",
            {"Q @ K.T": "K @ Q.T"},
        ),
        Mistake(
            "This is the cosine. The scores are products: longer vectors get "
            "larger ones.",
            {
                "Q @ K.T": "(Q @ K.T) / np.linalg.norm(Q, axis=1)[:, None] / "
                "np.linalg.norm(K, axis=1)"
            },
        ),
        Mistake(
            "The root of d belongs to the next step, scaling.",
            {"Q @ K.T": "Q @ K.T / np.sqrt(Q.shape[1])"},
        ),
    ),
)
