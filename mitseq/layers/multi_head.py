r"""Several heads of attention side by side.

Slide: Lecture 2, "Applying Multiple Self-Attention Heads"
(docs/slides.md#multi-head). Read `attention.py` before: a head is what stands
there; here N of them look at the same sequence, each with its own matrices, and
what they find is put side by side and mixed by `W_o`. Beside it: `heads.py`
splits and joins, `rotary.py` has positions, `cache.py` the tokens read step by
step, and `chunked.py` takes long sequences a tile at a time.

Letters: B batch, T queries, S keys, D features of one token, N heads, K size of
one head.
"""

import keras
import tensorflow as tf
from keras import ops

from mitseq.arguments import check_flag, is_text, wrong
from mitseq.layers.arguments import (
    check_layer_seed,
    check_rate,
    check_sequence_shape,
    check_size,
)
from mitseq.layers.attention import scaled_dot_product_attention
from mitseq.layers.cache import empty_cache, read_into
from mitseq.layers.chunked import chosen_chunk, chunked_attention
from mitseq.layers.heads import attend, join_heads, split_heads
from mitseq.layers.masks import joined_mask
from mitseq.layers.rotary import check_even, rotary
from mitseq.layers.weights import MatrixLayer


@keras.saving.register_keras_serializable(package="mitseq")
class MultiHeadAttention(MatrixLayer):
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
        super().__init__(kernel_initializer, **kwargs)
        self.num_heads = check_size(num_heads, "num_heads")
        if head_dim is not None:
            head_dim = check_size(head_dim, "head_dim")
        self.head_dim = head_dim
        check_flag(causal=causal)
        self.causal = bool(causal)
        self.dropout = check_rate(dropout, "dropout")
        self.position = position
        self.window = window
        self.chunk = chunk
        self._check_options()
        self.seed = check_layer_seed(seed)
        self.seed_generator = keras.random.SeedGenerator(seed)

    def _check_options(self):
        if self.position is not None and not is_text(self.position, "rotary"):
            raise wrong("position", "be None or 'rotary'", self.position)
        if self.position and self.head_dim is not None:
            check_even(self.head_dim)
        if self.window is not None:
            self.window = check_size(self.window, "window")
            if not self.causal:
                raise ValueError(
                    "`window` must be None without `causal=True`: it says how "
                    f"much of the past is seen. Received: window={self.window}."
                )
        if self.chunk is not None and not is_text(self.chunk, "auto"):
            self.chunk = check_size(self.chunk, "chunk")

    def build(self, query_shape, value_shape=None, key_shape=None):
        value_shape = value_shape or query_shape
        key_shape = key_shape or value_shape
        shapes = {"query": query_shape, "value": value_shape, "key": key_shape}
        for name, shape in shapes.items():
            check_sequence_shape(shape, name)
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
        self.W_q = self.add_matrix("W_q", (D, width))
        self.W_k = self.add_matrix("W_k", (key_shape[-1], width))
        self.W_v = self.add_matrix("W_v", (value_shape[-1], width))
        self.W_o = self.add_matrix("W_o", (width, D))

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
        asked, asked_mask = value, value_mask
        if value is None:
            asked, asked_mask = query, mask
        mask = joined_mask(
            query, asked, asked_mask, attention_mask, self.num_heads
        )
        # Q = x W_q,  K = x W_k,  V = x W_v      (B, T, D) -> (B, N, T, K)
        query, key, value = self._project(query, key, value)
        if self.position:
            query, key = rotary(query), rotary(key)
        # A_n = softmax(Q_n K_n^T / sqrt(K)),  A_n V_n
        y, weights = self._attend(
            query, key, value, mask, return_attention_scores, training
        )
        # y = [A_1 V_1, ..., A_N V_N] W_o
        y = ops.matmul(join_heads(y), self.W_o)
        return (y, weights) if return_attention_scores else y

    def _project(self, query, key, value):
        """Q, K and V by heads, of one sequence as one product."""
        if key is None and value is None:
            W = ops.concatenate([self.W_q, self.W_k, self.W_v], axis=-1)
            B, T, _ = ops.shape(query)
            qkv = ops.matmul(query, W)  # (B, T, 3 N K)
            qkv = ops.reshape(qkv, (B, T, 3, self.num_heads, self._head_dim))
            # (B, T, 3, N, K) -> three of (B, N, T, K)
            return ops.unstack(ops.transpose(qkv, (2, 0, 3, 1, 4)))
        value = query if value is None else value
        key = value if key is None else key
        pairs = (query, self.W_q), (key, self.W_k), (value, self.W_v)
        return [split_heads(ops.matmul(x, W), self.num_heads) for x, W in pairs]

    def _attend(self, query, key, value, mask, return_weights, training):
        """What each head finds, and the weights if they are made at once."""
        given = query, key, value, mask
        dropout = self.dropout if training else 0.0
        options = dict(causal=self.causal, window=self.window, dropout=dropout)
        chunk = chosen_chunk(self.chunk, key.shape[2], self.causal)
        if return_weights or chunk is None:
            return attend(*given, **options, seed=self.seed_generator)
        if dropout:
            options["seed"] = ops.cast(self.seed_generator.next(), "int32")
        return chunked_attention(*given, chunk=chunk, **options), None

    def step_state(self, batch_size, num_steps) -> list[tf.Tensor]:
        """Returns an empty cache, as `StepByStep` says."""
        if not self.causal:
            raise ValueError(
                f"the layer '{self.name}' must be made with `causal=True` to "
                "be called step by step: it looks at tokens that are not yet "
                "written. Received: causal=False."
            )
        return empty_cache(
            *(batch_size, self.num_heads, num_steps, self._head_dim),
            *(self.window, self.compute_dtype),
        )

    def step(
        self, x_t: tf.Tensor, states: list[tf.Tensor]
    ) -> tuple[tf.Tensor, list[tf.Tensor]]:
        """Reads one token of each row: `(B, D)` -> `(B, D)`, new states."""
        # Keras casts for half precision in `__call__` only.
        x_t, *W, W_o = (
            ops.cast(x, self.compute_dtype)
            for x in (x_t, self.W_q, self.W_k, self.W_v, self.W_o)
        )
        query, key, value = (
            split_heads(ops.matmul(x_t, W_n)[:, None], self.num_heads)
            for W_n in W
        )  # (B, D) -> (B, N, 1, K)
        if self.position:
            place = states[-1][:, None, None]  # (B,) -> (B, N = 1, T = 1)
            query, key = rotary(query, place), rotary(key, place)
        states, is_read = read_into(states, key, value, self.window)
        y = scaled_dot_product_attention(
            query, *states[:2], is_read[:, None, None]
        )  # (B, N, 1, K)
        return ops.matmul(join_heads(y)[:, 0], W_o), states

    def get_config(self):
        names = "num_heads head_dim causal dropout position window chunk seed"
        config = {name: getattr(self, name) for name in names.split()}
        return {**super().get_config(), **config}
