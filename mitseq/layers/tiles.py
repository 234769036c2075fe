r"""The equations of one tile of attention, forward and back.

Slide: Lecture 2, "Learning Self-Attention with Neural Networks"
(docs/slides.md#long-sequences). Read `chunked.py` before. A softmax over tiles
keeps the largest score so far, m, and the sum of exponentials; when a tile has
a larger score, what was added up before is scaled down by exp(m_old - m_new).
From logsum = m + log(sum) the backward pass makes any tile of the weights
again:
    A = exp(Q K^T - logsum)
    dV = A^T dY
    dA = dY V^T,   dS = A * (dA - rowsum(dY * Y))
    dQ = dS K,     dK = dS^T Q

Letters: B batch, N heads, K size of a head, C size of a chunk; i counts chunks
of queries, j chunks of keys.
"""

import abc
import dataclasses

import tensorflow as tf

from mitseq.layers.dropout import ALGORITHM
from mitseq.layers.masks import HIDDEN

HALF = (tf.float16, tf.bfloat16)  # sums are kept in float32


@dataclasses.dataclass(frozen=True)
class Tiles(abc.ABC):
    """The equations of one tile; a subclass goes over all of them.

    Args:
        chunk: C.
        causal: Whether query t sees the keys 0 to t only.
        window: How many of those, or None for all.
        dropout: Share of the weights to drop.
        seed: `(2,)` of int32, for the dropout.
    """

    chunk: int | tf.Tensor
    causal: bool = False
    window: int | None = None
    dropout: float = 0.0
    seed: tf.Tensor | None = None

    def add(self, q, k, v, keep, place, m, total, y):
        """Returns what a chunk of queries has found, with one tile more.

        Args:
            q: `(B, N, C, K)`, the chunk of queries; keys and values likewise.
            k: A chunk of keys.
            v: Their values.
            keep: Bool, which query may see which key, or None for all.
            place: The number of the tile, for the dropout.
            m: `(B, N, C, 1)`, the largest score so far.
            total: `(B, N, C, 1)`, the sum of exponentials so far.
            y: `(B, N, C, K)`, the sum of values so far.
        """
        scores = _scores(q, k, keep)
        m_new = tf.maximum(m, tf.reduce_max(scores, -1, keepdims=True))
        A = tf.exp(scores - m_new)
        shrink = tf.exp(m - m_new)
        total = total * shrink + tf.reduce_sum(A, -1, keepdims=True)
        found = tf.matmul(self._drop(A, place, v.dtype), v)
        return m_new, total, y * shrink + tf.cast(found, y.dtype)

    def gradients(self, q, k, v, keep, place, logsum, rowsum, dy):
        """Returns a tile's dQ, dK, dV: makes its weights again.

        The first arguments are those of `add`; logsum is from `finish`, rowsum
        is rowsum(dY * Y), each `(B, N, C, 1)`, and dy is dL/dY.
        """
        A = tf.exp(_scores(q, k, keep) - logsum)
        # dV = A^T dY
        dv = tf.matmul(self._drop(A, place, dy.dtype), dy, transpose_a=True)
        # dA = dY V^T,   dS = A * (dA - rowsum(dY * Y))
        dA = tf.cast(tf.matmul(dy, v, transpose_b=True), A.dtype)
        dA = self._drop(dA, place, A.dtype)
        dS = tf.cast(A * (dA - rowsum), q.dtype)
        # dQ = dS K,     dK = dS^T Q
        return tf.matmul(dS, k), tf.matmul(dS, q, transpose_a=True), dv

    def _drop(self, A, place, dtype):
        if self.dropout:
            seed = self.seed + [place, 0]
            u = tf.random.stateless_uniform(tf.shape(A), seed, alg=ALGORITHM)
            A = tf.where(u < self.dropout, 0.0, A / (1 - self.dropout))
        return tf.cast(A, dtype)

    def first(self, i, least=max):
        """Returns the first chunk of keys that chunk i of queries may see."""
        if self.window is None:
            return 0
        return least(i * self.chunk - self.window + 1, 0) // self.chunk

    @abc.abstractmethod
    def forward(self, query, key, value, mask):
        """Returns the output `(B, N, T, K)` and the logsum `(B, N, T, 1)`."""

    @abc.abstractmethod
    def backward(self, query, key, value, mask, output, logsum, dy):
        """Returns dQ, dK, dV; `output` and `logsum` are from `forward`."""


def _scores(q, k, keep):
    scores = tf.matmul(q, k, transpose_b=True)
    if scores.dtype in HALF:
        scores = tf.cast(scores, tf.float32)
    return scores if keep is None else tf.where(keep, scores, HIDDEN)


def start(q: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Returns m, total and y of a chunk of queries before its first tile."""
    y = tf.zeros_like(q)
    if y.dtype in HALF:
        y = tf.cast(y, tf.float32)
    one = y[..., :1]
    return one + HIDDEN, one, y


def finish(
    m: tf.Tensor, total: tf.Tensor, y: tf.Tensor, dtype: tf.DType
) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns the output of a chunk of queries, and the logsum of its scores.

    m, total and y are what `Tiles.add` returned for the last tile.
    """
    sees = m > HIDDEN / 2  # else every key was hidden: zeros
    total = tf.where(sees, total, 1.0)
    output = tf.where(sees, y / total, 0.0)
    logsum = tf.where(sees, m + tf.math.log(total), -HIDDEN)
    return tf.cast(output, dtype), logsum


def rowsum_of(output: tf.Tensor, d_output: tf.Tensor) -> tf.Tensor:
    """Returns rowsum(dY * Y), `(B, N, T, 1)`."""
    product = tf.cast(output, tf.float32) * tf.cast(d_output, tf.float32)
    return tf.reduce_sum(product, -1, keepdims=True)
