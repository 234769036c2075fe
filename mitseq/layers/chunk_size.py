"""How large a chunk is, and when attention is computed in chunks at all.

No slide of its own; read `chunked.py` before. The numbers are measured.

Letters: T queries, S keys, C size of a chunk.
"""

import tensorflow as tf

MAX_CHUNKS = 8  # of a sequence whose tiles are written out in the graph
SMALLEST, LARGEST = 128, 512  # chunks that "auto" takes
CAUSAL_FROM, FULL_FROM = 256, 1024  # lengths above which "auto" chunks


def chosen_chunk(
    chunk: int | str | None, num_keys: int | None, causal: bool
) -> int | None:
    """Returns over how many keys at a time attention is computed.

    Measured on two CPU cores, a causal product of 512 keys takes three quarters
    of the time in chunks, because half of its tiles are never made. A full one
    makes every tile again in the backward pass: there it is for the memory, and
    begins later. Short sequences are one product. Where the graph does not know
    the length, the tiles are a loop, which is a little slower.

    Args:
        chunk: The layer's argument: "auto", None for all at once, or a size.
        num_keys: S, or None if the graph does not know it.
        causal: Whether the future is hidden.

    Returns:
        C, or None for all at once.

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

    Args:
        length: Int or a scalar tensor of int.
        most: The largest chunk.

    Returns:
        C, at least 1.

    Example:

    >>> [even_chunk(n, most=512) for n in (40, 512, 600, 1500)]
    [40, 512, 300, 500]
    """
    if isinstance(length, tf.Tensor):
        length = tf.maximum(length, 1)
    else:
        length = max(length, 1)
    chunks = (length + most - 1) // most
    return (length + chunks - 1) // chunks
