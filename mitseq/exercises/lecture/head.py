"""One head of self-attention."""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake
from mitseq.exercises.given import softmax


# %% student
def self_attention_head(x, W_q, W_k, W_v):
    """Returns y, (T, d): what each token has found among all tokens.

        Q = x W_q,  K = x W_k,  V = x W_v       query, key, value
        A = softmax(Q K^T / sqrt(d))            attention weighting
        y = A V                                 features with high attention

    Args:
        x: (T, D), the tokens, their positions added.
        W_q, W_k, W_v: (D, d) each.
    """
    # TODO: the three lines. d is the number of columns of Q.
    # solution
    Q, K, V = x @ W_q, x @ W_k, x @ W_v
    A = softmax(Q @ K.T / np.sqrt(Q.shape[1]))
    return A @ V
    # end


# %% check
def cases():
    rng = np.random.default_rng(14)
    return [
        tuple(
            rng.normal(size=size).round(1)
            for size in ((T, D), (D, d), (D, d), (D, d))
        )
        for T, D, d in ((2, 3, 3), (3, 4, 2))
    ]


EXERCISE = Exercise(
    module=__name__,
    function="self_attention_head",
    title="A head of self-attention",
    slide="Learning Self-Attention with Neural Networks",
    code="mitseq.layers.attention:SelfAttentionHead",
    cases=cases,
    points=2,
    mistakes=(
        Mistake(
            "The scores are not scaled: divide them by the root of d.",
            {" / np.sqrt(Q.shape[1])": ""},
        ),
        Mistake(
            "You scale by the size of a token, D. The products are sums over "
            "the d features of a query.",
            {"Q.shape[1]": "x.shape[1]"},
        ),
        Mistake(
            "The softmax goes over the wrong axis: each query shares its "
            "attention among the keys, so rows sum to one.",
            {"np.sqrt(Q.shape[1]))": "np.sqrt(Q.shape[1]), axis=0)"},
        ),
        Mistake(
            "Queries and keys have changed places.",
            {"Q @ K.T": "K @ Q.T"},
        ),
        Mistake(
            "You mix the keys. A key says what a token holds; its value is "
            "what it gives.",
            {"A @ V": "A @ K"},
        ),
        Mistake(
            "A is turned over: row t of A are the weights of query t.",
            {"A @ V": "A.T @ V"},
        ),
    ),
)
