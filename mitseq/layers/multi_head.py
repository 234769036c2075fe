r"""Several heads of attention side by side.

Slide: Lecture 2, "Applying Multiple Self-Attention Heads"
(docs/slides.md#multi-head). Read `attention.py` before: a head is what stands
there; here N of them look at the same sequence, each with its own matrices, and
what they find is put side by side and mixed by `W_o`.

Letters: B batch, T queries, S keys, D features of one token, N heads, K size of
one head.
"""

import keras
import tensorflow as tf
from keras import ops

from mitseq.layers.attention import (
    add_matrix,
    check_sequence_shape,
    masked_softmax,
)
from mitseq.layers.chunked import chosen_chunk, chunked_attention
from mitseq.layers.masks import (
    both_masks,
    causal_mask,
    check_attention_mask,
    check_padding_mask,
)
from mitseq.layers.position import check_even, rotary
from mitseq.layers.recurrent import check_rate, check_size


@keras.saving.register_keras_serializable(package="mitseq")
class MultiHeadAttention(keras.layers.Layer):
    r"""Attention by several heads: each looks for something else.

    Slide: Lecture 2, "Applying Multiple Self-Attention Heads"
    (docs/slides.md#multi-head).

    Equations (rows are tokens; head n has the columns n K to (n + 1) K):
        Q = x W_q,  K = x W_k,  V = x W_v        all heads at once
        A_n = softmax(Q_n K_n^T / sqrt(K))       the weights of head n
        y = [A_1 V_1, ..., A_N V_N] W_o          side by side, then mixed

    Intuition: a word may need its verb, its adjective and the word before it
    at the same time. One softmax has one peak; several heads have several.

    Args:
        num_heads: Positive int, N.
        head_dim: Positive int, K, or None for D / N.
        causal: Whether a token sees only itself and those before it.
        dropout: Share of the weights to drop in training, in [0, 1).
        position: "rotary", to turn queries and keys by their place, or None.
        window: With `causal`: how many tokens are seen, itself included; None
            for the whole past.
        chunk: "auto", None or a positive int: over how many keys at a time
            long sequences are computed (`chunked.py`).
        kernel_initializer: Initializer of `W_q`, `W_k`, `W_v`, `W_o`, each
            drawn by itself.
        seed: Int or None, of the dropout.
        **kwargs: Passed to `keras.layers.Layer` (`name`, `dtype`, ...).

    Call arguments:
        query: `(B, T, D)`, the sequence that asks.
        value: `(B, S, D)`, the sequence that is asked; None for `query`, which
            is self-attention.
        key: `(B, S, D)`, or None for `value`.
        mask: `(B, T)` bool, True = a token of `query` that counts. In
            self-attention those that do not are not seen.
        value_mask: `(B, S)` bool, the same for `value`.
        attention_mask: Bool, broadcast to `(B, T, S)`, or to `(B, N, T, S)` if
            it has four axes: which query (row) may see which key (column).
        return_attention_scores: Return the weights too.
        training: Bool, whether dropout happens.

    Returns:
        `(B, T, D)`; with `return_attention_scores` also `(B, N, T, S)`.

    Raises:
        ValueError: for a size that is not a positive int, D not divisible by
            `num_heads`, a rate not in [0, 1), or a mask that does not fit.

    Masking: masked tokens are not seen; a query that sees none gets zeros.

    One step: `step_state` and `step` keep keys and values of the tokens read
    (a cache), for `generate`; with `window` only the last ones.

    Example:

    >>> layer = MultiHeadAttention(num_heads=2, causal=True)
    >>> y, weights = layer(ops.ones((1, 3, 4)), return_attention_scores=True)
    >>> y.shape, weights[0, 0].numpy().round(2).tolist()[1]
    (TensorShape([1, 3, 4]), [0.5, 0.5, 0.0])

    Differs from `keras.layers.MultiHeadAttention`: no biases; weights are
    matrices; `causal` belongs to the layer; masked queries are not set apart,
    and a query that sees nothing gets zeros (Keras: the mean of all values).
    Reference: Vaswani et al., 2017; rotary positions: Su et al., 2021.
    """

    def __init__(
        self,
        num_heads: int,
        head_dim: int | None = None,
        *,
        causal: bool = False,
        dropout: float = 0.0,
        position: str | None = None,
        window: int | None = None,
        chunk: int | str | None = "auto",
        kernel_initializer="glorot_uniform",
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.num_heads = check_size(num_heads, "num_heads")
        self.head_dim = head_dim
        if head_dim is not None:
            self.head_dim = check_size(head_dim, "head_dim")
        self.causal = bool(causal)
        self.dropout = check_rate(dropout, "dropout")
        self.position = position
        self.window = window
        self.chunk = chunk
        self._check_options()
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.supports_masking = True

    def _check_options(self):
        if self.position not in (None, "rotary"):
            raise ValueError(
                "`position` must be None or 'rotary'. "
                f"Received: position={self.position!r}."
            )
        if self.position and self.head_dim is not None:
            check_even(self.head_dim)
        if self.window is not None:
            self.window = check_size(self.window, "window")
            if not self.causal:
                raise ValueError(
                    "`window` must be None without `causal=True`: it says how "
                    f"much of the past is seen. Received: window={self.window}."
                )
        if self.chunk not in (None, "auto"):
            self.chunk = check_size(self.chunk, "chunk")

    def build(self, query_shape, value_shape=None, key_shape=None):
        value_shape = value_shape or query_shape
        key_shape = key_shape or value_shape
        check_sequence_shape(query_shape, "query")
        check_sequence_shape(value_shape, "value")
        check_sequence_shape(key_shape, "key")
        D = query_shape[-1]
        if self.head_dim is None and D % self.num_heads:
            raise ValueError(
                "`num_heads` must divide the features of a token, so that "
                "every head gets the same size, or `head_dim` be given. "
                f"Received: num_heads={self.num_heads}, query.shape="
                f"{tuple(query_shape)}."
            )
        self._head_dim = self.head_dim or D // self.num_heads
        if self.position:
            check_even(self._head_dim)
        width = self.num_heads * self._head_dim
        self.W_q = add_matrix(self, "W_q", (D, width))
        self.W_k = add_matrix(self, "W_k", (key_shape[-1], width))
        self.W_v = add_matrix(self, "W_v", (value_shape[-1], width))
        self.W_o = add_matrix(self, "W_o", (width, D))

    def call(
        self,
        query: tf.Tensor,
        value: tf.Tensor | None = None,
        key: tf.Tensor | None = None,
        mask: tf.Tensor | None = None,
        value_mask: tf.Tensor | None = None,
        attention_mask: tf.Tensor | None = None,
        return_attention_scores: bool = False,
        training: bool = False,
    ):
        is_self = value is None and key is None
        if value is None:
            value, value_mask = query, mask
        key = value if key is None else key
        mask = self._mask(query, value, value_mask, attention_mask)
        # Q = x W_q,  K = x W_k,  V = x W_v     (B, T, D) -> (B, N, T, K)
        if is_self:
            query, key, value = self._project_at_once(query)
        else:
            query = self._heads(ops.matmul(query, self.W_q))
            key = self._heads(ops.matmul(key, self.W_k))
            value = self._heads(ops.matmul(value, self.W_v))
        if self.position:
            query, key = rotary(query), rotary(key)
        chunk = chosen_chunk(self.chunk, key.shape[2], self.causal)
        weights, dropout = None, self.dropout if training else 0.0
        if return_attention_scores or chunk is None:
            y, weights = self._attend(query, key, value, mask, dropout)
        else:
            y = chunked_attention(
                *(query, key, value, mask),
                chunk=chunk,
                causal=self.causal,
                window=self.window,
                dropout=dropout,
                seed=self._next_seed() if dropout else None,
            )
        # y = [A_1 V_1, ..., A_N V_N] W_o
        y = ops.matmul(self._side_by_side(y), self.W_o)
        return (y, weights) if return_attention_scores else y

    def _attend(self, query, key, value, mask, dropout):
        """What each head finds, and its weights, the whole matrix of them."""
        # Each token sees itself, unless a mask of the caller hides it.
        may_hide_all = mask is not None or self.window is not None
        if self.causal:
            T, S = ops.shape(query)[2], ops.shape(key)[2]
            mask = both_masks(causal_mask(T, S, self.window), mask)
        # A_n = softmax(Q_n K_n^T / sqrt(K))
        query = query * self._head_dim**-0.5
        scores = tf.matmul(query, key, transpose_b=True)  # (B, N, T, S)
        weights = kept = masked_softmax(scores, mask, may_hide_all=may_hide_all)
        if dropout:
            kept = keras.random.dropout(
                weights, dropout, seed=self.seed_generator
            )
        return tf.matmul(kept, value), weights

    def _project_at_once(self, x):
        """`x W_q`, `x W_k`, `x W_v` as one product, by heads."""
        W = ops.concatenate([self.W_q, self.W_k, self.W_v], axis=-1)
        B, T, _ = ops.shape(x)
        qkv = ops.matmul(x, W)  # (B, T, 3 N K)
        qkv = ops.reshape(qkv, (B, T, 3, self.num_heads, self._head_dim))
        # (B, T, 3, N, K) -> three of (B, N, T, K)
        return ops.unstack(ops.transpose(qkv, (2, 0, 3, 1, 4)))

    def _next_seed(self):
        return ops.cast(self.seed_generator.next(), "int32")

    def _mask(self, query, value, value_mask, attention_mask):
        """One mask, broadcast to `(B, N, T, S)`, or None."""
        if value_mask is None:  # Keras passes it not in every case
            value_mask = getattr(value, "_keras_mask", None)
        if value_mask is not None:
            check_padding_mask(value_mask, tuple(value.shape[:2]))
            value_mask = value_mask[:, None, None]  # (B, S) -> (B, 1, 1, S)
        if attention_mask is not None:
            attention_mask = ops.convert_to_tensor(attention_mask)
            B, T, S = query.shape[0], query.shape[1], value.shape[1]
            has_heads = len(attention_mask.shape) == 4
            heads = (self.num_heads,) if has_heads else ()
            check_attention_mask(attention_mask, (B, *heads, T, S))
            if len(attention_mask.shape) == 3:
                attention_mask = attention_mask[:, None]
        return both_masks(value_mask, attention_mask)

    def _heads(self, x):
        """`(B, T, N K)` -> `(B, N, T, K)`."""
        shape = (*ops.shape(x)[:2], self.num_heads, self._head_dim)
        return ops.transpose(ops.reshape(x, shape), (0, 2, 1, 3))

    def _side_by_side(self, x):
        """`(B, N, T, K)` -> `(B, T, N K)`."""
        B, N, T, K = ops.shape(x)
        return ops.reshape(ops.transpose(x, (0, 2, 1, 3)), (B, T, N * K))

    def step_state(self, batch_size, num_steps) -> list[tf.Tensor]:
        """Returns an empty cache: keys, values, and how many were read.

        Args:
            batch_size: B.
            num_steps: For how many steps to make room.
        """
        if not self.causal:
            raise ValueError(
                f"the layer '{self.name}' must be made with `causal=True` to "
                "be called step by step: it looks at tokens that are not yet "
                "written. Received: causal=False."
            )
        room = num_steps
        if self.window is not None:
            is_known = isinstance(num_steps, int)
            room = (min if is_known else ops.minimum)(num_steps, self.window)
        shape = (batch_size, self.num_heads, room, self._head_dim)
        empty = ops.zeros(shape, self.compute_dtype)
        return [empty, empty, ops.zeros((batch_size,), "int32")]

    def step(
        self, x_t: tf.Tensor, states: list[tf.Tensor]
    ) -> tuple[tf.Tensor, list[tf.Tensor]]:
        """Reads one token of each row: `(B, D)` -> `(B, D)`.

        Args:
            x_t: The token.
            states: Keys and values `(B, N, S, K)` of those before, and how
                many tokens each row has read, `(B,)`.

        Returns:
            `y_t` and the new states.
        """
        keys, values, position = states
        # (B, D) -> (B, N, 1, K)
        query, key, value = (
            self._heads(ops.matmul(x_t, W)[:, None])
            for W in (self.W_q, self.W_k, self.W_v)
        )
        if self.position:
            place = position[:, None, None]  # (B,) -> (B, N = 1, T = 1)
            query, key = rotary(query, place), rotary(key, place)
        room = ops.shape(keys)[2]
        slot = position % room if self.window else position
        keys = _write(keys, key[:, :, 0], slot)
        values = _write(values, value[:, :, 0], slot)
        is_read = ops.arange(room) <= position[:, None]  # (B, S)
        scores = tf.matmul(query, keys, transpose_b=True)  # (B, N, 1, S)
        weights = masked_softmax(
            scores * self._head_dim**-0.5, is_read[:, None, None]
        )
        y_t = self._side_by_side(tf.matmul(weights, values))[:, 0]
        return ops.matmul(y_t, self.W_o), [keys, values, position + 1]

    def get_config(self):
        serialize = keras.initializers.serialize
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "head_dim": self.head_dim,
            "causal": self.causal,
            "dropout": self.dropout,
            "position": self.position,
            "window": self.window,
            "chunk": self.chunk,
            "kernel_initializer": serialize(self.kernel_initializer),
            "seed": self.seed,
        }


def _write(cache, x, slot):
    """Puts `x` `(B, N, K)` at place `slot` `(B,)` of a cache `(B, N, S, K)`."""
    B, N = ops.shape(x)[:2]
    b, n = ops.arange(B)[:, None], ops.arange(N)[None]
    places = tf.broadcast_to(slot[:, None], (B, N))
    index = tf.stack([b + 0 * n, n + 0 * b, places], -1)  # (B, N, 3)
    return tf.tensor_scatter_nd_update(cache, index, x)
