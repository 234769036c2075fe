r"""What happens with heads: split, attend, join.

Slide: Lecture 2, "Applying Multiple Self-Attention Heads"
(docs/slides.md#multi-head). Read `attention.py` before. A product with `W_q`
makes the queries of all heads at once, side by side; here they become an axis
of their own, each head attends alone, and what they find is put side by side.

Letters: B batch, N heads, T queries, S keys, K size of one head.
"""

import keras
import tensorflow as tf
from keras import ops

from mitseq.layers.attention import masked_softmax
from mitseq.layers.dropout import drop_out
from mitseq.layers.masks import both_masks, causal_mask


def split_heads(x: tf.Tensor, num_heads: int) -> tf.Tensor:
    """Returns `(B, T, N K)`, the heads side by side, as `(B, N, T, K)`.

    Example:

    >>> split_heads(ops.array([[[1, 2, 3, 4]]]), 2).numpy().tolist()
    [[[[1, 2]], [[3, 4]]]]
    """
    B, T, width = ops.shape(x)
    x = ops.reshape(x, (B, T, num_heads, width // num_heads))
    return ops.transpose(x, (0, 2, 1, 3))


def join_heads(x: tf.Tensor) -> tf.Tensor:
    """Returns `(B, N, T, K)` as `(B, T, N K)`: the heads side by side.

    Example:

    >>> join_heads(ops.array([[[[1, 2]], [[3, 4]]]])).numpy().tolist()
    [[[1, 2, 3, 4]]]
    """
    B, N, T, K = ops.shape(x)
    return ops.reshape(ops.transpose(x, (0, 2, 1, 3)), (B, T, N * K))


def attend(
    query: tf.Tensor,  # (B, N, T, K)
    key: tf.Tensor,  # (B, N, S, K)
    value: tf.Tensor,  # (B, N, S, K)
    mask: tf.Tensor | None = None,  # four axes, broadcast to (B, N, T, S)
    *,
    causal: bool = False,
    window: int | None = None,
    dropout: float = 0.0,
    seed: keras.random.SeedGenerator | None = None,
) -> tuple[tf.Tensor, tf.Tensor]:  # (B, N, T, K), (B, N, T, S)
    """Returns what each head finds, and the whole matrix of its weights.

    Equations:
        A_n = softmax(Q_n K_n^T / sqrt(K))
        y_n = A_n V_n

    As `scaled_dot_product_attention`, with dropout and a window.
    `chunked_attention` gives the same without the matrix, and tells the
    arguments.
    """
    # Each token sees itself, unless a mask of the caller hides it.
    may_hide_all = mask is not None or window is not None
    if causal:
        T, S = ops.shape(query)[2], ops.shape(key)[2]
        mask = both_masks(causal_mask(T, S, window), mask)
    query = query * query.shape[-1] ** -0.5
    scores = tf.matmul(query, key, transpose_b=True)  # (B, N, T, S)
    weights = kept = masked_softmax(scores, mask, may_hide_all=may_hide_all)
    if dropout:
        kept = drop_out(weights, dropout, seed)
    return tf.matmul(kept, value), weights
