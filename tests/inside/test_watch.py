"""A recurrent layer is found, watched step by step, and left as it was."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from mitseq.inside.watch import (
    Watch,
    find_layer,
    masked_step,
    recurrent_layers,
    unchanged,
)
from mitseq.layers.gru import GRU
from mitseq.layers.lstm import LSTM

B, T, D, H = 2, 4, 3, 5


def model_of(*layers):
    return keras.Sequential([keras.Input((T, D)), *layers])


def test_layers_are_found_in_order_by_name_and_inside_of_others():
    both = keras.layers.Bidirectional(LSTM(H, return_sequences=True))
    second = GRU(H, name="second")
    model = model_of(both, second)
    directions = [both.forward_layer, both.backward_layer]
    assert recurrent_layers(model) == [*directions, second]
    assert find_layer(model) is both.forward_layer
    assert find_layer(model, "second") is find_layer(model, second) is second
    with pytest.raises(ValueError, match="`layer` must be a SimpleRNN"):
        find_layer(model_of(keras.layers.Dense(H)))


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("zeros", [False, True])
def test_a_watched_layer_gives_what_it_gives_unwatched(backwards, zeros):
    layer = LSTM(
        H,
        return_sequences=True,
        return_state=True,
        go_backwards=backwards,
        zero_output_for_mask=zeros,
    )
    x = tf.constant(np.random.default_rng(0).normal(size=(B, T, D)), "float32")
    mask = tf.constant([[False, True, True, False], [True] * T])
    expected = layer(x, mask=mask)
    watch = Watch(layer, tf.GradientTape())
    with watch.tape, layer.watched(watch.run):
        received = layer(x, mask=mask)
    for a, b in zip(received, expected, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)
    assert len(watch.probes) == T and len(watch.probes[0]) == 2


def test_a_masked_step_keeps_the_states():
    layer, x_t = GRU(H), tf.ones((B, D))
    before = [tf.ones((B, H))]
    (moved,) = masked_step(layer, x_t, before, None)
    (some,) = masked_step(layer, x_t, before, tf.constant([True, False]))
    np.testing.assert_array_equal(some[0], moved[0])
    np.testing.assert_array_equal(some[1], before[0][1])


def test_a_model_is_unchanged_afterwards_also_by_an_error():
    model = model_of(keras.layers.BatchNormalization())
    mean = model.layers[0].moving_mean
    with pytest.raises(RuntimeError), unchanged(model):
        model(tf.fill((B, T, D), 100.0), training=True)
        assert float(mean[0]) > 0
        raise RuntimeError
    np.testing.assert_array_equal(
        keras.ops.convert_to_numpy(mean.value), np.zeros(D)
    )
