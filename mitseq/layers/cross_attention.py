r"""A decoder looks at every state of the encoder, not at the last one alone.

Notes: "Machine Translation" and "Attention" (docs/slides.md#cross-attention).
At each step the decoder's state asks, and the encoder's states are both keys
and values. Two ways to say how similar they are: a small network (Bahdanau,
additive) or a product (Luong). Read `attention.py` before.

Letters: B batch, T decoder steps, S encoder steps, D features of a decoder
state, E features of an encoder state, U units of the small network.
"""

import keras
import tensorflow as tf
from keras import ops

from mitseq.arguments import is_text, wrong
from mitseq.layers.arguments import check_size
from mitseq.layers.attention import masked_softmax
from mitseq.layers.masks import joined_mask
from mitseq.layers.weights import MatrixLayer


class _CrossAttention(MatrixLayer):
    """Weights by a score, then the context; the subclass has `score`."""

    def build(self, query_shape, value_shape):
        if len(query_shape) not in (2, 3):
            raise ValueError(
                "`query` must be one decoder state or several, (B, D) or "
                f"(B, T, D). Received: query.shape={tuple(query_shape)}."
            )
        if len(value_shape) != 3 or value_shape[1] == 0:
            raise ValueError(
                "`value` must be all encoder states, (B, S, E), one at least. "
                f"Received: value.shape={tuple(value_shape)}."
            )

    def call(
        self,
        query: tf.Tensor,
        value: tf.Tensor,
        value_mask: tf.Tensor | None = None,
        return_attention_scores: bool = False,
    ):
        is_one = len(query.shape) == 2
        query = query[:, None] if is_one else query  # (B, D) -> (B, 1, D)
        mask = joined_mask(query, value, value_mask, None)
        # a_ts = softmax over s of score(query_t, value_s)      (B, T, S)
        weights = masked_softmax(self.score(query, value), mask)
        # context_t = sum over s of a_ts value_s                (B, T, E)
        context = ops.matmul(weights, value)
        if is_one:
            context, weights = context[:, 0], weights[:, 0]
        return (context, weights) if return_attention_scores else context


@keras.saving.register_keras_serializable(package="mitseq")
class AdditiveAttention(_CrossAttention):
    r"""Bahdanau's attention: a small network says how well two states match.

    Notes: "Attention" (docs/slides.md#cross-attention).

    Equations:
        score(query_t, value_s) = tanh(query_t W_q + value_s W_k) w
        a_t = softmax over s of score(query_t, value_s)
        context_t = sum over s of a_ts value_s

    Intuition: the decoder is about to write a word. It asks each state of the
    encoder: are you about what I write next? It gets a mix of the states,
    most of it from those that say yes, instead of one summary of everything.

    Args:
        units: Positive int, U.
        kernel_initializer: Initializer of `W_q`, `W_k` and `w`, each drawn by
            itself.
        **kwargs: Passed to `keras.layers.Layer` (`name`, `dtype`, ...).

    Call arguments:
        query: `(B, D)`, one decoder state, or `(B, T, D)`.
        value: `(B, S, E)`, the encoder states.
        value_mask: `(B, S)` bool, True = a state that counts, or None.
        return_attention_scores: Return the weights too.

    Returns:
        The context `(B, E)` or `(B, T, E)`; with `return_attention_scores`
        also the weights `(B, S)` or `(B, T, S)`.

    Raises:
        ValueError: if `units` is not a positive int, or a shape does not fit.

    Masking: masked states are not seen; where all are, the context is zeros.

    Example:

    >>> h_t, h_seq = ops.ones((2, 3)), ops.ones((2, 5, 4))
    >>> context = AdditiveAttention(units=6)(h_t, h_seq)
    >>> context.shape
    TensorShape([2, 4])

    Differs from `keras.layers.AdditiveAttention`, which has no matrices.
    Reference: Bahdanau et al., 2015.
    """

    def __init__(
        self, units: int, kernel_initializer="glorot_uniform", **kwargs
    ):
        super().__init__(kernel_initializer, **kwargs)
        self.units = check_size(units, "units")

    def build(self, query_shape, value_shape):
        super().build(query_shape, value_shape)
        self.W_q = self.add_matrix("W_q", (query_shape[-1], self.units))
        self.W_k = self.add_matrix("W_k", (value_shape[-1], self.units))
        self.w = self.add_matrix("w", (self.units, 1))

    def score(self, query: tf.Tensor, value: tf.Tensor) -> tf.Tensor:
        """Returns how well states match, `(B, T, S)`."""
        q = ops.matmul(query, self.W_q)[:, :, None]  # (B, T, 1, U)
        k = ops.matmul(value, self.W_k)[:, None]  # (B, 1, S, U)
        # score(query_t, value_s) = tanh(query_t W_q + value_s W_k) w
        return ops.matmul(ops.tanh(q + k), self.w)[..., 0]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@keras.saving.register_keras_serializable(package="mitseq")
class DotProductAttention(_CrossAttention):
    r"""Luong's attention: a product says how well two states match.

    Notes: "Attention" (docs/slides.md#cross-attention).

    Equations:
        score(query_t, value_s) = query_t . value_s             "dot"
        score(query_t, value_s) = (query_t W_a) . value_s       "general"
        a_t = softmax over s of score(query_t, value_s)
        context_t = sum over s of a_ts value_s

    Args:
        score_type: "dot", which needs D = E, or "general".
        kernel_initializer: Initializer of `W_a` `(D, E)`.
        **kwargs: Passed to `keras.layers.Layer` (`name`, `dtype`, ...).

    Call arguments:
        query: `(B, D)`, one decoder state, or `(B, T, D)`.
        value: `(B, S, E)`, the encoder states.
        value_mask: `(B, S)` bool, True = a state that counts, or None.
        return_attention_scores: Return the weights too.

    Returns:
        The context `(B, E)` or `(B, T, E)`; with `return_attention_scores`
        also the weights `(B, S)` or `(B, T, S)`.

    Raises:
        ValueError: if `score_type` is another, or a shape does not fit.

    Masking: masked states are not seen; where all are, the context is zeros.

    Example:

    >>> h_seq = ops.array([[[1.0, 0.0], [0.0, 1.0]]])
    >>> h_t = ops.array([[0.0, 50.0]])  # like the second state
    >>> DotProductAttention()(h_t, h_seq).numpy().round(2)
    array([[0., 1.]], dtype=float32)

    Differs from `keras.layers.Attention`: it takes one state too.
    Reference: Luong et al., 2015.
    """

    def __init__(
        self,
        score_type: str = "dot",
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(kernel_initializer, **kwargs)
        if not is_text(score_type, "dot", "general"):
            raise wrong("score_type", "be 'dot' or 'general'", score_type)
        self.score_type = score_type

    def build(self, query_shape, value_shape):
        super().build(query_shape, value_shape)
        D, E = query_shape[-1], value_shape[-1]
        if self.score_type == "general":
            self.W_a = self.add_matrix("W_a", (D, E))
        elif D != E:
            raise ValueError(
                "`query` and `value` must have the same last size for the "
                "score 'dot'; 'general' has a matrix between them. "
                f"Received: query.shape={tuple(query_shape)}, "
                f"value.shape={tuple(value_shape)}."
            )

    def score(self, query: tf.Tensor, value: tf.Tensor) -> tf.Tensor:
        """Returns how well states match, `(B, T, S)`."""
        if self.score_type == "general":
            query = ops.matmul(query, self.W_a)
        return tf.matmul(query, value, transpose_b=True)

    def get_config(self):
        return {**super().get_config(), "score_type": self.score_type}
