"""Gradient descent on one perceptron: the gradient, then a step downhill.

Slide: Lecture 2, "Recall: Backpropagation in Feed Forward Models"
(docs/slides.md#descent). The same two steps train every network of the lecture.
"""

import numpy as np


def descend(
    steps: int = 60, learning_rate: float = 0.5, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float, list[float]]:
    """Trains a perceptron on two clouds of points, the derivative written out.

    For y = sigmoid(w x + b) and the cross-entropy, dL/dw = (y - label) x and
    dL/db = y - label, on average over the points.

    Args:
        steps: Steps of gradient descent.
        learning_rate: How far a step goes along the gradient.
        seed: Decides where the points lie.

    Returns:
        The points `(N, 2)`, their labels `(N,)`, the weights, the bias, and
        the loss before each step and after the last, in nats.

    Example:

    >>> *_, losses = descend()
    >>> losses[0] > 4 * losses[-1]
    True
    """
    rng = np.random.default_rng(seed)
    labels = np.repeat([0, 1], 40)
    centers = np.array([[-1.0, -0.5], [1.0, 1.0]])
    x = centers[labels] + rng.normal(0, 0.6, (len(labels), 2))
    w, b = np.zeros(2), 0.0
    losses = []
    for step in range(steps + 1):
        y = 1 / (1 + np.exp(-(x @ w + b)))
        losses.append(loss_of(y, labels))
        if step < steps:
            w = w - learning_rate * (y - labels) @ x / len(x)
            b = b - learning_rate * float(np.mean(y - labels))
    return x, labels, w, b, losses


def loss_of(y: np.ndarray, labels: np.ndarray) -> float:
    """Returns the mean cross-entropy of outputs and labels, in nats."""
    right = np.where(labels == 1, y, 1 - y)
    return float(-np.log(right).mean())
