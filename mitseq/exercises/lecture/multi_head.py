"""Several heads attend to several things at once."""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake
from mitseq.exercises.given import softmax


# %% student
def multi_head(x, W_q, W_k, W_v, W_o, num_heads):
    """Returns y, (T, D), of N heads.

    The columns of W_q belong to the heads in turn: the first d to the first
    head, the next d to the second; so do those of W_k and W_v. Each head
    attends alone, what they find is put side by side, and W_o mixes it:

        A_n = softmax(Q_n K_n^T / sqrt(d))
        y = [A_1 V_1, ..., A_N V_N] W_o

    Args:
        x: (T, D), the tokens.
        W_q, W_k, W_v: (D, N d) each.
        W_o: (N d, D).
        num_heads: N.
    """
    # np.split(Q, N, axis=1) cuts the columns into N arrays (T, d).
    Q, K, V = (np.split(x @ W, num_heads, axis=1) for W in (W_q, W_k, W_v))
    # TODO: what each head finds; np.concatenate along axis 1; the product.
    # solution
    found = []
    for Q_n, K_n, V_n in zip(Q, K, V, strict=True):
        A_n = softmax(Q_n @ K_n.T / np.sqrt(Q_n.shape[1]))
        found.append(A_n @ V_n)
    return np.concatenate(found, axis=1) @ W_o
    # end


# %% check
def cases():
    rng = np.random.default_rng(15)
    return [
        (
            *(rng.normal(size=(T, D)).round(1),),
            *(rng.normal(size=(D, N * d)).round(1) for _ in range(3)),
            rng.normal(size=(N * d, D)).round(1),
            N,
        )
        for T, D, N, d in ((2, 4, 2, 2), (3, 4, 2, 2), (3, 2, 3, 1))
    ]


EXERCISE = Exercise(
    module=__name__,
    function="multi_head",
    title="Several heads",
    slide="Applying Multiple Self-Attention Heads",
    code="mitseq.layers.multi_head:MultiHeadAttention",
    cases=cases,
    points=3,
    mistakes=(
        Mistake(
            "You scale by the root of N d, of all heads together. A head sums "
            "over its own d features.",
            {"Q_n.shape[1]": "Q_n.shape[1] * num_heads"},
        ),
        Mistake(
            "The scores are not scaled.",
            {" / np.sqrt(Q_n.shape[1])": ""},
        ),
        Mistake(
            "W_o is missing: it mixes what the heads have found.",
            {" @ W_o": ""},
        ),
        Mistake(
            "The heads stand in the wrong order: the first one comes first.",
            {"np.concatenate(found": "np.concatenate(found[::-1]"},
        ),
        Mistake(
            "The softmax goes over the wrong axis: rows sum to one.",
            {"np.sqrt(Q_n.shape[1]))": "np.sqrt(Q_n.shape[1]), axis=0)"},
        ),
        Mistake(
            "All heads look where the first one looks. Each has its own query "
            "and key.",
            {"softmax(Q_n @ K_n.T": "softmax(Q[0] @ K[0].T"},
        ),
    ),
)
