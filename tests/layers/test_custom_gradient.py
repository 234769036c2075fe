"""A gradient by hand: as TensorFlow's own, but its graph can be forgotten."""

import pytest
import tensorflow as tf

from mitseq.layers.custom_gradient import custom_gradient
from tests.fresh_process import run_fresh


def product_and_sum(a, b):
    """Two outputs, and gradients that automatic differentiation has not."""

    def gradient(d_product, d_sum):
        return d_product * b + 10 * d_sum, d_product * a + 100 * d_sum

    return (a * b, a + b), gradient


def by_tape(decorate, a, b):
    function = decorate(product_and_sum)
    with tf.GradientTape() as tape:
        tape.watch((a, b))
        product, total = function(a * 1, b)
        loss = product * product + total
    return loss, *tape.gradient(loss, (a, b))


def by_graph(decorate, a, b):
    product, total = decorate(product_and_sum)(a * 1, b)
    loss = product * product + total
    return loss, *tf.gradients(loss, (a, b))


@pytest.mark.parametrize("where", ["eager", "tape in a graph", "a graph's own"])
def test_it_is_the_gradient_that_was_written(where):
    a, b = tf.constant(2.0), tf.constant(3.0)
    way = by_graph if where == "a graph's own" else by_tape
    if where != "eager":
        way = tf.function(way)
    # d(ab)^2/da = 2ab b, and what is written for the sum
    assert [float(x) for x in way(custom_gradient, a, b)] == [41, 46, 124]
    for ours, theirs in zip(
        way(custom_gradient, a, b), way(tf.custom_gradient, a, b), strict=True
    ):
        assert float(ours) == float(theirs)


def test_an_argument_may_have_no_gradient():
    @custom_gradient
    def scaled(x, by):
        return x * by, lambda dy: (dy * by, None)

    @tf.function
    def gradients(x, by):
        with tf.GradientTape() as tape:
            tape.watch((x, by))
            y = scaled(x, by)
        return tape.gradient(y, (x, by), unconnected_gradients="zero")

    dx, dby = gradients(tf.constant(2.0), tf.constant(3.0))
    assert float(dx) == 3 and float(dby) == 0


@pytest.mark.parametrize("graph", [False, True])
def test_second_derivatives(graph):
    @custom_gradient
    def cube(x):
        return x**3, lambda dy: dy * 3 * x**2

    def second(x):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = cube(x)
            dx = inner.gradient(y, x)
        return outer.gradient(dx, x)

    second = tf.function(second) if graph else second
    assert float(second(tf.constant(2.0))) == 12


LEFT_GRAPHS = """
import gc

import keras
import numpy as np
import tensorflow as tf

import mitseq

LAYERS = {
    "SimpleRNN": lambda: mitseq.SimpleRNN(4, return_sequences=True),
    "LSTM": lambda: mitseq.LSTM(4, return_sequences=True),
    "GRU": lambda: mitseq.GRU(4, return_sequences=True),
    "attention": lambda: mitseq.MultiHeadAttention(2, chunk=4, causal=True),
}
ids = np.arange(24).reshape(2, 12) % 5


def graphs_alive():
    gc.collect()
    return sum(issubclass(type(one), tf.Graph) for one in gc.get_objects())


def train(layer):
    inputs = keras.Input((12,), dtype="int32")
    x = layer()(keras.layers.Embedding(5, 4)(inputs))
    model = keras.Model(inputs, keras.layers.Dense(5)(x))
    model.compile("sgd", "mse")
    model.fit(ids, np.ones((2, 12, 5)), verbose=0)


for name, layer in LAYERS.items():
    train(layer)  # what TensorFlow makes once
    before = graphs_alive()
    train(layer)
    print(name, graphs_alive() - before)
"""


def test_a_model_that_was_trained_leaves_no_graph():
    """In a process of its own: here other tests' tapes and graphs may live."""
    done = run_fresh(LEFT_GRAPHS)
    left = dict(line.split() for line in done.stdout.splitlines())
    assert left == dict.fromkeys(
        ("SimpleRNN", "LSTM", "GRU", "attention"), "0"
    ), done.stderr
