r"""Attention over long sequences, a piece at a time, never the whole matrix.

Slide: Lecture 2, "Learning Self-Attention with Neural Networks"
(docs/slides.md#long-sequences). Read `attention.py` before: this is the same
function. The weights of T queries and S keys fill T x S numbers a head; here
tiles of C x C are made, used and forgotten, and the backward pass makes them
again. A tile of the future only, which a causal mask hides, is never made.

A softmax over tiles keeps the largest score so far, m, and the sum of
exponentials; when a tile has a larger score, what was added up before is scaled
down by exp(m_old - m_new). From logsum = m + log(sum) the backward pass makes
any tile of the weights again:
    A = exp(Q K^T - logsum)
    dV = A^T dY
    dA = dY V^T,   dS = A * (dA - rowsum(dY * Y))
    dQ = dS K,     dK = dS^T Q

Letters: B batch, N heads, T queries, S keys, K size of a head, C size of a
chunk; i counts chunks of queries, j chunks of keys.
"""

import dataclasses

import numpy as np
import tensorflow as tf

HIDDEN = -1e30  # the score of a hidden key; not minus infinity: no NaN
MAX_CHUNKS = 8  # of a sequence whose tiles are written out in the graph
SMALLEST, LARGEST = 128, 512  # chunks that "auto" takes
CAUSAL_FROM, FULL_FROM = 256, 1024  # lengths above which "auto" chunks


def chosen_chunk(
    chunk: int | str | None, num_keys: int | None, causal: bool
) -> int | None:
    """Says over how many keys at a time attention is computed.

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
    """Cuts a length into as few chunks as may be, and makes them even.

    So a sequence that is shorter than a chunk, or a little longer, is not
    filled up with zeros that are computed with.

    Args:
        length: Int or a scalar tensor of int.
        most: The largest chunk.

    Returns:
        The chunk's size, at least 1.

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
    T, S = query.shape[2], key.shape[2]
    is_known = T is not None and S is not None
    is_short = is_known and max(T, S) <= MAX_CHUNKS * chunk
    if not is_short:  # of a loop, where every tile has one size
        length = (
            max(T, S)
            if is_known
            else tf.maximum(tf.shape(query)[2], tf.shape(key)[2])
        )
        chunk = even_chunk(length, chunk)
    tiles = _Tiles(chunk, causal, window, dropout, seed)
    forward, backward = (
        (_forward_unrolled, _backward_unrolled)
        if is_short
        else (_forward_loop, _backward_loop)
    )

    @tf.custom_gradient
    def attend(query, key, value):
        output, logsum = forward(tiles, query, key, value, mask)

        def gradient(d_output):
            return backward(
                tiles, query, key, value, mask, output, logsum, d_output
            )

        return output, gradient

    # The sum of K products is about sqrt(K) large.
    return attend(query * query.shape[-1] ** -0.5, key, value)


@dataclasses.dataclass(frozen=True)
class _Tiles:
    """The equations of one tile, and which tiles there are."""

    chunk: int | tf.Tensor
    causal: bool
    window: int | None
    dropout: float
    seed: tf.Tensor | None

    def add(self, q, k, v, keep, place, m, total, y):
        """Adds a tile to what a chunk of queries has found so far."""
        scores = _scores(q, k, keep)
        m_new = tf.maximum(m, tf.reduce_max(scores, -1, keepdims=True))
        A = tf.exp(scores - m_new)
        shrink = tf.exp(m - m_new)
        total = total * shrink + tf.reduce_sum(A, -1, keepdims=True)
        found = tf.matmul(self._drop(A, place, v.dtype), v)
        return m_new, total, y * shrink + tf.cast(found, y.dtype)

    def gradients(self, q, k, v, keep, place, logsum, rowsum, dy):
        """Makes the tile's weights again: its dQ, dK, dV."""
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
            u = tf.random.stateless_uniform(tf.shape(A), seed)
            A = tf.where(u < self.dropout, 0.0, A / (1 - self.dropout))
        return tf.cast(A, dtype)

    def first(self, i, least=max):
        """The first chunk of keys that chunk i of queries may see."""
        if self.window is None:
            return 0
        return least(i * self.chunk - self.window + 1, 0) // self.chunk

    def triangle(self, i, j, num_queries, num_keys):
        """What of tile (i, j) is no future and within the window, `(C, C)`."""
        t = i * self.chunk + tf.range(num_queries)[:, None]
        s = j * self.chunk + tf.range(num_keys)[None]
        keep = s <= t
        return keep if self.window is None else keep & (s > t - self.window)


def _scores(q, k, keep):
    scores = tf.matmul(q, k, transpose_b=True)
    if scores.dtype in (tf.float16, tf.bfloat16):
        scores = tf.cast(scores, tf.float32)
    return scores if keep is None else tf.where(keep, scores, HIDDEN)


def _start(q):
    """m, sum and output of a chunk of queries before its first tile."""
    y = tf.zeros_like(q)
    if y.dtype in (tf.float16, tf.bfloat16):
        y = tf.cast(y, tf.float32)
    one = y[..., :1]
    return one + HIDDEN, one, y


def _finish(m, total, y, dtype):
    """The output of a chunk of queries, and the logsum of its scores."""
    sees = m > HIDDEN / 2  # else every key was hidden: zeros
    total = tf.where(sees, total, 1.0)
    output = tf.where(sees, y / total, 0.0)
    logsum = tf.where(sees, m + tf.math.log(total), -HIDDEN)
    return tf.cast(output, dtype), logsum


def _rowsum(output, d_output):
    product = tf.cast(output, tf.float32) * tf.cast(d_output, tf.float32)
    return tf.reduce_sum(product, -1, keepdims=True)


# Short sequences: every tile is written out, with the sizes it has.


def _pairs(tiles, T, S):
    """Each tile that is needed: i, j, and what of it a triangle hides."""
    C = tiles.chunk
    for i in range(-(-T // C)):
        for j in range(tiles.first(i), -(-S // C)):
            t, s = np.arange(i * C, min(T, i * C + C)), j * C
            s = np.arange(s, min(S, s + C))
            keep = np.ones((len(t), len(s)), bool)
            if tiles.causal:
                keep = s <= t[:, None]
            if tiles.window is not None:
                keep &= s > t[:, None] - tiles.window
            if keep.any():
                yield i, j, None if keep.all() else tf.constant(keep)


def _split(x, C, axis=2):
    length = x.shape[axis]
    sizes = [min(C, length - start) for start in range(0, length, C)]
    return tf.split(x, sizes, axis)


def _mask_tile(mask, i, j, C):
    if mask is None:
        return None
    if mask.shape[2] != 1:
        mask = mask[:, :, i * C : (i + 1) * C]
    if mask.shape[3] != 1:
        mask = mask[..., j * C : (j + 1) * C]
    return mask


def _both(keep, mask):
    if keep is None or mask is None:
        return mask if keep is None else keep
    return keep & mask


def _traced_once(equations):
    """In a graph of many tiles Python writes the equations down once."""
    if tf.executing_eagerly():
        return equations
    return tf.function(equations, autograph=False)


def _forward_unrolled(tiles, query, key, value, mask):
    C = tiles.chunk
    q, k, v = (_split(x, C) for x in (query, key, value))
    add = _traced_once(tiles.add)
    found = [_start(q_i) for q_i in q]
    for i, j, keep in _pairs(tiles, query.shape[2], key.shape[2]):
        keep = _both(keep, _mask_tile(mask, i, j, C))
        # The next tile of a row waits: few tiles exist at a time.
        with tf.control_dependencies(found[i]):
            q_i = tf.identity(q[i])
        place = tf.constant(i * len(k) + j)
        found[i] = add(q_i, k[j], v[j], keep, place, *found[i])
    done = [_finish(*x, query.dtype) for x in found]
    return tuple(tf.concat(x, 2) for x in zip(*done, strict=True))


def _backward_unrolled(tiles, query, key, value, mask, output, logsum, dy):
    C = tiles.chunk
    q, k, v, logsum, dy, rowsum = (
        _split(x, C)
        for x in (query, key, value, logsum, dy, _rowsum(output, dy))
    )
    gradients = _traced_once(tiles.gradients)
    dq, dk, dv = [tf.zeros_like(x) for x in q], [[] for _ in k], [[] for _ in k]
    for i, j, keep in _pairs(tiles, query.shape[2], key.shape[2]):
        keep = _both(keep, _mask_tile(mask, i, j, C))
        with tf.control_dependencies([dq[i]]):
            q_i = tf.identity(q[i])
        place = tf.constant(i * len(k) + j)
        of_q, of_k, of_v = gradients(
            q_i, k[j], v[j], keep, place, logsum[i], rowsum[i], dy[i]
        )
        dq[i] += of_q
        dk[j].append(of_k)
        dv[j].append(of_v)
    total = [
        [tf.add_n(x) if x else tf.zeros_like(like) for x, like in pairs]
        for pairs in (zip(dk, k, strict=True), zip(dv, v, strict=True))
    ]
    return tuple(tf.concat(x, 2) for x in (dq, *total))


# Long sequences, and those of unknown length: the tiles are one loop, and all
# have one size, for which the sequences are filled up.


def _filled(x, C, axis=2):
    """`(B, N, T, K)` -> `(n, B, N, C, K)`, filled up with zeros."""
    shape = tf.unstack(tf.shape(x))
    missing = -shape[axis] % C
    paddings = [[0, missing if a == axis else 0] for a in range(4)]
    x = tf.pad(x, paddings)
    shape[axis : axis + 1] = [(shape[axis] + missing) // C, C]
    x = tf.reshape(x, shape)
    return tf.transpose(x, [axis, *(a for a in range(5) if a != axis)])


def _unfilled(x, length):
    """`(n, B, N, C, K)` -> `(B, N, T, K)`."""
    n, B, N, C, K = tf.unstack(tf.shape(x))
    x = tf.reshape(tf.transpose(x, [1, 2, 0, 3, 4]), [B, N, n * C, K])
    return x[:, :, :length]


def _loop_parts(tiles, query, key, value, mask):
    C = tiles.chunk
    q, k, v = (_filled(x, C) for x in (query, key, value))
    S, num_chunks = tf.shape(key)[2], tf.shape(k)[0]

    def keep_at(i, j):
        s = j * C + tf.range(C)
        keep = (s < S)[None]  # (1, C)
        if tiles.causal:
            keep = keep & tiles.triangle(i, j, C, C)
        part = mask
        if mask is not None and mask.shape[2] != 1:
            t = tf.minimum(i * C + tf.range(C), tf.shape(mask)[2] - 1)
            part = tf.gather(part, t, axis=2)
        if mask is not None and mask.shape[3] != 1:
            part = tf.gather(part, tf.minimum(s, S - 1), axis=3)
        return _both(keep, part)

    def last(i):
        return tf.minimum(i + 1, num_chunks) if tiles.causal else num_chunks

    return q, k, v, keep_at, last


def _forward_loop(tiles, query, key, value, mask):
    q, k, v, keep_at, last = _loop_parts(tiles, query, key, value, mask)
    n = tf.shape(q)[0]

    def row(i, outputs, logsums):
        def tile(j, *found):
            place = i * tf.shape(k)[0] + j
            keep = keep_at(i, j)
            return j + 1, *tiles.add(q[i], k[j], v[j], keep, place, *found)

        _, *found = tf.while_loop(
            lambda j, *_: j < last(i),
            tile,
            (tf.convert_to_tensor(tiles.first(i, tf.maximum)), *_start(q[i])),
            parallel_iterations=1,
        )
        output, logsum = _finish(*found, query.dtype)
        return i + 1, outputs.write(i, output), logsums.write(i, logsum)

    _, outputs, logsums = tf.while_loop(
        lambda i, *_: i < n,
        row,
        (
            tf.constant(0),
            tf.TensorArray(query.dtype, n),
            tf.TensorArray(tf.float32, n),
        ),
        parallel_iterations=1,
    )
    T = tf.shape(query)[2]
    output, logsum = (_unfilled(x.stack(), T) for x in (outputs, logsums))
    return tf.ensure_shape(output, query.shape), logsum


def _backward_loop(tiles, query, key, value, mask, output, logsum, dy):
    C = tiles.chunk
    q, k, v, keep_at, last = _loop_parts(tiles, query, key, value, mask)
    logsum, rowsum, dy = (
        _filled(x, C) for x in (logsum, _rowsum(output, dy), dy)
    )
    n = tf.shape(q)[0]

    def row(i, dq, dk, dv):
        def tile(j, dq_i, dk, dv):
            place = i * tf.shape(k)[0] + j
            of_q, of_k, of_v = tiles.gradients(
                *(q[i], k[j], v[j], keep_at(i, j), place),
                *(logsum[i], rowsum[i], dy[i]),
            )
            dk = dk.write(j, dk.read(j) + of_k)
            dv = dv.write(j, dv.read(j) + of_v)
            return j + 1, dq_i + of_q, dk, dv

        j = tf.convert_to_tensor(tiles.first(i, tf.maximum))
        _, dq_i, dk, dv = tf.while_loop(
            lambda j, *_: j < last(i),
            tile,
            (j, tf.zeros_like(q[i]), dk, dv),
            parallel_iterations=1,
        )
        return i + 1, dq.write(i, dq_i), dk, dv

    def zeros(x):
        array = tf.TensorArray(x.dtype, tf.shape(x)[0], clear_after_read=False)
        return array.unstack(tf.zeros_like(x))

    _, *totals = tf.while_loop(
        lambda i, *_: i < n,
        row,
        (tf.constant(0), zeros(q), zeros(k), zeros(v)),
        parallel_iterations=1,
    )
    return tuple(
        tf.ensure_shape(_unfilled(x.stack(), tf.shape(of)[2]), of.shape)
        for x, of in zip(totals, (query, key, value), strict=True)
    )


def _with_known_ones(mask, shape):
    """An axis of unknown size, which may be 1, becomes a full one."""
    sizes = tf.unstack(tf.shape(mask))
    for axis, size in zip((2, 3), shape, strict=True):
        if mask.shape[axis] is None:
            sizes[axis] = size
    is_known = None not in mask.shape[2:]
    return mask if is_known else tf.broadcast_to(mask, sizes)
