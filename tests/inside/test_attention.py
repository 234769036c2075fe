"""Attention maps: what the layers compute, read from outside."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from mitseq.errors import MitseqError
from mitseq.inside.attention import (
    AttentionMap,
    CrossAttentionMap,
    as_maps,
    attention_calls,
    attention_layers,
    attention_maps,
)
from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.text.vocabulary import Vocabulary

VOCABULARY = Vocabulary("ABC|", level="character")


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def keras_scores(layer, x):
    """The weights of `keras.layers.MultiHeadAttention`, equation by equation.

    q = x W_q + b_q and k = x W_k + b_k for each head; softmax(q k^T / sqrt d).
    """
    kernel_q, bias_q, kernel_k, bias_k = layer.get_weights()[:4]
    q = np.einsum("td,dhk->htk", x, kernel_q) + bias_q[:, None]
    k = np.einsum("td,dhk->htk", x, kernel_k) + bias_k[:, None]
    return softmax(q @ k.swapaxes(1, 2) / np.sqrt(q.shape[-1]))


@keras.saving.register_keras_serializable("tests")
class Block(layers.Layer):
    """Attention inside of a layer, as in a Transformer block."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.attention = layers.MultiHeadAttention(2, 3, name="attention")
        self.norm = layers.LayerNormalization()

    def build(self, input_shape):
        self.attention.build(input_shape, input_shape)
        self.norm.build(input_shape)

    def call(self, x):
        return self.norm(x + self.attention(x, x))


def model_of_blocks():
    ids = keras.Input((None,), dtype="int32")
    x = VocabularyEmbedding(VOCABULARY, 6)(ids)
    for i in (1, 2):
        x = Block(name=f"block_{i}")(x)
    return keras.Model(ids, layers.Dense(7)(x))


def test_weights_are_those_of_the_equations():
    keras.utils.set_random_seed(0)
    inputs = keras.Input((None, 5))
    layer = layers.MultiHeadAttention(3, 4)
    model = keras.Model(inputs, layer(inputs, inputs))
    layer.set_weights([np.random.normal(size=w.shape) for w in layer.weights])
    x = np.random.normal(size=(6, 5)).astype("float32")
    (found,) = attention_maps(model, x)
    np.testing.assert_allclose(found.weights, keras_scores(layer, x), atol=1e-5)
    assert found.tokens == ["1", "2", "3", "4", "5", "6"]


def test_a_text_is_read_with_the_vocabulary_of_the_model():
    keras.utils.set_random_seed(0)
    model = model_of_blocks()
    maps = attention_maps(model, "CAB|")
    assert [name for name, _, _ in maps] == [
        "block_1/attention",
        "block_2/attention",
    ]
    for _, weights, tokens in maps:
        assert weights.shape == (2, 5, 5)
        assert tokens == ["START", "C", "A", "B", "|"]
        np.testing.assert_allclose(weights.sum(-1), 1, atol=1e-5)
    ids = np.array([[1, *VOCABULARY.encode("CAB|")]])
    again = attention_maps(model, ids, tokens=list("abcde"))
    assert again[1].tokens == list("abcde")
    np.testing.assert_array_equal(again[1].weights, maps[1].weights)


def test_nothing_stays_on_the_model():
    model = model_of_blocks()
    ids = np.array([[1, 3, 4, 5]])
    before = ops.convert_to_numpy(model(ids))
    keys = [set(vars(layer)) for layer in model._flatten_layers()]
    attention_maps(model, ids)
    assert [set(vars(layer)) for layer in model._flatten_layers()] == keys
    np.testing.assert_array_equal(ops.convert_to_numpy(model(ids)), before)


def test_after_an_error_in_the_model_nothing_stays_either():
    class Broken(layers.Layer):
        def call(self, x):
            raise RuntimeError("on purpose")

        def compute_output_spec(self, x):
            return keras.KerasTensor(x.shape, x.dtype)

    inputs = keras.Input((None, 4))
    layer = layers.MultiHeadAttention(1, 2)
    y = Broken()(layer(inputs, inputs))
    model = keras.Model(inputs, y)
    keys = set(vars(layer))
    with pytest.raises(RuntimeError, match="on purpose"):
        attention_maps(model, np.ones((3, 4), "float32"))
    assert set(vars(layer)) == keys


def test_a_shared_layer_gives_a_map_for_each_call():
    inputs = keras.Input((None, 4))
    layer = layers.MultiHeadAttention(1, 2, name="look")
    model = keras.Model(inputs, layer(layer(inputs, inputs), inputs))
    maps = attention_maps(model, np.random.normal(size=(3, 4)))
    assert [name for name, *_ in maps] == ["look (1)", "look (2)"]


def test_a_model_that_asks_itself_gets_its_answer():
    """Weights that the model uses go to the model as well as to the map."""
    inputs = keras.Input((3, 4))
    layer = layers.MultiHeadAttention(2, 2)
    _, weights = layer(inputs, inputs, return_attention_scores=True)
    model = keras.Model(inputs, weights)
    x = np.random.normal(size=(1, 3, 4)).astype("float32")
    (found,) = attention_maps(model, x)
    np.testing.assert_allclose(
        found.weights, ops.convert_to_numpy(model(x))[0], atol=1e-6
    )


def test_cross_attention_has_labels_for_what_is_attended_to():
    one, other = keras.Input((None, 4)), keras.Input((None, 4))
    layer = layers.AdditiveAttention()
    model = keras.Model([one, other], layer([one, other]))
    x = np.random.normal(size=(2, 4)), np.random.normal(size=(3, 4))
    (found,) = attention_maps(model, x, tokens=["x", "y", "z"])
    assert found.weights.shape == (1, 2, 3)
    assert found.tokens == ["x", "y", "z"]


def test_one_that_only_passes_on_the_question_is_not_asked():
    class Outer(Block):
        def call(self, x, return_attention_scores=False):
            y = self.attention(
                x, x, return_attention_scores=return_attention_scores
            )
            return y

    inputs = keras.Input((None, 4))
    model = keras.Model(inputs, Outer(name="outer")(inputs))
    assert [layer.name for layer in attention_layers(model)] == ["attention"]
    (found,) = attention_maps(model, np.ones((3, 4)))
    assert found.weights.shape == (2, 3, 3)


def test_one_map_or_several_are_a_list():
    found = AttentionMap("look", np.eye(2)[None], ["a", "b"])
    assert as_maps(found) == as_maps((found,)) == [found]
    with pytest.raises(MitseqError, match="at least one map"):
        as_maps([])


def test_a_head_or_the_mean_of_all_by_name():
    weights = np.stack([np.eye(2), np.ones((2, 2)) / 2])
    found = AttentionMap("look", weights, ["a", "b"])
    mean, name = found.of_head(None)
    np.testing.assert_array_equal(mean, [[0.75, 0.25], [0.25, 0.75]])
    assert name == "mean of 2 heads"
    assert found.of_head(-1)[1] == found.of_head(1)[1] == "head 2"
    np.testing.assert_array_equal(found.of_head(0)[0], np.eye(2))
    with pytest.raises(MitseqError, match="`head` must be below 2"):
        found.of_head(2)
    assert found.queries == ["a", "b"]
    assert found._replace(weights=weights[:, :1]).queries == ["1"]


def test_mistakes_are_named():
    plain = keras.Sequential([keras.Input((3,)), layers.Dense(1, name="only")])
    with pytest.raises(MitseqError, match=r"attention layer.*\['only'\]"):
        attention_maps(plain, np.ones(3))
    inputs = keras.Input((None, 4))
    layer = layers.MultiHeadAttention(1, 2)
    model = keras.Model(inputs, layer(inputs, inputs))
    with pytest.raises(MitseqError, match="step that is attended to: 3"):
        attention_maps(model, np.ones((3, 4)), tokens=["a", "b"])
    image = keras.Input((2, 3, 4))
    over_both = layers.MultiHeadAttention(1, 2, attention_axes=(1, 2))
    model = keras.Model(image, over_both(image, image))
    with pytest.raises(MitseqError, match="must attend along one axis"):
        attention_maps(model, tf.ones((1, 2, 3, 4)))


def test_what_a_key_receives_is_told_as_shares_of_an_even_one():
    def received(*heads):
        weights = np.array(heads, float)
        tokens = list(map(str, weights[0, 0]))
        return AttentionMap("look", weights, tokens).received()

    # Queries that look at all their keys alike: causal, padded, neither.
    even = np.tril(np.ones((6, 6))) / np.arange(1, 7)[:, None]
    np.testing.assert_allclose(received(even), np.ones((1, 6)))
    padded = np.pad(even, ((0, 0), (0, 2)))
    np.testing.assert_allclose(received(padded), [[1] * 6 + [0] * 2])
    np.testing.assert_allclose(received(np.full((3, 4), 0.25)), np.ones((1, 4)))
    # Of four keys the first gets 0.7: 2.8 times an even share.
    row = [0.7, 0.1, 0.1, 0.1]
    np.testing.assert_allclose(received([row, row]), [[2.8, 0.4, 0.4, 0.4]])
    # A head that looks at the first key only leaves the others nothing, though
    # the mask, which both heads share, lets it look at them.
    first = np.tile(np.eye(6)[0], (6, 1))
    shares = received(even, first)
    np.testing.assert_allclose(shares, [[1] * 6, [3.5] + [0] * 5])


def test_what_a_key_receives_does_not_depend_on_its_place():
    """Random attention under a causal mask: the plain mean falls, this not."""
    e = np.exp(np.random.default_rng(0).normal(size=(300, 20, 20)))
    e *= np.tril(np.ones((20, 20)))
    weights = e / e.sum(-1, keepdims=True)
    received = AttentionMap("look", weights, 20 * ["x"]).received()
    np.testing.assert_allclose(received.mean(axis=0), 1, atol=0.15)
    plain = weights.mean(axis=(0, 1))
    assert plain[0] > 10 * plain[-1]


def test_another_sequence_asks_under_its_own_names():
    weights = np.eye(2)[None]
    found = CrossAttentionMap("look", weights, ["a", "b"], ["c", "d"])
    assert found.queries == ["c", "d"] and found.tokens == ["a", "b"]
    assert AttentionMap("look", weights, ["a", "b"]).queries == ["a", "b"]


def test_calls_of_a_batch_have_a_map_for_each_row():
    x = keras.Input((None, 4))
    look = keras.layers.MultiHeadAttention(2, 3, name="look")
    model = keras.Model(x, look(x, x))
    rows = np.random.default_rng(0).normal(size=(3, 5, 4)).astype("float32")
    ((name, weights),) = attention_calls(model, rows)
    assert name == "look" and weights.shape == (3, 2, 5, 5)
    for row, each in zip(rows, weights, strict=True):
        (found,) = attention_maps(model, row)
        np.testing.assert_allclose(found.weights, each, atol=1e-6)
