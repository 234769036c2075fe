r"""Attention over long sequences, a piece at a time, never the whole matrix.

Slide: Lecture 2, "Learning Self-Attention with Neural Networks"
(docs/slides.md#long-sequences). Read `attention.py` before: this is the same
function. The weights of T queries and S keys fill T x S numbers a head; here
tiles of C x C are made, used and forgotten, and the backward pass makes them
again. A tile of the future only, which a causal mask hides, is never made.

The equations of a tile are in `tiles.py`. Short sequences have every tile
written out, others go round in a loop: both ways are in `tile_loops.py`.

Letters: B batch, N heads, T queries, S keys, K size of a head, C size of a
chunk.
"""

import tensorflow as tf

from mitseq.layers.custom_gradient import custom_gradient
from mitseq.layers.tile_loops import LoopedTiles, UnrolledTiles

MAX_CHUNKS = 8  # of a sequence whose tiles are written out in the graph
SMALLEST, LARGEST = 128, 512  # chunks that "auto" takes
CAUSAL_FROM, FULL_FROM = 256, 1024  # lengths above which "auto" chunks


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
    """Returns what each query finds, in memory that does not grow with T x S.

    As `scaled_dot_product_attention`; its gradient is written by hand.

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
    if 0 in sizes:  # nobody asks, or there is nothing to find: no tile
        return tf.zeros_like(query)
    length = None if None in sizes else max(sizes)
    kind = UnrolledTiles
    if length is None or length > MAX_CHUNKS * chunk:
        kind = LoopedTiles  # where every tile has one size
        if length is None:
            length = tf.maximum(tf.shape(query)[2], tf.shape(key)[2])
        chunk = even_chunk(length, chunk)
    tiles = kind(chunk, causal, window, dropout, seed)

    @custom_gradient
    def attend(query, key, value):
        given = query, key, value, mask
        output, logsum = tiles.forward(*given)

        def gradient(d_output):
            return tiles.backward(*given, output, logsum, d_output)

        return output, gradient

    # The sum of K products is about sqrt(K) large.
    return attend(query * query.shape[-1] ** -0.5, key, value)


def chosen_chunk(
    chunk: int | str | None, num_keys: int | None, causal: bool
) -> int | None:
    """Returns C, over how many keys at a time; None for all at once.

    Measured on two CPU cores, a causal product of 512 keys takes three quarters
    of the time in chunks, because half of its tiles are never made. A full one
    makes every tile again in the backward pass: there it is for the memory, and
    begins later. Short sequences are one product. Where the graph does not know
    the length, the tiles are a loop, which is a little slower.

    Args:
        chunk: The layer's argument: "auto", None for all at once, or a size.
        num_keys: S, or None if the graph does not know it.
        causal: Whether the future is hidden.

    Example:

    >>> [chosen_chunk("auto", n, causal=True) for n in (256, 512, 4096, 9999)]
    [None, 128, 512, 512]
    """
    if chunk != "auto":
        return chunk
    if num_keys is None:
        return LARGEST
    if num_keys <= (CAUSAL_FROM if causal else FULL_FROM):
        return None
    return min(max(-(-num_keys // MAX_CHUNKS), SMALLEST), LARGEST)


def even_chunk(length: int | tf.Tensor, most: int) -> int | tf.Tensor:
    """Returns the size of even chunks, as few as may be, of a length.

    So a sequence that is shorter than a chunk, or a little longer, is not
    filled up with zeros that are computed with.

    Example:

    >>> [even_chunk(n, most=512) for n in (40, 512, 600, 1500)]
    [40, 512, 300, 500]
    """
    length = (tf.maximum if tf.is_tensor(length) else max)(length, 1)
    chunks = (length + most - 1) // most
    return (length + chunks - 1) // chunks


def _with_known_ones(mask, shape):
    """An axis of unknown size, which may be 1, becomes a full one."""
    sizes = tf.unstack(tf.shape(mask))
    for axis, size in zip((2, 3), shape, strict=True):
        if mask.shape[axis] is None:
            sizes[axis] = size
    is_known = None not in mask.shape[2:]
    return mask if is_known else tf.broadcast_to(mask, sizes)
