"""One step of one layer, and the sorting of layers."""

import keras
import numpy as np
import pytest
from keras import ops

import mitseq
from mitseq import layers as attention
from mitseq.errors import MitseqError
from mitseq.generation.step_layer import (
    MIXES_STEPS,
    PER_STEP,
    StepLayer,
    acts_on_each_step,
    can_be_packed,
    has_state,
)

layers = keras.layers


def test_steps_equal_the_layer_and_a_masked_step_changes_no_state():
    x = np.random.default_rng(0).normal(size=(2, 4, 3)).astype("float32")
    layer = layers.LSTM(5, return_sequences=True)
    whole = np.asarray(layer(x))
    step = StepLayer(layer)
    states = step.initial_states(2, 4)
    for t in range(4):
        y, *states = step([x[:, t : t + 1]], states, [])
        np.testing.assert_allclose(y[:, 0], whole[:, t], atol=1e-6)
    keep = np.array([[True], [False]])
    _, *after = step([x[:, :1]], states, [], keep=ops.convert_to_tensor(keep))
    for new, old in zip(after, states, strict=True):
        np.testing.assert_array_equal(new[1], old[1])
        assert np.abs(new[0] - old[0]).max() > 1e-3


def test_states_that_hang_on_the_number_of_steps_are_known():
    layer = attention.MultiHeadAttention(1, causal=True)
    layer(ops.ones((1, 2, 5)))
    assert [tuple(spec.shape) for spec in StepLayer(layer).state_specs] == [
        (None, 1, None, 5),
        (None, 1, None, 5),
        (None,),
    ]


def built(layer):
    layer.build((None, None, 2))
    return layer


def test_layers_are_sorted():
    every = {"return_sequences": True}
    theirs, ours = layers.GRU(3, **every), built(mitseq.GRU(3, **every))
    assert has_state(theirs) and has_state(ours)
    assert has_state(attention.MultiHeadAttention(1, causal=True))
    assert not has_state(layers.Dense(3))
    assert can_be_packed(ours) and not can_be_packed(theirs)
    silu = built(mitseq.SimpleRNN(3, activation="silu", **every))
    assert not can_be_packed(silu)  # no equations of ours
    assert not set(PER_STEP) & set(MIXES_STEPS)


@pytest.mark.parametrize(
    ("layer", "known"),
    [
        (layers.Dense(3), True),
        (layers.LayerNormalization(), True),
        (layers.LayerNormalization(axis=1), False),
        (layers.Concatenate(axis=2), True),
        (layers.Concatenate(axis=1), False),
        (layers.Lambda(lambda x: x), False),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_layer_acts_on_each_step_or_is_not_known_to(layer, known):
    assert acts_on_each_step(layer) is known


@pytest.mark.parametrize(
    "layer",
    [
        layers.Conv1D(5, 3, padding="causal", name="culprit"),
        layers.Bidirectional(
            layers.LSTM(3, return_sequences=True), name="culprit"
        ),
    ],
    ids=["Conv1D", "Bidirectional"],
)
def test_layer_that_mixes_steps_is_named(layer):
    with pytest.raises(MitseqError, match="'culprit'.*several steps at once"):
        acts_on_each_step(layer)


def test_backward_layer_raises():
    layer = layers.LSTM(3, return_sequences=True, go_backwards=True)
    with pytest.raises(MitseqError, match="go_backwards=True"):
        has_state(layer)


def test_last_output_only_raises():
    with pytest.raises(MitseqError, match="return_sequences=False"):
        has_state(layers.LSTM(3))
