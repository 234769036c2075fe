"""Long sequences, and those of unknown length: the tiles are one loop.

No slide of its own; read `chunked.py` and `tiles.py` before. All tiles have one
size here, for which the sequences are filled up.

Letters: B batch, N heads, T queries, S keys, K size of a head, C size of a
chunk, n chunks; i counts chunks of queries, j chunks of keys.
"""

import tensorflow as tf

from mitseq.layers.masks import both_masks, sees
from mitseq.layers.tiles import Tiles, finish, rowsum_of, start


class LoopedTiles(Tiles):
    """All tiles of a row of them, row by row."""

    def forward(self, query, key, value, mask):
        q, k, v, keep_at, last = self._parts(query, key, value, mask)
        n = tf.shape(q)[0]

        def row(i, outputs, logsums):
            def tile(j, *found):
                place = i * tf.shape(k)[0] + j
                keep = keep_at(i, j)
                return j + 1, *self.add(q[i], k[j], v[j], keep, place, *found)

            _, *found = tf.while_loop(
                lambda j, *_: j < last(i),
                tile,
                (tf.convert_to_tensor(self.first(i, tf.maximum)), *start(q[i])),
                parallel_iterations=1,
            )
            output, logsum = finish(*found, query.dtype)
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

    def backward(self, query, key, value, mask, output, logsum, dy):
        C = self.chunk
        q, k, v, keep_at, last = self._parts(query, key, value, mask)
        logsum, rowsum, dy = (
            _filled(x, C) for x in (logsum, rowsum_of(output, dy), dy)
        )
        n = tf.shape(q)[0]

        def row(i, dq, dk, dv):
            def tile(j, dq_i, dk, dv):
                place = i * tf.shape(k)[0] + j
                of_q, of_k, of_v = self.gradients(
                    *(q[i], k[j], v[j], keep_at(i, j), place),
                    *(logsum[i], rowsum[i], dy[i]),
                )
                dk = dk.write(j, dk.read(j) + of_k)
                dv = dv.write(j, dv.read(j) + of_v)
                return j + 1, dq_i + of_q, dk, dv

            j = tf.convert_to_tensor(self.first(i, tf.maximum))
            _, dq_i, dk, dv = tf.while_loop(
                lambda j, *_: j < last(i),
                tile,
                (j, tf.zeros_like(q[i]), dk, dv),
                parallel_iterations=1,
            )
            return i + 1, dq.write(i, dq_i), dk, dv

        def zeros(x):
            array = tf.TensorArray(
                x.dtype, tf.shape(x)[0], clear_after_read=False
            )
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


def _filled(x, C):
    """`(B, N, T, K)` -> `(n, B, N, C, K)`, filled up with zeros."""
    B, N, T, K = tf.unstack(tf.shape(x))
    missing = -T % C
    x = tf.pad(x, [[0, 0], [0, 0], [0, missing], [0, 0]])
    x = tf.reshape(x, [B, N, (T + missing) // C, C, K])
    return tf.transpose(x, [2, 0, 1, 3, 4])


def _unfilled(x, length):
    """`(n, B, N, C, K)` -> `(B, N, T, K)`."""
    n, B, N, C, K = tf.unstack(tf.shape(x))
    x = tf.reshape(tf.transpose(x, [1, 2, 0, 3, 4]), [B, N, n * C, K])
    return x[:, :, :length]
