import keras
import numpy as np
import pytest
import tensorflow as tf

import mitseq
from mitseq.generation.generate import generate
from mitseq.generation.packing import MOST_ROWS
from mitseq.generation.step_model import StepModel
from mitseq.tasks.music.model import build_music_model
from mitseq.text.vocabulary import START, Vocabulary

layers = keras.layers
V = 11


def random_ids(B=3, T=7):
    return np.random.default_rng(0).integers(1, V, (B, T), "int32")


def shapes_of(model):
    return [tuple(w.shape) for w in StepModel(model).pack()]


def check_same_by_two_roads(model, ids=None, atol=1e-5):
    for weight in model.trainable_weights:  # biases of zero would hide errors
        weight.assign_add(keras.random.normal(weight.shape, stddev=0.1, seed=1))
    ids = random_ids() if ids is None else ids
    whole = np.asarray(model(ids, training=False))
    step_model = StepModel(model)
    states, packed = step_model.initial_states(len(ids)), step_model.pack()
    for t in range(ids.shape[1]):
        logits, states = step_model(ids[:, t], states, packed)
        np.testing.assert_allclose(logits, whole[:, t], atol=atol)


RECURRENT = {
    "rnn": lambda: mitseq.SimpleRNN(6, return_sequences=True),
    "relu": lambda: mitseq.SimpleRNN(
        6, activation="relu", return_sequences=True
    ),
    "lstm": lambda: mitseq.LSTM(6, return_sequences=True),
    "gru": lambda: mitseq.GRU(6, return_sequences=True),
    "gru_before": lambda: mitseq.GRU(
        6, reset_after=False, return_sequences=True
    ),
    "no_bias": lambda: mitseq.LSTM(6, use_bias=False, return_sequences=True),
    "gru_no_bias": lambda: mitseq.GRU(6, use_bias=False, return_sequences=True),
}


@pytest.mark.parametrize("name", RECURRENT)
def test_packed_steps_equal_the_whole_sequence(name):
    ids = keras.Input((None,), dtype="int32")
    x = layers.Embedding(V, 5)(ids)
    x = layers.Dropout(0.3)(RECURRENT[name]()(x))
    x = RECURRENT[name]()(x)
    check_same_by_two_roads(keras.Model(ids, layers.Dense(V)(x)))


def test_embedding_is_folded_and_the_second_layer_is_one_product():
    ids = keras.Input((None,), dtype="int32")
    x = layers.Dropout(0.2)(layers.Embedding(V, 5)(ids))
    x = mitseq.LSTM(6, return_sequences=True)(x)
    x = mitseq.LSTM(4, return_sequences=True)(x)
    model = keras.Model(ids, layers.Dense(V)(x))
    # (V, 4H) gates, (H, 4H) past; the bias, (H + H', 4H') below and past
    assert shapes_of(model) == [(V, 24), (6, 24), (16,), (10, 16)]


def test_concatenated_embeddings_are_folded_each():
    ids = keras.Input((None,), dtype="int32")
    x = [layers.Embedding(V, 5)(ids), layers.Embedding(V, 3)(ids)]
    x = layers.Concatenate()([x[0], layers.Concatenate()([x[1], x[0]])])
    x = mitseq.GRU(6, return_sequences=True)(x)
    model = keras.Model(ids, layers.Dense(V)(x))
    assert shapes_of(model)[:3] == [(V, 18)] * 3
    check_same_by_two_roads(model)


@pytest.mark.parametrize("cell", ["LSTM", "GRU"])
def test_folded_beside_features_that_are_not(cell):
    ids = keras.Input((None,), dtype="int32")
    x = layers.Embedding(V, 5)(ids)
    dense = layers.Dense(4, activation="tanh")(x)
    x = layers.Concatenate()([dense, x, dense])
    x = getattr(mitseq, cell)(6, return_sequences=True)(x)
    check_same_by_two_roads(keras.Model(ids, layers.Dense(V)(x)))


def test_embedding_with_a_second_use_is_still_there_for_it():
    ids = keras.Input((None,), dtype="int32")
    x = layers.Embedding(V, 6)(ids)
    y = mitseq.LSTM(6, return_sequences=True)(x)
    x = layers.Add()([x, y])
    check_same_by_two_roads(keras.Model(ids, layers.Dense(V)(x)))


def test_large_table_and_masked_embedding_are_not_folded():
    for embedding in (
        layers.Embedding(MOST_ROWS + 1, 5),
        layers.Embedding(V, 5, mask_zero=True),
    ):
        ids = keras.Input((None,), dtype="int32")
        x = mitseq.LSTM(6, return_sequences=True)(embedding(ids))
        model = keras.Model(ids, layers.Dense(V)(x))
        assert shapes_of(model) == [(24,), (11, 24)]
        check_same_by_two_roads(model)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_music_model_with_the_bar_position(cell):
    vocabulary = Vocabulary(
        ["M:6/8\n", "L:1/8\n", "K:D\n", "A", "B2", "d", "|", "\n"],
        level="token",
    )
    model = build_music_model(vocabulary, cell=cell, units=8, layers=2)
    tune = "M:6/8\nL:1/8\nK:D\nAB2dB2|AB2AB2|B2AdB2|\n"
    vocabulary = model.get_layer("embedding").vocabulary  # knows the pieces
    ids = np.array([[START, *vocabulary.encode(tune)]] * 2, "int32")
    check_same_by_two_roads(model, ids)


def test_fit_between_two_calls_is_seen_by_the_second():
    keras.utils.set_random_seed(0)
    ids = keras.Input((None,), dtype="int32")
    x = layers.Embedding(6, 8)(ids)
    x = mitseq.LSTM(16, return_sequences=True)(x)
    x = mitseq.GRU(16, return_sequences=True)(x)
    model = keras.Model(ids, layers.Dense(6)(x))
    generate(model, [[1]], max_length=5, temperature=0)
    model.compile(
        keras.optimizers.Adam(0.03),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    x = np.tile([[1, 2, 3, 4, 5, 0]], (16, 2)).astype("int32")
    model.fit(x[:, :-1], x[:, 1:], epochs=40, verbose=0)
    out, _ = generate(model, [[1]], max_length=6, temperature=0)
    assert out.tolist() == [[1, 2, 3, 4, 5, 0]]


def count_products(model):
    """How many matrix products one step of the model takes."""
    step_model = StepModel(model)
    traced = tf.function(step_model).get_concrete_function(
        tf.TensorSpec([None], tf.int32),
        step_model.initial_states(2),
        step_model.pack(),
    )
    return sum("MatMul" in op.type for op in traced.graph.get_operations())


@pytest.mark.parametrize(
    "cell, products", [("SimpleRNN", 1), ("LSTM", 1), ("GRU", 1)]
)
def test_a_step_is_one_product_or_two(cell, products):
    def stacked(depth):
        ids = keras.Input((None,), dtype="int32")
        x = layers.Embedding(V, 5)(ids)
        for _ in range(depth):
            x = getattr(mitseq, cell)(6, return_sequences=True)(x)
        return keras.Model(ids, layers.Dense(V)(x))

    assert count_products(stacked(1)) == products + 1  # and the logits
