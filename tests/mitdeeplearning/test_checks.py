"""Right code passes; each usual mistake is told what came, in words."""

import random

import keras
import numpy as np
import pytest

from mitseq.mitdeeplearning import checks

DATA = np.arange(50)
ARGUMENTS = (DATA, 5, 3)


def batch(data, seq_length, batch_size, shift=1):
    rows = [data[3 * b + 2 :][: seq_length + 1] for b in range(batch_size)]
    x = np.stack([row[:-1] for row in rows])
    return x, x + shift


def swapped(*args):
    x, y = batch(*args)
    return x.T, y.T


@pytest.mark.parametrize("name", ["types", "shapes", "next_step"])
def test_a_right_batch_passes(name, capsys):
    check = getattr(checks, f"test_batch_func_{name}")
    assert check(batch, ARGUMENTS) is True
    assert capsys.readouterr().out == f"[PASS] test_batch_func_{name}\n"


@pytest.mark.parametrize(
    ("name", "func", "message"),
    [
        ("types", lambda *a: batch(*a)[0], r"two things.*one, a ndarray"),
        ("types", lambda *a: (*batch(*a), 1), r"two things.*: 3, a tuple"),
        ("types", lambda *a: None, r"two things.*one, a NoneType"),
        ("types", lambda *a: (batch(*a)[0], [1]), r"targets.*NumPy.*a list"),
        ("types", lambda *a: (batch(*a)[0].tolist(), 1), r"inputs.*a list"),
        (
            "types",
            lambda *a: tuple(map(keras.ops.array, batch(*a))),
            r"inputs must be a NumPy array.*a EagerTensor",
        ),
        (
            "shapes",
            swapped,
            r"\(3, 5\)\. Received: \(5, 3\)\. Batch and time are swapped",
        ),
        (
            "shapes",
            lambda *a: (batch(*a)[0], batch(*a)[1][:, 1:]),
            r"targets.*\(3, 5\)\. Received: \(3, 4\)\.$",
        ),
        (
            "next_step",
            lambda *a: batch(*a, shift=0),
            r"row 0, the inputs \[2 3 4 5 6\] and the targets \[2 3 4 5 6\]"
            r".*not shifted",
        ),
        ("next_step", lambda *a: batch(*a, shift=-1), r"the other way"),
        ("next_step", lambda *a: batch(*a, shift=2), r"input of the next\. "),
        ("next_step", swapped, r"Batch and time are swapped"),
    ],
)
def test_a_wrong_batch_fails_and_what_came_is_said(name, func, message, capsys):
    name = f"test_batch_func_{name}"
    with pytest.raises(AssertionError, match=rf"\[FAIL\] {name}: .*{message}"):
        getattr(checks, name)(func, ARGUMENTS)
    assert capsys.readouterr().out == ""


def test_the_row_that_is_wrong_is_shown():
    def second_row_wrong(*args):
        x, y = batch(*args)
        y[1, 2] = 40
        return x, y

    with pytest.raises(AssertionError, match=r"in row 1, .*\[ 6  7 40  9 10\]"):
        checks.test_batch_func_next_step(second_row_wrong, ARGUMENTS)


# The dense layer


@pytest.fixture(scope="module")
def layer():
    """Weights as the notebook's layer gets them: W first, then the bias."""

    class Layer(keras.layers.Layer):
        def build(self, input_shape):
            self.W = self.add_weight(name="W", shape=(2, 3))
            self.b = self.add_weight(name="b", shape=(1, 3))

    state = random.getstate(), np.random.get_state()
    keras.utils.set_random_seed(1)
    layer = Layer()
    layer.build((1, 2))
    random.setstate(state[0])
    np.random.set_state(state[1])
    return layer


def outputs(layer, x=(1.0, 2.0)):
    z = keras.ops.matmul(keras.ops.array([x]), layer.W)
    return z, z + layer.b


def test_the_notebooks_layer_passes_and_no_seed_is_touched(layer, capsys):
    y = keras.ops.sigmoid(outputs(layer)[1])
    before = random.getstate()
    assert checks.test_custom_dense_layer_output(y) is True
    assert random.getstate() == before
    assert capsys.readouterr().out == "[PASS] test_custom_dense_layer_output\n"


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (lambda z, zb: zb, "The sigmoid is missing"),
        (lambda z, zb: keras.ops.sigmoid(z), "The bias is missing"),
        (lambda z, zb: keras.ops.tanh(zb), "a tanh, expected a sigmoid"),
        (lambda z, zb: keras.ops.relu(zb), r"set_random_seed\(1\)"),
        (lambda z, zb: keras.ops.sigmoid(zb)[0], r"Received: \(3,\)"),
    ],
)
def test_a_wrong_layer_fails_with_its_hint(layer, wrong, hint):
    with pytest.raises(AssertionError, match=rf"(?s)\[FAIL\] test_.*{hint}"):
        checks.test_custom_dense_layer_output(wrong(*outputs(layer)))
