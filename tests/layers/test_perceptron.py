"""The perceptron and the feed-forward network, against their equations."""

import keras
import numpy as np
from keras import ops

from mitseq.layers.perceptron import feed_forward, perceptron
from mitseq.layers.rnn import SimpleRNN

RNG = np.random.default_rng(0)


def normal(*shape):
    return RNG.normal(size=shape).astype("float32")


def test_perceptron_equals_the_slides_sum():
    x, w = normal(5, 3), normal(3)
    expected = [
        1
        / (
            1
            + np.exp(
                -(sum(x_d * w_d for x_d, w_d in zip(row, w, strict=True)) + 0.5)
            )
        )
        for row in x
    ]
    np.testing.assert_allclose(perceptron(x, w, 0.5), expected, atol=1e-6)


def test_a_perceptron_is_a_line_between_two_answers():
    """On the line w x + b = 0 it is undecided, on its sides it is not."""
    w, b = np.array([1.0, -2.0]), 0.5
    on_line = np.array([[1.5, 1.0], [-0.5, 0.0]])
    np.testing.assert_allclose(perceptron(on_line, w, b), 0.5)
    assert float(perceptron(on_line[0] + w, w, b)) > 0.9
    assert float(perceptron(on_line[0] - w, w, b)) < 0.1


def test_feed_forward_equals_two_dense_layers_of_keras():
    x = normal(4, 3)
    hidden, out = keras.layers.Dense(6, "tanh"), keras.layers.Dense(2)
    expected = out(hidden(x))
    layers = [(hidden.kernel, normal(6)), (out.kernel, normal(2))]
    hidden.bias.assign(layers[0][1])
    out.bias.assign(layers[1][1])
    expected = out(hidden(x))
    np.testing.assert_allclose(feed_forward(x, layers), expected, atol=1e-5)


def test_individual_steps_have_no_memory_and_a_recurrence_has():
    """Two pasts, one present: only the recurrent output tells them apart."""
    x = normal(1, 6, 3)
    other = np.concatenate([normal(1, 5, 3), x[:, 5:]], axis=1)
    layers = [(normal(3, 8), normal(8)), (normal(8, 2), normal(2))]
    alone = [feed_forward(each, layers)[:, -1] for each in (x, other)]
    np.testing.assert_array_equal(*map(ops.convert_to_numpy, alone))
    rnn = SimpleRNN(8)
    assert np.abs(ops.convert_to_numpy(rnn(x) - rnn(other))).max() > 0.1


def test_one_step_of_a_sequence_is_the_network_on_that_step():
    x = normal(2, 5, 3)
    layers = [(normal(3, 4), normal(4)), (normal(4, 2), normal(2))]
    whole = ops.convert_to_numpy(feed_forward(x, layers))
    for t in range(5):
        np.testing.assert_allclose(
            whole[:, t], feed_forward(x[:, t], layers), atol=1e-6
        )
