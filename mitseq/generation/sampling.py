"""From logits to the next id: temperature, top-k and top-p.

Slide: Lecture 2, "A Sequence Modeling Problem: Predict the Next Word"; the lab
draws the next character from the softmax. Everything here runs in the graph and
takes its randomness from a seed that is passed, so equal seeds give equal text.
Letters: B batch, V vocabulary.
"""

from __future__ import annotations

import tensorflow as tf


def sample(
    logits: tf.Tensor,  # (B, V)
    *,
    temperature: float | tf.Tensor = 1.0,
    top_k: int | tf.Tensor | None = None,
    top_p: float | tf.Tensor | None = None,
    seed: tf.Tensor | tuple[int, int] = (0, 0),
) -> tf.Tensor:  # (B,)
    r"""Returns one id for each row of logits, drawn.

    Equations:
        p = softmax(logits / temperature)
        next ~ p, restricted to the ids that top_k and top_p keep
    At temperature 0 it is the argmax. Instead of dividing by the temperature,
    noise of its size is added (the Gumbel trick: argmax of `logits / T + g` is
    a draw from the softmax), so that 0 is no special case:
        next = argmax(logits + temperature * g),  g = -log(-log(u))

    Args:
        logits: `(B, V)`; -inf forbids an id.
        temperature: Number >= 0. Below 1 is safer, above 1 is bolder.
        top_k: Keep the k likeliest ids, or None for all.
        top_p: Keep the likeliest ids until their probabilities at this
            temperature reach p, or None for all. The likeliest always stays.
        seed: Two ints, as in `tf.random.stateless_uniform`.

    Returns:
        `(B,)` int32.

    Example:

    >>> sample(tf.constant([[0.0, 9.0, 1.0]]), temperature=0.0).numpy()
    array([1], dtype=int32)
    """
    logits = tf.cast(logits, tf.float32)
    temperature = tf.cast(temperature, tf.float32)
    ids = None
    if top_k is not None or top_p is not None:
        logits, ids = tf.math.top_k(logits, tf.shape(logits)[1])  # sorted
        keep = tf.ones_like(logits, tf.bool)
        if top_k is not None:
            rank = tf.range(tf.shape(logits)[1])  # (V,)
            keep &= rank < tf.cast(top_k, tf.int32)
        if top_p is not None:
            probs = tf.nn.softmax(logits / tf.maximum(temperature, 1e-6))
            before = tf.cumsum(probs, axis=1, exclusive=True)
            keep &= before < tf.cast(top_p, tf.float32)
            # always the first, also where rounding or top_p = 0 say otherwise
            keep |= tf.range(tf.shape(logits)[1]) == 0
        logits = tf.where(keep, logits, -float("inf"))
    u = uniform(tf.shape(logits), seed)
    scores = logits - temperature * tf.math.log(-tf.math.log(u))
    choice = tf.argmax(scores, axis=1, output_type=tf.int32)
    if ids is not None:
        choice = tf.gather(ids, choice, axis=1, batch_dims=1)
    return choice


def uniform(
    shape: tf.Tensor | tuple[int, ...], seed: tf.Tensor | tuple[int, int]
) -> tf.Tensor:
    """Returns random numbers in (0, 1), the same with XLA and without.

    `tf.random.stateless_uniform` makes floats of the upper bits of its random
    integers under XLA, and of the lower ones elsewhere. The integers are the
    same. None is 0, so that each has a logarithm.

    Example:

    >>> uniform((2,), (1, 2)).numpy() == uniform((2,), (1, 2)).numpy()
    array([ True,  True])
    """
    bits = tf.random.stateless_uniform(
        shape, seed, minval=None, maxval=None, dtype=tf.int32
    )
    mantissa = tf.bitwise.bitwise_and(bits, 2**23 - 1)  # of a float32
    return tf.cast(mantissa, tf.float32) * 2.0**-23 + 1e-30
