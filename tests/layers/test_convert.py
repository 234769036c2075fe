"""from_keras and to_keras: the same outputs, in whole models too."""

import keras
import numpy as np
import pytest

import mitseq
from mitseq.errors import MitseqError
from mitseq.layers.convert import from_keras, to_keras
from mitseq.text.vocabulary import Vocabulary

B, T, D, H = 3, 5, 4, 4
X = np.random.default_rng(0).normal(size=(B, T, D)).astype("float32")
IDS = np.array([[1, 2, 3, 0, 0], [4, 5, 0, 0, 0], [1, 1, 2, 3, 5]])
L = keras.layers
RANDOM = {"bias_initializer": keras.initializers.RandomNormal(0.5)}


def kinds_of(layer):
    """The modules of all layers inside, at any depth."""
    found = {type(each).__module__ for each in layer._flatten_layers()}
    return {name.split(".")[0] for name in found}


def same(one, other, x=X):
    """Equal to 1e-6, whatever is returned."""
    outputs = (keras.tree.flatten(each(x)) for each in (one, other))
    for a, b in zip(*outputs, strict=True):
        assert np.abs(np.asarray(a)).max() > 1e-3
        np.testing.assert_allclose(a, b, atol=1e-6)


# Layers

LAYERS = {
    "rnn": lambda L: L.SimpleRNN(H, "relu", **RANDOM),
    "rnn, no bias": lambda L: L.SimpleRNN(H, use_bias=False),
    "lstm": lambda L: L.LSTM(H, return_state=True, **RANDOM),
    "lstm, others": lambda L: L.LSTM(H, "elu", "hard_sigmoid", **RANDOM),
    "gru": lambda L: L.GRU(H, return_sequences=True, **RANDOM),
    "gru, before": lambda L: L.GRU(H, reset_after=False, **RANDOM),
    "gru, no bias": lambda L: L.GRU(H, use_bias=False),
    "backwards": lambda L: L.LSTM(H, go_backwards=True, **RANDOM),
    "bidirectional": lambda L: keras.layers.Bidirectional(
        L.GRU(H, **RANDOM), merge_mode="mul"
    ),
    "cells": lambda L: keras.layers.RNN(
        [L.LSTMCell(H, **RANDOM), L.GRUCell(H, **RANDOM), L.SimpleRNNCell(2)]
    ),
    "half": lambda L: L.LSTM(H, dtype="float64", **RANDOM),
}


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_of_keras_and_ours_say_the_same(name):
    for layers, convert, back in (
        (keras.layers, from_keras, to_keras),
        (mitseq, to_keras, from_keras),
    ):
        layer = LAYERS[name](layers)
        layer(X)
        converted = convert(layer)
        assert ("mitseq" in kinds_of(converted)) == (layers is keras.layers)
        same(layer, converted)
        same(layer, back(converted))
        assert converted.name == layer.name


def test_a_layer_without_weights_yet_keeps_its_arguments():
    converted = from_keras(L.LSTM(7, dropout=0.5, kernel_regularizer="l2"))
    assert isinstance(converted, mitseq.LSTM) and not converted.built
    config = to_keras(converted).get_config()
    assert (config["units"], config["dropout"]) == (7, 0.5)
    assert config["kernel_regularizer"]["class_name"] == "L2"


@pytest.mark.parametrize("causal", [False, True])
def test_attention_in_a_model_is_the_same(causal):
    inputs = keras.Input((None, D))
    x = L.MultiHeadAttention(2, 3, use_bias=False)(
        inputs, inputs, use_causal_mask=causal
    )
    x = L.MultiHeadAttention(2, 2, use_bias=False)(inputs, x)
    theirs = keras.Model(inputs, x)
    ours = from_keras(theirs)
    assert [x.causal for x in ours.layers[1:]] == [causal, False]
    same(theirs, ours)
    same(theirs, to_keras(ours))


def test_our_attention_in_a_model_is_the_same_with_a_mask():
    ids = keras.Input((None,), dtype="int32")
    x = L.Embedding(6, D, mask_zero=True)(ids)
    x = mitseq.MultiHeadAttention(2, causal=True)(x)
    x = mitseq.MultiHeadAttention(2)(x, value=x)
    ours = keras.Model(ids, L.GlobalAveragePooling1D()(x))
    same(ours, to_keras(ours), IDS)


def test_a_layer_of_attention_alone():
    ours = mitseq.MultiHeadAttention(2)
    y = ours(X)
    theirs = to_keras(ours)
    np.testing.assert_allclose(theirs(X, X), y, atol=1e-6)
    np.testing.assert_allclose(from_keras(theirs)(X), y, atol=1e-6)


# Models


def deep(layers):
    """Nested, shared, wrapped, masked: trained for two steps."""
    keras.utils.set_random_seed(1)
    inside = keras.Input((None, D))
    h = layers.LSTM(H, return_sequences=True, **RANDOM)(inside)
    h = L.TimeDistributed(L.Dense(D, activation="relu"))(h)
    nested = keras.Model(inside, h, name="nested")
    ids = keras.Input((T,), dtype="int32")
    x = L.Embedding(6, D)(ids)
    x = L.Add()([nested(x), nested(x)])
    shared = layers.SimpleRNN(D, return_sequences=True)
    y = L.Bidirectional(layers.GRU(H))(shared(shared(L.Masking()(x))))
    x = L.TimeDistributed(L.BatchNormalization())(x)
    x = L.Reshape((T, 2, 2))(x)
    x = L.TimeDistributed(layers.LSTM(3, return_sequences=True))(x)
    x = L.TimeDistributed(
        keras.Sequential([keras.Input((2, 3)), layers.GRU(2, **RANDOM)])
    )(x)
    x = L.Concatenate()([L.Flatten()(x), y])
    model = keras.Model(ids, L.Dense(2)(x))
    model.compile("adam", "mse", run_eagerly=True)
    for _ in range(2):
        model.train_on_batch(IDS, np.ones((B, 2)))
    return model


def test_whole_models_there_and_back(tmp_path):
    ours = deep(mitseq)
    theirs = to_keras(ours)
    assert kinds_of(theirs) == {"keras"}
    same(ours, theirs, IDS)
    again = from_keras(theirs)
    assert kinds_of(again) == {"keras", "mitseq"}
    same(ours, again, IDS)
    assert again.compiled and again.count_params() == ours.count_params()
    again.train_on_batch(IDS, np.ones((B, 2)))  # it goes on
    assert np.abs(np.asarray(again(IDS)) - ours(IDS)).max() > 1e-4
    theirs.save(tmp_path / "theirs.keras")
    same(ours, keras.saving.load_model(tmp_path / "theirs.keras"), IDS)


def test_layers_with_files_and_classes_of_ones_own_come_along():
    class Double(keras.layers.Layer):  # registered nowhere
        def call(self, x):
            return 2 * x

    lookup = L.StringLookup()
    lookup.adapt(np.array(["b", "a", "b"]))
    normalize = L.Normalization()
    normalize.adapt(X)
    words = keras.Input((None,), dtype="string")
    x = L.Embedding(lookup.vocabulary_size(), D)(lookup(words))
    x = L.Lambda(lambda x: x + 1)(Double()(normalize(x)))
    model = keras.Model(words, mitseq.LSTM(H)(x))
    text = keras.ops.convert_to_tensor([["a", "b", "?"]])
    same(model, to_keras(model), text)


def test_the_character_model_of_music_is_keras_alone():
    vocabulary = Vocabulary("ABCD|", level="character")
    model = mitseq.build_music_model(vocabulary, units=4, layers=1)
    converted = to_keras(model)
    assert kinds_of(converted) == {"keras"}
    same(model, converted, IDS)


# What cannot be


def in_a_model(layer):
    inputs = keras.Input((None, D))
    return keras.Model(inputs, layer(inputs))


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.lstm = L.LSTM(2)

    def call(self, x):
        return self.lstm(x)


@pytest.mark.parametrize(
    ("convert", "make", "reason"),
    [
        (from_keras, lambda: L.Dense(2, name="d"), "'d'.*no counterpart"),
        (from_keras, lambda: L.MultiHeadAttention(2, 2), "use_bias=True"),
        (
            from_keras,
            lambda: L.MultiHeadAttention(2, 2, use_bias=False, value_dim=3),
            "value_dim is not key_dim",
        ),
        (from_keras, Subclassed, "functional or Sequential.*Subclassed"),
        (from_keras, lambda: "LSTM", "a Keras layer or model.*'LSTM'"),
        (
            to_keras,
            lambda: in_a_model(mitseq.TransformerBlock(2, 8, name="t")),
            "'t', a mitseq TransformerBlock, cannot .* no counterpart",
        ),
        (
            to_keras,
            lambda: in_a_model(mitseq.MultiHeadAttention(2, position="rotary")),
            "position='rotary'",
        ),
        (
            to_keras,
            lambda: mitseq.MultiHeadAttention(2, 2, causal=True),
            "told at each call",
        ),
        (to_keras, lambda: mitseq.MultiHeadAttention(2), "not built"),
        (
            to_keras,
            lambda: keras.Sequential(
                [keras.Input((None, D)), mitseq.MultiHeadAttention(2)]
            ),
            "a query and a value",
        ),
    ],
)
def test_what_has_no_counterpart_is_named_in_one_line(convert, make, reason):
    with pytest.raises(MitseqError, match=reason) as caught:
        convert(make())
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "make",
    [
        lambda: mitseq.TransformerBlock(2, 8),
        lambda: mitseq.MultiHeadAttention(2, position="rotary"),
    ],
)
def test_others_can_stay(make):
    model = in_a_model(make())
    converted = to_keras(model, keep_others=True)
    assert "mitseq" in kinds_of(converted)
    same(model, converted)
