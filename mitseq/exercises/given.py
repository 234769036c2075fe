"""What an exercise gives to the student: it is copied into the file."""

import numpy as np


def sigmoid(z):
    """Squashes every number to between 0 and 1.

    >>> float(sigmoid(0.0))
    0.5
    """
    return 1 / (1 + np.exp(-z))


def softmax(scores, axis=-1):
    """Makes weights of scores: positive, and along `axis` they sum to one.

    >>> softmax(np.array([0.0, 0.0]))
    array([0.5, 0.5])
    """
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
