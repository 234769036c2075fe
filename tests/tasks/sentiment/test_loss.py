"""The slide's loss and its single-logit twin are one loss."""

import keras
import numpy as np
import tensorflow as tf

from mitseq.tasks.sentiment.loss import (
    CrossEntropy,
    sigmoid_cross_entropy_with_logit,
    softmax_cross_entropy_with_logits,
)

RNG = np.random.default_rng(0)
Z = RNG.normal(scale=4, size=(9, 2)).astype("float32")
Y = RNG.integers(0, 2, 9)


def test_slides_loss_equals_tensorflows():
    z = RNG.normal(scale=30, size=(6, 5)).astype("float32")
    y = RNG.dirichlet(np.ones(5), 6).astype("float32")
    np.testing.assert_allclose(
        softmax_cross_entropy_with_logits(y, z),
        tf.nn.softmax_cross_entropy_with_logits(y, z),
        rtol=1e-5,
        atol=1e-5,
    )


def test_slides_loss_is_minus_log_of_the_right_probability():
    p = np.exp(Z) / np.exp(Z).sum(1, keepdims=True)
    np.testing.assert_allclose(
        softmax_cross_entropy_with_logits(np.eye(2, dtype="float32")[Y], Z),
        -np.log(p[np.arange(9), Y]),
        rtol=1e-4,
        atol=1e-6,
    )


def test_both_forms_have_equal_values_and_gradients():
    z = tf.constant(Z)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(z)
        two = softmax_cross_entropy_with_logits(tf.one_hot(Y, 2), z)
        one = sigmoid_cross_entropy_with_logit(
            tf.cast(Y, "float32"), z[:, 1] - z[:, 0]
        )
    np.testing.assert_allclose(one, two, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(
        tape.gradient(one, z), tape.gradient(two, z), atol=1e-5
    )


def test_loss_class_takes_either_and_equals_keras():
    single = Z[:, 1:] - Z[:, :1]
    expected = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    for smoothing in (0.0, 0.2):
        loss = CrossEntropy(label_smoothing=smoothing)
        np.testing.assert_allclose(loss(Y, Z), loss(Y, single), rtol=1e-5)
    np.testing.assert_allclose(CrossEntropy()(Y, Z), expected(Y, Z), rtol=1e-5)
    again = CrossEntropy.from_config(CrossEntropy(0.3).get_config())
    assert again.label_smoothing == 0.3


def test_smoothed_loss_equals_keras():
    expected = keras.losses.CategoricalCrossentropy(
        from_logits=True, label_smoothing=0.2
    )
    np.testing.assert_allclose(
        CrossEntropy(0.2)(Y, Z), expected(np.eye(2)[Y], Z), rtol=1e-5
    )
