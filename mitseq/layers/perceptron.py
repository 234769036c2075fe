r"""The perceptron and the feed-forward network: one input in, one output out.

Slides: Lecture 2, "The Perceptron Revisited", "Feed-Forward Networks Revisited"
and "Handling Individual Time Steps" (docs/slides.md#perceptron). Read rnn.py
next: it adds what is missing here, a state.

Letters: x_t is the input of one step, `(B, D)`; w weighs its D features.
"""

from collections.abc import Callable, Sequence

import keras
import tensorflow as tf
from keras import ops


def perceptron(
    x: tf.Tensor,
    w: tf.Tensor,
    b: float | tf.Tensor = 0.0,
    activation: Callable = keras.activations.sigmoid,
) -> tf.Tensor:  # (...,)
    """One neuron: weigh the inputs, add them up, bend the sum.

    Equation: `y = g(x_1 w_1 + ... + x_D w_D + b)`.

    Args:
        x: `(..., D)`, the inputs.
        w: `(D,)`, one weight an input.
        b: The bias.
        activation: g, the non-linearity.

    Returns:
        `(...,)`, the output of the neuron.

    Example:

    >>> y = perceptron(ops.array([[1.0, 2.0]]), ops.array([3.0, -1.0]), -1.0)
    >>> float(y[0])  # sigmoid(3 - 2 - 1)
    0.5
    """
    return activation(ops.sum(x * w, axis=-1) + b)


def feed_forward(
    x_t: tf.Tensor,
    layers: Sequence[tuple[tf.Tensor, tf.Tensor]],
    activation: Callable = keras.activations.tanh,
) -> tf.Tensor:  # (..., O)
    """Many neurons side by side, in layers one after the other.

    The output depends on this x_t alone: whatever came before it is not an
    argument. On a sequence it treats every step as if it were the first.

    Args:
        x_t: `(..., D)`, one slice of time, or each of several by itself.
        layers: `(W, b)` of each layer, `(D, H)` and `(H,)`.
        activation: The non-linearity between layers; there is none after the
            last.

    Returns:
        `(..., O)`, the output of the last layer.

    Example:

    >>> layers = [(ops.ones((2, 3)), ops.zeros(3)), (ops.ones((3, 1)), 0.0)]
    >>> y = feed_forward(ops.array([[0.0, 0.0], [9.0, 9.0]]), layers)
    >>> [round(float(y_t), 2) for y_t in y[:, 0]]
    [0.0, 3.0]
    """
    for i, (W, b) in enumerate(layers):
        x_t = ops.matmul(x_t, W) + b
        if i < len(layers) - 1:
            x_t = activation(x_t)
    return x_t
