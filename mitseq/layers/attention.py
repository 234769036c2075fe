r"""Self-attention: find what is important in a sequence, and take it.

Slide: Lecture 2, "Intuition Behind Self-Attention" to "Learning Self-Attention
with Neural Networks". `scaled_dot_product_attention` is the slide's search: how
similar is each key to the query, and then the values of the similar ones.
`SelfAttentionHead` learns what query, key and value are. Masks are in
`masks.py`, several heads in `multi_head.py`, long sequences in `chunked.py`.

Letters: B batch, T queries, S keys, D features of one token, K size of a head.
"""

import keras
import tensorflow as tf
from keras import ops

from mitseq.arguments import check_flag
from mitseq.layers.arguments import check_sequence_shape, check_size, tensor_of
from mitseq.layers.masks import (
    HIDDEN,
    both_masks,
    causal_mask,
    check_attention_mask,
    joined_mask,
)
from mitseq.layers.weights import MatrixLayer


def scaled_dot_product_attention(
    query: tf.Tensor,  # (..., T, K)
    key: tf.Tensor,  # (..., S, K)
    value: tf.Tensor,  # (..., S, V)
    mask: tf.Tensor | None = None,  # broadcast to (..., T, S)
    *,
    causal: bool = False,
    return_attention_scores: bool = False,
) -> tf.Tensor | tuple[tf.Tensor, tf.Tensor]:  # (..., T, V)
    """Returns, for each query, the values of the keys that are similar to it.

    Slide: Lecture 2, "Learning Self-Attention with Neural Networks"
    (docs/slides.md#attention-weighting); steps 3 and 4 of its four.

    Equations (rows are tokens; K under the root is the size of a key):
        A = softmax(Q K^T / sqrt(K))
        y = A V

    Args:
        query: `(..., T, K)`, Q: what is searched for.
        key: `(..., S, K)`: what each place says it holds.
        value: `(..., S, V)`: what each place holds.
        mask: Bool, broadcast to `(..., T, S)`, True where a query may see a
            key, or None. A query that may see none gets zeros.
        causal: Whether query t sees the keys 0 to t only.
        return_attention_scores: Return the weights too.

    Returns:
        `(..., T, V)`; with `return_attention_scores` also the weights
        `(..., T, S)`, whose rows sum to one.

    Raises:
        ValueError: if sizes or the mask do not fit.

    Example:

    >>> key = ops.array([[1.0, 0.0], [0.0, 1.0]])
    >>> value = ops.array([[10.0], [20.0]])
    >>> query = ops.array([[0.0, 50.0]])  # much like the second key
    >>> scaled_dot_product_attention(query, key, value).numpy()
    array([[20.]], dtype=float32)

    Reference: Vaswani et al., 2017, section 3.2.1.
    """
    query, key, value = (
        tensor_of(x, name)
        for x, name in ((query, "query"), (key, "key"), (value, "value"))
    )
    check_flag(causal=causal, return_attention_scores=return_attention_scores)
    _check_sizes(query, key, value)
    if mask is not None:
        mask = tensor_of(mask, "mask")
        shape = (*query.shape[:-1], key.shape[-2])
        check_attention_mask(mask, shape, "mask")
    if causal:
        T, S = ops.shape(query)[-2], ops.shape(key)[-2]
        mask = both_masks(causal_mask(T, S), mask)
    # 1. Compare each query with each key.
    # (..., T, K) x (..., K, S) -> (..., T, S)
    scores = tf.matmul(query, key, transpose_b=True)
    # 2. Scale: the sum of K products is about sqrt(K) large.
    scores = scores * query.shape[-1] ** -0.5
    # 3. Where to attend to: weights that sum to one.
    weights = masked_softmax(scores, mask)
    # 4. Extract the features with high attention.
    # (..., T, S) x (..., S, V) -> (..., T, V)
    output = tf.matmul(weights, value)
    return (output, weights) if return_attention_scores else output


def masked_softmax(
    scores: tf.Tensor,  # (..., T, S)
    mask: tf.Tensor | None = None,  # broadcast to (..., T, S)
    *,
    may_hide_all: bool = True,
) -> tf.Tensor:  # (..., T, S)
    """Returns the softmax over the keys kept; of a row without any, zeros.

    It is computed in float32 at least. `may_hide_all` is False if every row of
    the mask keeps a key, as a causal mask does: one pass less over the weights.

    Example:

    >>> masked_softmax(ops.array([0.0, 0.0, 9.0]), [True, True, False]).numpy()
    array([0.5, 0.5, 0. ], dtype=float32)
    >>> masked_softmax(ops.array([1.0, 2.0]), [False, False]).numpy()
    array([0., 0.], dtype=float32)
    """
    dtype = scores.dtype
    if dtype in ("float16", "bfloat16"):
        scores = ops.cast(scores, "float32")
    if mask is None:
        return ops.cast(tf.nn.softmax(scores), dtype)
    mask = ops.cast(mask, "bool")
    hidden = ops.where(mask, ops.zeros((), scores.dtype), HIDDEN)
    weights = tf.nn.softmax(scores + hidden)
    if may_hide_all:
        weights = ops.where(mask, weights, ops.zeros_like(weights))
    return ops.cast(weights, dtype)


@keras.saving.register_keras_serializable(package="mitseq")
class SelfAttentionHead(MatrixLayer):
    r"""One head of self-attention: every token looks at every token.

    Slide: Lecture 2, "Learning Self-Attention with Neural Networks"
    (docs/slides.md#attention-weighting).

    Equations (rows are tokens), the slide's steps 2 to 4:
        Q = x W_q,  K = x W_k,  V = x W_v      query, key, value
        A = softmax(Q K^T / sqrt(K))           attention weighting
        y = A V                                features with high attention

    Intuition: a search. Each token asks a question (its query), each token
    says what it has to offer (its key), and what comes back is a mix of what
    they hold (their values), most of it from the best matches. Nothing in it
    knows where a token stands: step 1, the position, is added to `x` before.

    Args:
        head_dim: Positive int, K. Size of query, key, value and output.
        causal: Whether a token sees only itself and those before it.
        kernel_initializer: Initializer of `W_q`, `W_k`, `W_v`, each drawn by
            itself.
        **kwargs: Passed to `keras.layers.Layer` (`name`, `dtype`, ...).

    Call arguments:
        x: `(B, T, D)`.
        mask: `(B, T)` bool, True = a token that counts, or None.
        attention_mask: Bool, broadcast to `(B, T, T)`: which query (row) may
            see which key (column), or None.
        return_attention_scores: Return the weights too.

    Returns:
        `(B, T, K)`; with `return_attention_scores` also `(B, T, T)`.

    Raises:
        ValueError: if `head_dim` is not a positive int, or the input or a mask
            does not fit.

    Masking: masked tokens are not seen; a token that sees none gets zeros.

    Example:

    >>> head = SelfAttentionHead(head_dim=4)
    >>> y, weights = head(ops.ones((2, 5, 3)), return_attention_scores=True)
    >>> y.shape, weights.shape
    (TensorShape([2, 5, 4]), TensorShape([2, 5, 5]))

    Differs from `keras.layers.Attention`: it has the three matrices.
    Reference: Vaswani et al., 2017, "Attention Is All You Need".
    """

    def __init__(
        self,
        head_dim: int,
        causal: bool = False,
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(kernel_initializer, **kwargs)
        self.head_dim = check_size(head_dim, "head_dim")
        check_flag(causal=causal)
        self.causal = bool(causal)

    def build(self, x_shape):
        check_sequence_shape(x_shape, "x")
        shape = (x_shape[-1], self.head_dim)
        self.W_q = self.add_matrix("W_q", shape)
        self.W_k = self.add_matrix("W_k", shape)
        self.W_v = self.add_matrix("W_v", shape)

    def call(
        self,
        x: tf.Tensor,
        mask: tf.Tensor | None = None,
        attention_mask: tf.Tensor | None = None,
        return_attention_scores: bool = False,
    ):
        # Q = x W_q,  K = x W_k,  V = x W_v       (B, T, D) -> (B, T, K)
        query = ops.matmul(x, self.W_q)
        key = ops.matmul(x, self.W_k)
        value = ops.matmul(x, self.W_v)
        # A = softmax(Q K^T / sqrt(K)),  y = A V
        return scaled_dot_product_attention(
            query,
            key,
            value,
            joined_mask(x, x, mask, attention_mask),
            causal=self.causal,
            return_attention_scores=return_attention_scores,
        )

    def get_config(self):
        config = {"head_dim": self.head_dim, "causal": self.causal}
        return {**super().get_config(), **config}


def _check_sizes(query, key, value):
    shapes = [tuple(x.shape) for x in (query, key, value)]
    if min(map(len, shapes)) < 2 or not (
        query.shape[-1] == key.shape[-1] is not None
        and len({key.shape[-2], value.shape[-2]} - {None}) < 2
    ):
        raise ValueError(
            "`query` and `key` must have the same last size, `key` and `value` "
            "the same number of steps: (..., T, K), (..., S, K), (..., S, V). "
            f"Received: shapes={shapes}."
        )
    dtypes = [
        keras.backend.standardize_dtype(x.dtype) for x in (query, key, value)
    ]
    if len(set(dtypes)) > 1:
        raise ValueError(
            "`query`, `key` and `value` must be of one dtype. "
            f"Received: dtypes={dtypes}."
        )
    if 0 in (query.shape[-2], key.shape[-2]):
        raise ValueError(
            "`query` and `key` must have at least one step. "
            f"Received: shapes={shapes}."
        )
