"""When XLA compiles the loops over time, and that models share it."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from mitseq.layers import xla
from mitseq.layers.equations import LSTMEquations
from mitseq.layers.lstm import LSTM
from tests.keras_twins import twin
from tests.layers.arrays import random
from tests.layers.gpu import without_gpu

B, T, D, H = 4, 6, 3, 5
OWN_LOOP = {"return_sequences": True, "use_cudnn": False}  # with a GPU, too


@without_gpu
def test_fit_compiles_the_loops_of_large_layers_by_itself(monkeypatch, caplog):
    """And learns the same, with every length that is known beforehand."""
    x, y = random(B, T, D), random(B, T, H, seed=1)
    losses = []
    for sizes in (range(1, 100), range(0)):
        monkeypatch.setattr(xla, "XLA_UNITS", sizes)
        xla._say_once.cache_clear()
        caplog.clear()
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((T, D)), LSTM(H, **OWN_LOOP)])
        model.compile(optimizer="sgd", loss="mse")
        with caplog.at_level("INFO", logger="mitseq"):
            history = model.fit(x, y, epochs=3, batch_size=3, verbose=0)
        losses.append(history.history["loss"])
        road = "XLA" if sizes else "TensorFlow"
        assert caplog.messages == [
            f"Recurrence of {H} units, float32: training loops by {road}."
        ]
    np.testing.assert_allclose(*losses, rtol=1e-5)
    assert losses[0][2] < losses[0][0]


@without_gpu
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
            LSTM(units, **OWN_LOOP),
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


@without_gpu
def test_in_eager_mode_a_shape_that_comes_again_is_compiled():
    xla._times_seen.cache_clear()
    once, again = tf.zeros((4, 2, 3)), tf.zeros((5, 2, 3))
    asked = [xla.is_fastest(x, 256) for x in (once, again, again, again)]
    assert asked == [False, False, True, True]
    assert not xla.is_fastest(again, 300)  # another layer


@without_gpu
def test_a_few_long_rows_are_compiled_with_the_batch_last():
    few, units = xla.BATCH_LAST_ROWS, xla.BATCH_LAST_UNITS
    asked, chosen = {}, {}

    def specs(length, batch, dtype="float32"):
        return tf.TensorSpec((length, batch, 3), dtype)

    def trace(key, spec, units=units, **settings):
        @tf.function(input_signature=[spec], **settings)
        def ask(x):
            asked[key] = xla.is_batch_last(x, units)
            return asked[key]

        chosen[key] = ask

    for rows in (0, 1, few, few + 1):
        trace(rows, specs(4, rows))
    trace("narrow", specs(4, few), units - 1)
    trace("half", specs(4, few, "float16"))
    trace("any length", specs(None, few))
    trace("any batch", specs(4, None))
    trace("any batch, in XLA", specs(4, None), jit_compile=True)
    for ask in chosen.values():
        ask.get_concrete_function()
    unknown = asked.pop("any batch")
    assert tf.is_tensor(unknown)
    assert [key for key, value in asked.items() if value] == [1, few]
    by_rows = {
        n: bool(chosen["any batch"](tf.zeros((4, n, 3))))
        for n in (0, 1, few, few + 1)
    }
    assert by_rows == {0: False, 1: True, few: True, few + 1: False}


@without_gpu
def test_fit_takes_each_batch_its_own_way_and_learns_the_same(monkeypatch):
    """Two rows are few here: three go by TensorFlow, the last one by XLA."""
    x, y = random(B, T, D), random(B, T, H, seed=1)
    losses = []
    monkeypatch.setattr(xla, "BATCH_LAST_ROWS", 2)
    for units in (1, H + 1):
        monkeypatch.setattr(xla, "BATCH_LAST_UNITS", units)
        xla._program.cache_clear()
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((T, D)), LSTM(H, **OWN_LOOP)])
        model.compile(optimizer="sgd", loss="mse")
        history = model.fit(x, y, epochs=3, batch_size=3, verbose=0)
        losses.append(history.history["loss"])
        compiled = xla._program.cache_info().currsize
        assert compiled == (2 if units == 1 else 0)
    np.testing.assert_allclose(*losses, rtol=1e-5)
    assert losses[0][2] < losses[0][0]


@without_gpu
@pytest.mark.parametrize("training", [True, None])
def test_a_training_loop_by_hand_learns_what_fit_does(monkeypatch, training):
    """Eager, compiled from its second step on; told that it trains or not."""
    monkeypatch.setattr(xla, "XLA_UNITS", range(1, 99))
    xla._times_seen.cache_clear()
    xla._program.cache_clear()
    keras.utils.set_random_seed(2)
    ours = LSTM(H, **OWN_LOOP)
    ours.build((B, T, D))
    theirs = twin(ours)
    x, y = tf.constant(random(B, T, D)), random(B, T, H, seed=1)
    losses = []
    for layer in (ours, theirs):
        optimizer = keras.optimizers.SGD(1.0)
        for _ in range(4):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((layer(x, training=training) - y) ** 2)
            weights = layer.trainable_variables
            optimizer.apply(tape.gradient(loss, weights), weights)
            losses.append(float(loss))
    np.testing.assert_allclose(losses[:4], losses[4:], rtol=1e-5)
    assert losses[3] < losses[0]
    compiled = xla._program.cache_info().currsize
    assert compiled == (3 if training else 2)


@pytest.mark.parametrize("graph", [False, True])
def test_a_compiled_recurrence_has_second_derivatives(monkeypatch, graph):
    x = tf.constant(random(B, T, D))
    layer = LSTM(H, **OWN_LOOP)
    layer.build(x.shape)

    def second(x):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = tf.reduce_sum(layer(x, training=True) ** 2)
            size = tf.reduce_sum(inner.gradient(y, x) ** 2)
        return outer.gradient(size, x)

    results = []
    for sizes in (range(0), range(1, 99)):
        monkeypatch.setattr(xla, "XLA_UNITS", sizes)
        run = tf.function(second) if graph else second
        run(x)
        results.append(run(x))
    np.testing.assert_allclose(*results, rtol=1e-4, atol=1e-6)
    assert abs(results[0]).numpy().max() > 1e-3


def test_both_runners_give_the_same():
    def scaled(by, x, none):
        assert none is None
        return by * x

    x = tf.constant([1.0, 2.0])
    for compiled in (False, True):
        y = xla.runner(compiled)(scaled, 3.0, x, None)
        np.testing.assert_array_equal(y, [3, 6])
