r"""The decoder's block: look back at what is written, then at what was read.

Slide: Lecture 2, "Attention Is All You Need" (docs/slides.md#transformer). Read
`transformer.py` before. The encoder is a stack of those blocks; a decoder's
block has one part more, which asks the encoder's states.

Letters: B batch, T target steps, S source steps, D features of one token, E
features of an encoder state, N heads, F features inside the feed-forward
network.
"""

import keras
import tensorflow as tf

from mitseq.layers.multi_head import MultiHeadAttention
from mitseq.layers.transformer import TransformerBlock


@keras.saving.register_keras_serializable(package="mitseq")
class TransformerDecoderBlock(TransformerBlock):
    r"""Causal self-attention, attention over the source, feed-forward network.

    Slide: Lecture 2, "Attention Is All You Need"
    (docs/slides.md#transformer).

    Equations, with `norm="pre"`:
        a = x + attention(normalize(x))
        b = a + cross_attention(normalize(a), value)
        y = b + feed_forward(normalize(b))
    and with `norm="post"`, as in the paper of 2017:
        a = normalize(x + attention(x))
        b = normalize(a + cross_attention(a, value))
        y = normalize(b + feed_forward(b))

    Intuition: what has been written so far asks, and each state of the encoder
    may answer. Nothing has to pass through one vector.

    Args:
        num_heads: Positive int, N, of both attentions.
        feed_forward_dim: Positive int, F.
        head_dim: Positive int, K, or None for D / N.
        dropout: As for `TransformerBlock`, and so are all others; `position`,
            `window` and `chunk` are for what is written.
        norm: "pre" or "post".
        activation: Of the feed-forward network.
        position: "rotary" or None.
        window: How many tokens of what is written are seen, or None.
        chunk: How long sequences are computed.
        kernel_initializer: Initializer of every matrix, each drawn by itself.
        seed: Int or None, of the dropout.
        **kwargs: Passed to `keras.layers.Layer` (`name`, `dtype`, ...).

    Call arguments:
        x: `(B, T, D)`, what is written.
        value: `(B, S, E)`, the encoder's states.
        value_mask: `(B, S)` bool, True = a state that counts, or None.
        mask: `(B, T)` bool, True = a token that counts, or None.
        return_attention_scores: Return the weights over the source too.
        training: Bool, whether dropout happens.

    Returns:
        `(B, T, D)`; with `return_attention_scores` also `(B, N, T, S)`.

    Raises:
        ValueError: for an argument that does not fit, as in
            `MultiHeadAttention`.

    Masking: masked states are not seen; where all are, nothing is added.

    One step: `step_state` and `step`, which takes `value` and `value_mask` too.

    Example:

    >>> x, value = keras.Input((None, 8)), keras.Input((None, 4))
    >>> y = TransformerDecoderBlock(num_heads=2, feed_forward_dim=32)(x, value)
    >>> y.shape
    (None, None, 8)

    Reference: Vaswani et al., 2017, section 3.1.
    """

    def __init__(
        self,
        num_heads: int,
        feed_forward_dim: int,
        *,
        head_dim: int | None = None,
        dropout: float = 0.0,
        norm: str = "pre",
        activation="relu",
        position: str | None = None,
        window: int | None = None,
        chunk: int | str | None = "auto",
        kernel_initializer="glorot_uniform",
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(
            num_heads,
            feed_forward_dim,
            head_dim=head_dim,
            dropout=dropout,
            norm=norm,
            causal=True,
            activation=activation,
            position=position,
            window=window,
            chunk=chunk,
            kernel_initializer=kernel_initializer,
            seed=seed,
            **kwargs,
        )
        self.cross_attention = MultiHeadAttention(
            num_heads,
            head_dim,
            dropout=dropout,
            kernel_initializer=kernel_initializer,
            seed=seed,
            dtype=self.dtype_policy,
            name="cross_attention",
        )

    def build(self, x_shape, value_shape):
        super().build(x_shape)
        self.cross_attention.build(x_shape, value_shape)
        self.cross_attention_norm = keras.layers.LayerNormalization(
            epsilon=1e-6, dtype=self.dtype_policy, name="cross_attention_norm"
        )
        self.cross_attention_norm.build(x_shape)

    def call(
        self,
        x: tf.Tensor,
        value: tf.Tensor,
        value_mask: tf.Tensor | None = None,
        mask: tf.Tensor | None = None,
        return_attention_scores: bool = False,
        training: bool = False,
    ):
        # a = x + attention(normalize(x))
        found = self.attention(
            self._before(x, self.attention_norm), mask=mask, training=training
        )
        a = self._add(x, found, self.attention_norm, training)
        # b = a + cross_attention(normalize(a), value)
        b, weights = self._ask(a, value, value_mask, training)
        # y = b + feed_forward(normalize(b))
        y = self._think(b, training)
        return (y, weights) if return_attention_scores else y

    def _ask(self, a, value, value_mask, training=False):
        found, weights = self.cross_attention(
            self._before(a, self.cross_attention_norm),
            value,
            value_mask=value_mask,
            return_attention_scores=True,
            training=training,
        )
        return self._add(a, found, self.cross_attention_norm, training), weights

    def step(
        self,
        x_t: tf.Tensor,
        states: list[tf.Tensor],
        value: tf.Tensor,
        value_mask: tf.Tensor | None = None,
    ) -> tuple[tf.Tensor, list[tf.Tensor]]:
        """Reads one token of each row: `(B, D)` -> `(B, D)`, new states."""
        x = self._before(x_t, self.attention_norm)
        found, states = self.attention.step(x, states)
        a = self._add(x_t, found, self.attention_norm)
        b, _ = self._ask(a[:, None], value, value_mask)  # (B, 1, D)
        return self._think(b[:, 0]), states

    def get_config(self):
        config = super().get_config()
        del config["causal"]  # it always is
        return config
