r"""Attention over long sequences, a piece at a time, never the whole matrix.

Slide: Lecture 2, "Learning Self-Attention with Neural Networks"
(docs/slides.md#long-sequences). Read `attention.py` before: this is the same
function. The weights of T queries and S keys fill T x S numbers a head; here
tiles of C x C are made, used and forgotten, and the backward pass makes them
again. A tile of the future only, which a causal mask hides, is never made.

The equations of a tile are in `tiles.py`. Short sequences have every tile
written out (`tiles_unrolled.py`), others go round in a loop
(`tiles_looped.py`); how large a chunk is stands in `chunk_size.py`.

Letters: B batch, N heads, T queries, S keys, K size of a head, C size of a
chunk.
"""

import tensorflow as tf

from mitseq.layers.chunk_size import MAX_CHUNKS, even_chunk
from mitseq.layers.tiles_looped import LoopedTiles
from mitseq.layers.tiles_unrolled import UnrolledTiles


def chunked_attention(
    query: tf.Tensor,  # (B, N, T, K)
    key: tf.Tensor,  # (B, N, S, K)
    value: tf.Tensor,  # (B, N, S, K)
    mask: tf.Tensor | None = None,  # four axes, broadcast to (B, N, T, S)
    *,
    chunk: int,
    causal: bool = False,
    window: int | None = None,
    dropout: float = 0.0,
    seed: tf.Tensor | None = None,
) -> tf.Tensor:  # (B, N, T, K)
    """`scaled_dot_product_attention` whose memory does not grow with T x S.

    Args:
        query: What is searched for.
        key: What each place says it holds.
        value: What each place holds.
        mask: Bool, True where a query may see a key, or None.
        chunk: C, how many queries and keys make a tile.
        causal: Whether query t sees the keys 0 to t only.
        window: With `causal`, how many of those, or None for all.
        dropout: Share of the weights to drop.
        seed: `(2,)` of int32, for the dropout.

    Returns:
        The output; where a query sees no key, zeros. Its gradient is written
        by hand.

    Example:

    >>> x = tf.random.normal((1, 1, 5, 4))
    >>> y = chunked_attention(x, x, x, chunk=2, causal=True)
    >>> bool(tf.reduce_all(abs(y[0, 0, 0] - x[0, 0, 0]) < 1e-6))
    True
    """
    if mask is not None:
        shape = tf.shape(query)[2], tf.shape(key)[2]
        mask = _with_known_ones(tf.cast(mask, tf.bool), shape)
    sizes = query.shape[2], key.shape[2]
    length = None if None in sizes else max(sizes)
    kind = UnrolledTiles
    if length is None or length > MAX_CHUNKS * chunk:
        kind = LoopedTiles  # where every tile has one size
        if length is None:
            length = tf.maximum(tf.shape(query)[2], tf.shape(key)[2])
        chunk = even_chunk(length, chunk)
    tiles = kind(chunk, causal, window, dropout, seed)

    @tf.custom_gradient
    def attend(query, key, value):
        given = query, key, value, mask
        output, logsum = tiles.forward(*given)

        def gradient(d_output):
            return tiles.backward(*given, output, logsum, d_output)

        return output, gradient

    # The sum of K products is about sqrt(K) large.
    return attend(query * query.shape[-1] ** -0.5, key, value)


def _with_known_ones(mask, shape):
    """An axis of unknown size, which may be 1, becomes a full one."""
    sizes = tf.unstack(tf.shape(mask))
    for axis, size in zip((2, 3), shape, strict=True):
        if mask.shape[axis] is None:
            sizes[axis] = size
    is_known = None not in mask.shape[2:]
    return mask if is_known else tf.broadcast_to(mask, sizes)
