"""Dropout: the numbers of Keras, by an algorithm that XLA makes fast."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from mitseq.layers.dropout import Dropout, drop_out
from mitseq.layers.multi_head import MultiHeadAttention
from mitseq.layers.transformer import TransformerBlock
from mitseq.tasks.music.model import build_music_model
from mitseq.text.vocabulary import Vocabulary
from tests.layers.arrays import random

PHILOX, LEFT_TO_TENSORFLOW = 1, 3  # as its operations number them
B, T, D = 2, 6, 8


@pytest.mark.parametrize("noise_shape", [None, (None, 1, D), (B, T, 1)])
def test_drops_what_keras_drops(noise_shape):
    x = random(B, T, D)
    arguments = {"noise_shape": noise_shape, "seed": 3}
    ours = Dropout(0.4, **arguments)
    theirs = keras.layers.Dropout(0.4, **arguments)
    for _ in range(2):  # the second draw differs from the first
        y = ops.convert_to_numpy(ours(x, training=True))
        np.testing.assert_array_equal(y, theirs(x, training=True))
        assert 0 < (y == 0).mean() < 1
    np.testing.assert_array_equal(ours(x), x)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_the_share_is_dropped_and_the_mean_stays(jit_compile):
    layer = Dropout(0.25, seed=1)
    drop = tf.function(
        lambda x: layer(x, training=True), jit_compile=jit_compile
    )
    y = drop(tf.ones((100, 400))).numpy()
    # 40,000 draws: the share's standard deviation is 0.002
    assert abs((y == 0).mean() - 0.25) < 0.01
    np.testing.assert_allclose(y[y != 0], 1 / 0.75, rtol=1e-6)
    assert (drop(tf.ones((100, 400))).numpy() != y).mean() > 0.3


def test_nothing_and_everything_can_be_dropped():
    x, seed = random(3, 4), keras.random.SeedGenerator(0)
    np.testing.assert_array_equal(drop_out(x, 0.0, seed), x)
    np.testing.assert_array_equal(drop_out(x, 1.0, seed), np.zeros((3, 4)))


def test_a_model_with_it_is_saved_and_drops_in_training(tmp_path):
    inputs = keras.Input((D,))
    model = keras.Model(inputs, Dropout(0.5, (None, 1), seed=2)(inputs))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    (layer,) = loaded.layers[1:]
    assert type(layer) is Dropout
    found, config = layer.get_config(), model.layers[1].get_config()
    assert tuple(found.pop("noise_shape")) == config.pop("noise_shape")
    assert found == config  # Keras 3.12 makes the tuple a list
    x = np.ones((50, D), "float32")
    y = ops.convert_to_numpy(loaded(x, training=True))
    assert {*y.sum(axis=1)} == {0.0, 2.0 * D}  # whole rows


def algorithms(call, *arguments):
    """How the random numbers of a graph are made, an int for each drawing."""
    graph = tf.function(call).get_concrete_function(*arguments).graph
    functions = graph.as_graph_def().library.function
    nodes = {n.name: n for f in functions for n in f.node_def}
    nodes |= {n.name: n for n in graph.as_graph_def().node}
    return [
        int(tf.make_ndarray(nodes[_named(node.input[3])].attr["value"].tensor))
        for node in nodes.values()
        if node.op.startswith("StatelessRandomUniform")
    ]


def _named(edge):
    return edge.split(":")[0]


def test_keras_leaves_the_algorithm_to_tensorflow():
    """Else this file were not needed."""
    layer = keras.layers.Dropout(0.5)
    layer.build((2, 3))
    found = algorithms(lambda x: layer(x, training=True), tf.ones((2, 3)))
    assert found == [LEFT_TO_TENSORFLOW]


@pytest.mark.parametrize("cell", ["lstm", "transformer"])
def test_no_dropout_of_the_music_model_leaves_it_to_tensorflow(cell):
    vocabulary = Vocabulary("AB|", level="character")
    model = build_music_model(
        vocabulary, cell=cell, units=8, layers=2, heads=2, dropout=0.2
    )
    ids = tf.ones((1, 5), tf.int32)
    found = algorithms(lambda x: model(x, training=True), ids)
    assert len(found) >= 3
    assert {*found} == {PHILOX}


@pytest.mark.parametrize("chunk", [None, 2])
def test_no_attention_leaves_it_to_tensorflow(chunk):
    layers = [
        MultiHeadAttention(2, dropout=0.5, chunk=chunk),
        TransformerBlock(2, 8, dropout=0.5, chunk=chunk),
    ]
    x = tf.ones((B, T, D))
    for layer in layers:
        layer(x)
        found = algorithms(lambda x, f=layer: f(x, training=True), x)
        assert found and {*found} == {PHILOX}, layer.name
