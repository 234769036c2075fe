"""Each activation against Keras's of the same name, derivative included."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from mitseq.layers.activations import ACTIVATIONS, name_of

# On both sides of every corner, not on it
Z = np.array([-9.0, -3.5, -2.5, -0.4, 0.3, 0.9, 1.5, 3.5, 7.0], "float32")


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_function_and_derivative_are_those_of_keras(name):
    keras_s = keras.activations.get(name)
    z = tf.constant(Z)
    with tf.GradientTape() as tape:
        tape.watch(z)
        y = keras_s(z)
    function, derivative = ACTIVATIONS[name]
    np.testing.assert_allclose(function(z), y, rtol=1e-6, atol=1e-6)
    # of exp and softplus only the size matters where it is large
    np.testing.assert_allclose(
        derivative(y), tape.gradient(y, z), rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_the_dtype_is_kept(dtype):
    z = tf.cast(Z[3:6], dtype)
    for function, derivative in ACTIVATIONS.values():
        y = function(z)
        assert (y.dtype, derivative(y).dtype) == (z.dtype, z.dtype)


def test_a_name_stands_for_keras_s_function_alone():
    def relu(z):
        return z

    assert name_of(keras.activations.relu) == "relu"
    assert name_of(keras.activations.get(None)) == "linear"
    assert name_of(relu) is None
    assert name_of(keras.activations.silu) is None
