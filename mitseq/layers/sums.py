"""Sums over time, each as one matrix product.

Slide: Lecture 2, "RNNs: Backpropagation Through Time". The weights are shared
by all steps, so their gradient is a sum over the steps; a product of long
matrices adds it up faster than a loop.

Letters: T steps, B batch, H and K features.
"""

import tensorflow as tf


def sum_over_time(a: tf.Tensor, b: tf.Tensor) -> tf.Tensor:
    """Returns sum_t a_t^T b_t: `(T, B, H)` and `(T, B, K)` give `(H, K)`."""
    flat_a = tf.reshape(a, [-1, a.shape[-1]])  # (T*B, H)
    flat_b = tf.reshape(b, [-1, b.shape[-1]])  # (T*B, K)
    return tf.matmul(flat_a, flat_b, transpose_a=True)


def sum_rows(a: tf.Tensor) -> tf.Tensor:
    """Returns the sum over time and batch, `(T, B, K) -> (K,)`."""
    flat = tf.reshape(a, [-1, a.shape[-1]])  # (T*B, K)
    return tf.matmul(tf.ones_like(flat[:, :1]), flat, transpose_a=True)[0]
