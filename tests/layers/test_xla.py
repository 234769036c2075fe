"""When XLA compiles the loops over time, and that models share it."""

import keras
import numpy as np
import tensorflow as tf

from mitseq.layers import xla
from mitseq.layers.equations import LSTMEquations
from mitseq.layers.lstm import LSTM
from tests.layers.arrays import random

B, T, D, H = 4, 6, 3, 5


def test_fit_compiles_the_loops_of_large_layers_by_itself(monkeypatch, caplog):
    """And learns the same, with every length that is known beforehand."""
    x, y = random(B, T, D), random(B, T, H, seed=1)
    losses = []
    for sizes in (range(1, 100), range(0)):
        monkeypatch.setattr(xla, "XLA_UNITS", sizes)
        xla._say_once.cache_clear()
        caplog.clear()
        keras.utils.set_random_seed(1)
        model = keras.Sequential(
            [keras.Input((T, D)), LSTM(H, return_sequences=True)]
        )
        model.compile(optimizer="sgd", loss="mse")
        with caplog.at_level("INFO", logger="mitseq"):
            history = model.fit(x, y, epochs=3, batch_size=3, verbose=0)
        losses.append(history.history["loss"])
        road = "XLA" if sizes else "TensorFlow"
        assert caplog.messages == [
            f"Recurrence of {H} units, float32: loops by {road}."
        ]
    np.testing.assert_allclose(*losses, rtol=1e-5)
    assert losses[0][2] < losses[0][0]


def test_models_of_one_shape_share_what_xla_compiled(monkeypatch):
    monkeypatch.setattr(xla, "XLA_UNITS", range(1, 9))
    xla._program.cache_clear()
    traced = []
    loop = LSTMEquations.forward

    def watched(*arguments):
        traced.append(1)
        return loop(*arguments)

    monkeypatch.setattr(LSTMEquations, "forward", watched)

    def gradient(units):
        # a graph of its own each time, as every model's `fit` makes one
        layer, x = (
            LSTM(units, return_sequences=True),
            tf.constant(random(B, T, 2)),
        )
        layer.build(x.shape)

        @tf.function
        def step(x):
            with tf.GradientTape() as tape:
                tape.watch(x)
                h_seq = layer(layer(x, training=True)[..., :2], training=True)
            return tape.gradient(h_seq, x)

        return step(x)

    gradient(2)
    first = len(traced)
    assert first > 0
    assert np.isfinite(gradient(2)).all() and len(traced) == first
    gradient(3)
    assert len(traced) > first


def test_only_known_lengths_of_a_graph_of_medium_layers_are_compiled():
    x = tf.zeros((4, 2, 3))
    assert not xla.is_fastest(x, 256)  # eager
    asked = {}

    specs = tf.TensorSpec((None, 2, 3)), tf.TensorSpec((4, 2, 3))

    @tf.function(input_signature=specs)
    def trace(unknown, known):
        asked["unknown"] = xla.is_fastest(unknown, 256)
        asked["small"] = xla.is_fastest(known, 8)
        asked["half"] = xla.is_fastest(tf.cast(known, "float16"), 256)
        asked["medium"] = xla.is_fastest(known, 256)

    trace(x, x)
    has_gpu = bool(tf.config.list_physical_devices("GPU"))
    assert asked.pop("medium") != has_gpu
    assert not any(asked.values())


def test_both_runners_give_the_same():
    def scaled(by, x, none):
        assert none is None
        return by * x

    x = tf.constant([1.0, 2.0])
    for compiled in (False, True):
        y = xla.runner(compiled)(scaled, 3.0, x, None)
        np.testing.assert_array_equal(y, [3, 6])
