"""Short sequences: every tile is written out, with the size it has.

No slide of its own; read `chunked.py` and `tiles.py` before. A tile that a
causal mask or a window hides is left out of the graph.

Letters: B batch, N heads, T queries, S keys, K size of a head, C size of a
chunk; i counts chunks of queries, j chunks of keys.
"""

import numpy as np
import tensorflow as tf

from mitseq.layers.masks import both_masks, sees
from mitseq.layers.tiles import Tiles, finish, rowsum_of, start


class UnrolledTiles(Tiles):
    """Every tile that is needed, one after the other."""

    def forward(self, query, key, value, mask):
        C = self.chunk
        q, k, v = (_split(x, C) for x in (query, key, value))
        add = _traced_once(self.add)
        found = [start(q_i) for q_i in q]
        for i, j, keep in self._needed(query.shape[2], key.shape[2]):
            keep = both_masks(keep, _mask_tile(mask, i, j, C))
            # The next tile of a row waits: few tiles exist at a time.
            with tf.control_dependencies(found[i]):
                q_i = tf.identity(q[i])
            place = tf.constant(i * len(k) + j)
            found[i] = add(q_i, k[j], v[j], keep, place, *found[i])
        done = [finish(*x, query.dtype) for x in found]
        return tuple(tf.concat(x, 2) for x in zip(*done, strict=True))

    def backward(self, query, key, value, mask, output, logsum, dy):
        C = self.chunk
        q, k, v, logsum, dy, rowsum = (
            _split(x, C)
            for x in (query, key, value, logsum, dy, rowsum_of(output, dy))
        )
        gradients = _traced_once(self.gradients)
        dq, dk, dv = (
            [tf.zeros_like(x) for x in q],
            [[] for _ in k],
            [[] for _ in k],
        )
        for i, j, keep in self._needed(query.shape[2], key.shape[2]):
            keep = both_masks(keep, _mask_tile(mask, i, j, C))
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

    def _needed(self, T, S):
        """Each tile that is needed: i, j, and what of it a triangle hides."""
        C = self.chunk
        for i in range(-(-T // C)):
            for j in range(self.first(i), -(-S // C)):
                t = np.arange(i * C, min(T, i * C + C))
                s = np.arange(j * C, min(S, j * C + C))
                keep = np.ones((len(t), len(s)), bool)
                if self.causal:
                    keep = sees(t[:, None], s, self.window)
                if keep.any():
                    yield i, j, None if keep.all() else tf.constant(keep)


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
