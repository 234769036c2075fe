"""Two ways to go over all tiles of attention: written out, or in a loop.

No slide of its own; read `chunked.py` and `tiles.py` before.

Letters: B batch, N heads, T queries, S keys, K size of one head, C size of a
chunk, n chunks; i counts chunks of queries, j chunks of keys.
"""

import numpy as np
import tensorflow as tf

from mitseq.layers.masks import both_masks, sees
from mitseq.layers.tiles import Tiles, finish, rowsum_of, start


class UnrolledTiles(Tiles):
    """Short sequences: every tile that is needed is written out.

    It has the size that it needs. A tile that a causal mask or a window hides
    is left out of the graph.
    """

    def forward(self, query, key, value, mask):
        q, k, v = (_split(x, self.chunk) for x in (query, key, value))
        add = _traced_once(self.add)
        found = [start(q_i) for q_i in q]
        for i, j, keep, place in self._needed(query, key, mask):
            # The next tile of a row waits: few tiles exist at a time.
            with tf.control_dependencies(found[i]):
                q_i = tf.identity(q[i])
            found[i] = add(q_i, k[j], v[j], keep, place, *found[i])
        done = [finish(*x, query.dtype) for x in found]
        return tuple(tf.concat(x, 2) for x in zip(*done, strict=True))

    def backward(self, query, key, value, mask, output, logsum, dy):
        q, k, v, logsum, dy, rowsum = (
            _split(x, self.chunk)
            for x in (query, key, value, logsum, dy, rowsum_of(output, dy))
        )
        gradients = _traced_once(self.gradients)
        dq = [tf.zeros_like(x) for x in q]
        dk, dv = [[] for _ in k], [[] for _ in k]
        for i, j, keep, place in self._needed(query, key, mask):
            with tf.control_dependencies([dq[i]]):
                q_i = tf.identity(q[i])
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

    def _needed(self, query, key, mask):
        """Yields each tile: i, j, what of it is kept, and its number."""
        C, T, S = self.chunk, query.shape[2], key.shape[2]
        num_chunks = -(-S // C)
        for i in range(-(-T // C)):
            for j in range(self.first(i), num_chunks):
                t = np.arange(i * C, min(T, i * C + C))
                s = np.arange(j * C, min(S, j * C + C))
                keep = np.ones((len(t), len(s)), bool)
                if self.causal:
                    keep = sees(t[:, None], s, self.window)
                if keep.any():
                    keep = None if keep.all() else tf.constant(keep)
                    keep = both_masks(keep, _mask_tile(mask, i, j, C))
                    yield i, j, keep, tf.constant(i * num_chunks + j)


def _split(x, C):
    length = x.shape[2]
    sizes = [min(C, length - begin) for begin in range(0, length, C)]
    return tf.split(x, sizes, axis=2)


def _mask_tile(mask, i, j, C):
    if mask is None:
        return None
    if mask.shape[2] != 1:
        mask = mask[:, :, i * C : (i + 1) * C]
    if mask.shape[3] != 1:
        mask = mask[..., j * C : (j + 1) * C]
    return mask


def _traced_once(equations):
    """In a graph of many tiles Python writes the equations down once."""
    if tf.executing_eagerly():
        return equations
    return tf.function(equations, autograph=False)


class LoopedTiles(Tiles):
    """Long sequences, and those of unknown length: the tiles are one loop.

    All tiles have one size, for which the sequences are filled up.
    """

    def forward(self, query, key, value, mask):
        q, k, v, keep_at, last = self._parts(query, key, value, mask)
        n = tf.shape(q)[0]

        def row(i, outputs, logsums):
            def tile(j, *found):
                place = i * tf.shape(k)[0] + j
                return self.add(q[i], k[j], v[j], keep_at(i, j), place, *found)

            first = self.first(i, tf.maximum)
            found = _loop(first, last(i), tile, *start(q[i]))
            output, logsum = finish(*found, query.dtype)
            return outputs.write(i, output), logsums.write(i, logsum)

        arrays = [tf.TensorArray(kind, n) for kind in (query.dtype, tf.float32)]
        arrays = _loop(0, n, row, *arrays)
        T = tf.shape(query)[2]
        output, logsum = (_unfilled(x.stack(), T) for x in arrays)
        return tf.ensure_shape(output, query.shape), logsum

    def backward(self, query, key, value, mask, output, logsum, dy):
        q, k, v, keep_at, last = self._parts(query, key, value, mask)
        logsum, rowsum, dy = (
            _filled(x, self.chunk) for x in (logsum, rowsum_of(output, dy), dy)
        )

        def row(i, dq, dk, dv):
            def tile(j, dq_i, dk, dv):
                place = i * tf.shape(k)[0] + j
                of_q, of_k, of_v = self.gradients(
                    *(q[i], k[j], v[j], keep_at(i, j), place),
                    *(logsum[i], rowsum[i], dy[i]),
                )
                dk = dk.write(j, dk.read(j) + of_k)
                dv = dv.write(j, dv.read(j) + of_v)
                return dq_i + of_q, dk, dv

            first = self.first(i, tf.maximum)
            dq_i = tf.zeros_like(q[i])
            dq_i, dk, dv = _loop(first, last(i), tile, dq_i, dk, dv)
            return dq.write(i, dq_i), dk, dv

        def zeros(x):
            array = tf.TensorArray(
                x.dtype, tf.shape(x)[0], clear_after_read=False
            )
            return array.unstack(tf.zeros_like(x))

        totals = _loop(0, tf.shape(q)[0], row, zeros(q), zeros(k), zeros(v))
        return tuple(
            tf.ensure_shape(_unfilled(x.stack(), tf.shape(of)[2]), of.shape)
            for x, of in zip(totals, (query, key, value), strict=True)
        )

    def _parts(self, query, key, value, mask):
        C = self.chunk
        q, k, v = (_filled(x, C) for x in (query, key, value))
        S, num_chunks = tf.shape(key)[2], tf.shape(k)[0]

        def keep_at(i, j):
            s = j * C + tf.range(C)
            keep = (s < S)[None]  # (1, C)
            if self.causal:
                t = i * C + tf.range(C)[:, None]
                keep = keep & sees(t, s, self.window)
            part = mask
            if mask is not None and mask.shape[2] != 1:
                t = tf.minimum(i * C + tf.range(C), tf.shape(mask)[2] - 1)
                part = tf.gather(part, t, axis=2)
            if mask is not None and mask.shape[3] != 1:
                part = tf.gather(part, tf.minimum(s, S - 1), axis=3)
            return both_masks(keep, part)

        def last(i):
            return tf.minimum(i + 1, num_chunks) if self.causal else num_chunks

        return q, k, v, keep_at, last


def _loop(first, end, body, *values):
    """Returns the values after `values = body(i, *values)` for each i."""
    _, *values = tf.while_loop(
        lambda i, *_: i < end,
        lambda i, *values: (i + 1, *body(i, *values)),
        (tf.convert_to_tensor(first), *values),
        parallel_iterations=1,
    )
    return values


def _filled(x, C):
    """Returns `(B, N, T, K)` as `(n, B, N, C, K)`, filled up with zeros."""
    B, N, T, K = tf.unstack(tf.shape(x))
    missing = -T % C
    x = tf.pad(x, [[0, 0], [0, 0], [0, missing], [0, 0]])
    x = tf.reshape(x, [B, N, (T + missing) // C, C, K])
    return tf.transpose(x, [2, 0, 1, 3, 4])


def _unfilled(x, length):
    """Returns `(n, B, N, C, K)` as `(B, N, T, K)`."""
    n, B, N, C, K = tf.unstack(tf.shape(x))
    x = tf.reshape(tf.transpose(x, [1, 2, 0, 3, 4]), [B, N, n * C, K])
    return x[:, :, :length]
