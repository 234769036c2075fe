"""The activations whose derivative the engine can write with their output.

Slide: Lecture 2, "RNN State Update and Output", where it is tanh. Backward
(equations.py), only the outputs y = activation(z) of the forward pass are kept.
So an activation has a place here if its derivative is a function of y, as in
tanh' = 1 - y^2. Any other works too: `packed` of the cell is None for it, and
Keras loops over the cell.
"""

from collections.abc import Callable
from typing import NamedTuple

import keras
import tensorflow as tf

# Klambauer et al., 2017
SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772


class Activation(NamedTuple):
    """An activation and its derivative, which is given the output."""

    function: Callable[[tf.Tensor], tf.Tensor]
    derivative: Callable[[tf.Tensor], tf.Tensor]


def _where(condition, a, b):
    """Numbers or tensors, in the dtype of the tensor among them."""
    dtype = next(x.dtype for x in (a, b) if tf.is_tensor(x))
    return tf.where(condition, tf.cast(a, dtype), tf.cast(b, dtype))


def _one_if(condition, y):
    return tf.cast(condition, y.dtype)


ACTIVATIONS = {
    "tanh": Activation(tf.tanh, lambda y: 1 - y * y),
    "sigmoid": Activation(tf.sigmoid, lambda y: y * (1 - y)),
    "relu": Activation(tf.nn.relu, lambda y: _one_if(y > 0, y)),
    "linear": Activation(tf.identity, tf.ones_like),
    "relu6": Activation(tf.nn.relu6, lambda y: _one_if((0 < y) & (y < 6), y)),
    "leaky_relu": Activation(
        lambda z: tf.nn.leaky_relu(z, 0.2),
        lambda y: 0.2 + 0.8 * _one_if(y > 0, y),
    ),
    "elu": Activation(tf.nn.elu, lambda y: _where(y > 0, 1.0, y + 1)),
    "selu": Activation(
        tf.nn.selu,
        lambda y: _where(y > 0, SELU_SCALE, y + SELU_SCALE * SELU_ALPHA),
    ),
    "softplus": Activation(tf.nn.softplus, lambda y: -tf.math.expm1(-y)),
    "softsign": Activation(tf.nn.softsign, lambda y: (1 - tf.abs(y)) ** 2),
    "exponential": Activation(tf.exp, tf.identity),
    "hard_sigmoid": Activation(
        lambda z: tf.nn.relu6(z + 3) / 6,
        lambda y: _one_if((0 < y) & (y < 1), y) / 6,
    ),
    "hard_tanh": Activation(
        lambda z: tf.clip_by_value(z, -1, 1),
        lambda y: _one_if((-1 < y) & (y < 1), y),
    ),
}


def name_of(activation: Callable) -> str | None:
    """Returns the name of one of Keras's activations, if it is listed here.

    Args:
        activation: As `keras.activations.get` gives it.

    Example:

    >>> name_of(keras.activations.relu), name_of(lambda z: z * z)
    ('relu', None)
    """
    for name in ACTIVATIONS:
        if activation is keras.activations.get(name):
            return name
    return None
