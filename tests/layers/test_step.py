"""The contracts of a step: who keeps them, and what is missing."""

import keras
import pytest
import tensorflow as tf

from mitseq import layers
from mitseq.layers.equations import GRUEquations, LSTMEquations, RNNEquations
from mitseq.layers.step import Equations, StepByStep


@pytest.mark.parametrize(
    "layer",
    [
        layers.MultiHeadAttention(1, causal=True),
        layers.TransformerBlock(1, 2),
        layers.SinusoidalPosition(),
        layers.LearnedPosition(3),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_layers_that_say_what_a_step_is(layer):
    assert isinstance(layer, StepByStep)


def test_layers_that_do_not():
    class Half(keras.layers.Layer):
        def step_state(self, batch_size, num_steps):
            return []

    for layer in (Half(), layers.LSTM(2), keras.layers.Dense(1)):
        assert not isinstance(layer, StepByStep)


def test_equations_must_be_complete():
    class NoDerivative(Equations):
        def forward(self, zx_t, states, weights, m=None):
            return states, ()

    with pytest.raises(TypeError, match="abstract"):
        NoDerivative()


@pytest.mark.parametrize("kind", [RNNEquations, LSTMEquations, GRUEquations])
def test_equal_equations_are_equal_keys(kind):
    assert isinstance(kind(), Equations)
    assert kind() == kind() and hash(kind()) == hash(kind())


def test_one_weight_has_the_sum_over_time_as_its_gradient():
    h_in, dz = tf.ones((3, 2, 4)), tf.ones((3, 2, 5))
    operands = RNNEquations().into_products(dz, (), h_in)
    assert len(operands) == 1 and operands[0] is h_in
    (dW,) = RNNEquations().weight_gradients(h_in, dz)
    assert (dW.numpy() == 6).all() and dW.shape == (4, 5)
