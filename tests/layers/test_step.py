"""The contract of a step: who keeps it, and what is missing."""

import keras
import pytest

from mitseq import layers
from mitseq.layers.step import StepByStep


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
