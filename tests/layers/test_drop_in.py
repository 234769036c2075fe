"""A user of Keras changes the import and nothing else: programs run both ways.

Each program is a line of Keras: what is built, from `layers`, which is once
`keras.layers` and once a namespace with our layers of the same names. Weights
are the same to begin with; then the outputs are, and after some epochs of
training the losses, the outputs and the weights.
"""

import inspect
import types

import keras
import numpy as np
import pytest

import mitseq
from mitseq.layers.recurrent import RecurrentLayer
from mitseq.layers.recurrent_cell import RecurrentCell
from tests.keras_twins import packed

B, T, D, H = 4, 5, 3, 2
KINDS = ("SimpleRNN", "LSTM", "GRU")
OURS = types.SimpleNamespace(
    **{
        name: getattr(mitseq, name, value)
        for name, value in vars(keras.layers).items()
        if name != "MultiHeadAttention"  # not a drop-in, and does not say so
    }
)
rng = np.random.default_rng(0)
X = rng.normal(size=(B, T, D)).astype("float32")
PADDED = np.where(
    np.arange(T)[:, None] < np.array([5, 3, 1, 4])[:, None, None], X, 0
)
IDS = rng.integers(1, 6, (B, T)) * (np.arange(T) < [[5], [3], [1], [4]])


def defaults(kind):
    """Every argument that Keras's layer has, at its default value."""
    _, *others = inspect.signature(
        getattr(keras.layers, kind)
    ).parameters.values()
    return {x.name: x.default for x in others if x.name != "kwargs"}


@keras.saving.register_keras_serializable("tests")
def squared(z):
    return z * z


# Of Keras's two biases of a gate both learn, so ours takes half a step.
NO_BIAS = {"use_bias": False}
# what a program is called -> what it makes, and what it is given
PROGRAMS = {
    # every argument at its default value, by name and by position
    "rnn, defaults": lambda L: L.SimpleRNN(H, **defaults("SimpleRNN")),
    "lstm, defaults": lambda L: L.LSTM(H, **defaults("LSTM")),
    "gru, defaults": lambda L: L.GRU(H, **(defaults("GRU") | NO_BIAS)),
    "implementation": lambda L: L.LSTM(H, implementation=1),
    "rnn, by position": lambda L: L.SimpleRNN(H, "relu", False),
    "lstm, by position": lambda L: L.LSTM(H, "softsign", "hard_sigmoid", True),
    "gru, by position": lambda L: L.GRU(H, "elu", "sigmoid", False),
    # activations
    "rnn, linear": lambda L: L.SimpleRNN(H, activation=None),
    "rnn, sigmoid": lambda L: L.SimpleRNN(H, activation="sigmoid"),
    "rnn, one of one's own": lambda L: L.SimpleRNN(H, activation=squared),
    "lstm, relu": lambda L: L.LSTM(H, activation="relu"),
    "lstm, silu": lambda L: L.LSTM(H, activation="silu"),
    "gru, gelu": lambda L: L.GRU(H, activation="gelu", reset_after=False),
    # regularizers, constraints, initializers
    "rnn, l2": lambda L: L.SimpleRNN(
        H,
        kernel_regularizer="l2",
        recurrent_regularizer="l1",
        bias_regularizer=keras.regularizers.L1L2(0.1, 0.2),
    ),
    "lstm, l2": lambda L: L.LSTM(
        H,
        kernel_regularizer=keras.regularizers.L2(0.3),
        recurrent_regularizer="l1",
        bias_regularizer="l2",
    ),
    "gru, activity": lambda L: L.GRU(
        H, activity_regularizer=keras.regularizers.L2(0.5), reset_after=False
    ),
    "rnn, constraints": lambda L: L.SimpleRNN(
        H,
        kernel_constraint=keras.constraints.MaxNorm(0.3),
        recurrent_constraint="unit_norm",
        bias_constraint="non_neg",
    ),
    "lstm, constraints": lambda L: L.LSTM(
        H,
        kernel_constraint=keras.constraints.MaxNorm(0.3),
        recurrent_constraint="unit_norm",
        bias_constraint="non_neg",
    ),
    "gru, constraints": lambda L: L.GRU(
        H,
        kernel_constraint="non_neg",
        recurrent_constraint="max_norm",
        reset_after=False,
    ),
    "lstm, initializers": lambda L: L.LSTM(
        H,
        kernel_initializer="he_normal",
        recurrent_initializer="identity",
        bias_initializer="ones",
        unit_forget_bias=False,
    ),
    # what Keras does with layers
    "stacked": lambda L: [L.SimpleRNN(H, return_sequences=True), L.LSTM(H)],
    "backwards": lambda L: L.LSTM(H, go_backwards=True),
    "unrolled": lambda L: L.GRU(H, unroll=True, reset_after=False),
    "bidirectional": lambda L: L.Bidirectional(
        L.LSTM(H, kernel_regularizer="l2", return_sequences=True)
    ),
    "bidirectional, both given": lambda L: L.Bidirectional(
        L.SimpleRNN(H, "relu"),
        backward_layer=L.SimpleRNN(H, go_backwards=True),
        merge_mode="sum",
    ),
    "time distributed": lambda L: [
        L.SimpleRNN(H, return_sequences=True),
        L.TimeDistributed(L.Dense(2, activation="softmax")),
    ],
    "cells": lambda L: L.RNN([L.LSTMCell(H, "relu"), L.SimpleRNNCell(H)]),
    "cell, constraint": lambda L: L.RNN(
        L.GRUCell(H, kernel_constraint="non_neg", use_bias=False),
        return_sequences=True,
    ),
    "dropout": lambda L: L.LSTM(H, dropout=0.5, seed=3),
    "both dropouts": lambda L: L.SimpleRNN(
        H, dropout=0.25, recurrent_dropout=0.5, seed=3
    ),
    "masked": lambda L: [L.Masking(), L.GRU(H, use_bias=False)],
    # with a GPU, Keras's kernel would put zeros where the mask is
    "embedded": lambda L: [
        L.Embedding(6, D, mask_zero=True),
        L.LSTM(H, return_sequences=True, use_cudnn=False),
    ],
    "zeros where masked": lambda L: [
        L.Masking(),
        L.LSTM(H, return_sequences=True, zero_output_for_mask=True),
    ],
    "stateful": lambda L: L.LSTM(H, stateful=True, use_cudnn=False),
}


def test_there_are_thirty_programs():
    assert len(PROGRAMS) >= 30


def recurrent(model):
    """The parts of a model that hold recurrent weights, in its order."""
    kinds = (RecurrentLayer, RecurrentCell)
    kinds += tuple(getattr(keras.layers, kind) for kind in KINDS)
    kinds += tuple(getattr(keras.layers, f"{kind}Cell") for kind in KINDS)
    found = [x for x in model._flatten_layers() if isinstance(x, kinds)]
    cells = {id(x.cell) for x in found if hasattr(x, "cell")}
    return [x for x in found if id(x) not in cells]


def in_keras_s_order(model):
    """The weights of a model as Keras packs them."""
    inside = {id(w): layer for layer in recurrent(model) for w in layer.weights}
    values, done = [], set()
    for weight in model.weights:
        layer = inside.get(id(weight))
        if not isinstance(layer, (RecurrentLayer, RecurrentCell)):
            values.append(keras.ops.convert_to_numpy(weight.value))
        elif id(layer) not in done:
            done.add(id(layer))
            named = {
                w.name: keras.ops.convert_to_numpy(w.value)
                for w in layer.weights
            }
            values += packed(layer, named)
    return values


def program(layers, make, x):
    """Builds and compiles: the model of a program, with its own layers."""
    made = make(layers)
    made = made if isinstance(made, list) else [made]
    batch_size = B if any(getattr(x, "stateful", False) for x in made) else None
    model = keras.Sequential(
        [keras.Input(x.shape[1:], batch_size, dtype=x.dtype), *made]
    )
    model.compile(keras.optimizers.SGD(0.05), "mse", run_eagerly=True)
    return model


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_does_the_same_with_our_layers(name):
    keras.utils.set_random_seed(7)
    make = PROGRAMS[name]
    x = IDS if name == "embedded" else PADDED if "mask" in name else X
    ours, keras_s = program(OURS, make, x), program(keras.layers, make, x)
    count = len(recurrent(ours))
    assert count == len(recurrent(keras_s)) > 0
    assert all(type(x).__module__[:6] == "mitseq" for x in recurrent(ours))
    keras_s.set_weights(in_keras_s_order(ours))

    def both(run):
        np.testing.assert_allclose(
            *map(run, (ours, keras_s)), atol=2e-6, rtol=1e-5
        )

    both(lambda model: model.predict_on_batch(x))
    y = np.random.default_rng(1).normal(size=ours.output_shape[1:])
    y = np.broadcast_to(y, (B, *y.shape)) * np.arange(B).reshape(
        B, *[1] * y.ndim
    )
    if name == "stateful":
        for model in (ours, keras_s):
            model.layers[-1].reset_state()
    losses = [
        [m.train_on_batch(x, y) for _ in range(3)] for m in (ours, keras_s)
    ]
    assert losses[0][-1] != losses[0][0]  # it learns
    np.testing.assert_allclose(*losses, rtol=1e-5)
    both(lambda model: model.predict_on_batch(x))
    pairs = zip(in_keras_s_order(ours), keras_s.get_weights(), strict=True)
    for one, other in pairs:
        np.testing.assert_allclose(one, other, atol=2e-6)
    # what Keras's layers say of themselves makes one of ours, and back
    for mine, other in zip(recurrent(ours), recurrent(keras_s), strict=True):
        config = other.get_config()
        again = type(mine).from_config(config).get_config()
        assert {key: again[key] for key in config} == config
        type(other).from_config(mine.get_config())
