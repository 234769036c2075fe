"""Gradient descent on one perceptron."""

import numpy as np

from mitseq.by_hand.descent import descend, loss_of


def test_the_gradient_is_the_derivative_of_the_loss():
    """One step from zero, against finite differences."""
    x, labels, w, b, _ = descend(steps=1, learning_rate=1.0)

    def loss(w, b):
        return loss_of(1 / (1 + np.exp(-(x @ w + b))), labels)

    for i in range(2):
        small = np.eye(2)[i] * 1e-5
        slope = (loss(small, 0) - loss(-small, 0)) / 2e-5
        np.testing.assert_allclose(w[i], -slope, atol=1e-8)
    slope = (loss(np.zeros(2), 1e-5) - loss(np.zeros(2), -1e-5)) / 2e-5
    np.testing.assert_allclose(b, -slope, atol=1e-8)


def test_every_step_goes_downhill_from_a_coin():
    *_, losses = descend(steps=30)
    np.testing.assert_allclose(losses[0], np.log(2))
    assert (np.diff(losses) < 0).all() and len(losses) == 31
