r"""The Transformer's block: attend, then think about it, token by token.

Slide: Lecture 2, "Attention Is All You Need" and "Learning Self-Attention with
Neural Networks" (docs/slides.md#transformer). Read `multi_head.py` before. A
Transformer is some positions (`position.py`) and a stack of these blocks.

Letters: B batch, T steps, D features of one token, N heads, F features inside
the feed-forward network.
"""

import functools

import keras
import tensorflow as tf

from mitseq.arguments import is_text, wrong
from mitseq.layers.arguments import check_rate, check_size
from mitseq.layers.dropout import Dropout
from mitseq.layers.multi_head import MultiHeadAttention
from mitseq.layers.weights import MatrixLayer, fresh


@keras.saving.register_keras_serializable(package="mitseq")
class TransformerBlock(MatrixLayer):
    r"""Self-attention and a feed-forward network, each added to what came in.

    Slide: Lecture 2, "Attention Is All You Need"
    (docs/slides.md#transformer).

    Equations, with `norm="pre"`:
        a = x + attention(normalize(x))
        y = a + feed_forward(normalize(a))
    and with `norm="post"`, as in the paper of 2017:
        a = normalize(x + attention(x))
        y = normalize(a + feed_forward(a))
    where
        feed_forward(a) = activation(a W_1 + b_1) W_2 + b_2

    Intuition: attention moves features between the places of a sequence, the
    feed-forward network works on each place alone, and what each of them finds
    is added to the token: a stream that all blocks read and write. With the
    normalization before (`"pre"`) the stream itself is never squeezed, and
    deep stacks train without a warm-up.

    Args:
        num_heads: Positive int, N.
        feed_forward_dim: Positive int, F; four times D is usual.
        head_dim: Positive int, K, or None for D / N.
        dropout: Share to drop in training, in [0, 1): of the attention weights,
            and of what either part adds to the stream.
        norm: "pre" or "post".
        causal: Whether a token sees only itself and those before it.
        activation: Of the feed-forward network.
        position: "rotary" or None: see `MultiHeadAttention`, as for the next
            two.
        window: How many tokens are seen, or None.
        chunk: How long sequences are computed.
        kernel_initializer: Initializer of every matrix, each drawn by itself.
        seed: Int or None, of the dropout.
        **kwargs: Passed to `keras.layers.Layer` (`name`, `dtype`, ...).

    Call arguments:
        x: `(B, T, D)`.
        mask: `(B, T)` bool, True = a token that counts, or None.
        attention_mask: Bool, broadcast to `(B, T, T)`: which query (row) may
            see which key (column), or None.
        return_attention_scores: Return the weights too.
        training: Bool, whether dropout happens.

    Returns:
        `(B, T, D)`; with `return_attention_scores` also `(B, N, T, T)`.

    Raises:
        ValueError: for an argument that does not fit, as in
            `MultiHeadAttention`.

    Masking: masked tokens are not seen by others.

    One step: `step_state` and `step`, if `causal`, for `generate`.

    Example:

    >>> x = keras.Input((None, 8))
    >>> y = TransformerBlock(num_heads=2, feed_forward_dim=32, causal=True)(x)
    >>> y.shape
    (None, None, 8)

    Reference: Vaswani et al., 2017; before or after: Xiong et al., 2020.
    """

    def __init__(
        self,
        num_heads: int,
        feed_forward_dim: int,
        *,
        head_dim: int | None = None,
        dropout: float = 0.0,
        norm: str = "pre",
        causal: bool = False,
        activation="relu",
        position: str | None = None,
        window: int | None = None,
        chunk: int | str | None = "auto",
        kernel_initializer="glorot_uniform",
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(kernel_initializer, **kwargs)
        if not is_text(norm, "pre", "post"):
            must = (
                "be 'pre' or 'post', the side of the sum on which the "
                "normalization stands"
            )
            raise wrong("norm", must, norm)
        self.feed_forward_dim = check_size(feed_forward_dim, "feed_forward_dim")
        self.dropout = check_rate(dropout, "dropout")
        self.norm = norm
        self.activation = keras.activations.get(activation)
        self.seed = seed
        self.attention = MultiHeadAttention(
            num_heads,
            head_dim,
            causal=causal,
            dropout=dropout,
            position=position,
            window=window,
            chunk=chunk,
            kernel_initializer=kernel_initializer,
            seed=seed,
            dtype=self.dtype_policy,
            name="attention",
        )

    def build(self, x_shape):
        self.attention.build(x_shape)
        layers, dtype = keras.layers, self.dtype_policy
        norm = functools.partial(
            layers.LayerNormalization, epsilon=1e-6, dtype=dtype
        )
        dense = functools.partial(layers.Dense, dtype=dtype)
        W_1, W_2 = (fresh(self.kernel_initializer, index) for index in (4, 5))
        F, D = self.feed_forward_dim, x_shape[-1]
        self.attention_norm = norm(name="attention_norm")
        self.feed_forward_norm = norm(name="feed_forward_norm")
        self.expand = dense(
            F, self.activation, kernel_initializer=W_1, name="expand"
        )
        self.contract = dense(D, kernel_initializer=W_2, name="contract")
        self.drop = Dropout(
            self.dropout, seed=self.seed, dtype=dtype, name="drop"
        )
        self.attention_norm.build(x_shape)
        self.feed_forward_norm.build(x_shape)
        self.expand.build(x_shape)
        self.contract.build((*x_shape[:-1], F))

    def call(
        self,
        x: tf.Tensor,
        mask: tf.Tensor | None = None,
        attention_mask: tf.Tensor | None = None,
        return_attention_scores: bool = False,
        training: bool = False,
    ):
        # a = x + attention(normalize(x))
        found = self.attention(
            self._before(x, self.attention_norm),
            mask=mask,
            attention_mask=attention_mask,
            return_attention_scores=return_attention_scores,
            training=training,
        )
        found, weights = found if return_attention_scores else (found, None)
        a = self._add(x, found, self.attention_norm, training)
        y = self._think(a, training)
        return (y, weights) if return_attention_scores else y

    def _think(self, a, training=False):
        # y = a + feed_forward(normalize(a))
        thought = self.feed_forward(self._before(a, self.feed_forward_norm))
        return self._add(a, thought, self.feed_forward_norm, training)

    def _before(self, x, norm):
        """What a part is given: the stream, with "pre" normalized."""
        return norm(x) if self.norm == "pre" else x

    def _add(self, x, found, norm, training=False):
        """The stream and what a part found, with "post" normalized."""
        x = x + self.drop(found, training=training)
        return norm(x) if self.norm == "post" else x

    def feed_forward(self, a: tf.Tensor) -> tf.Tensor:
        """Returns `activation(a W_1 + b_1) W_2 + b_2`, `(..., D)`."""
        return self.contract(self.expand(a))

    def step_state(self, batch_size, num_steps) -> list[tf.Tensor]:
        """Returns an empty cache, as `StepByStep` says."""
        return self.attention.step_state(batch_size, num_steps)

    def step(
        self, x_t: tf.Tensor, states: list[tf.Tensor]
    ) -> tuple[tf.Tensor, list[tf.Tensor]]:
        """Reads one token of each row: `(B, D)` -> `(B, D)`, new states."""
        x = self._before(x_t, self.attention_norm)
        found, states = self.attention.step(x, states)
        return self._think(self._add(x_t, found, self.attention_norm)), states

    def get_config(self):
        config = self.attention.get_config()
        names = "num_heads head_dim causal dropout position window chunk seed"
        return {
            **super().get_config(),
            **{name: config[name] for name in names.split()},
            "feed_forward_dim": self.feed_forward_dim,
            "norm": self.norm,
            "activation": keras.activations.serialize(self.activation),
        }
