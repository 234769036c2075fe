"""One example as a model takes it, and the labels of what it reads."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from mitseq.errors import MitseqError
from mitseq.inside.attention import attention_maps
from mitseq.inside.example import read_example
from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.tasks.sentiment.model import build_sentiment_model
from mitseq.text.vocabulary import START, Vocabulary


def test_a_model_with_a_vocabulary_reads_a_string():
    vocabulary = Vocabulary("ABC|", level="character")
    ids = keras.Input((None,), dtype="int32")
    model = keras.Model(ids, VocabularyEmbedding(vocabulary, 6)(ids))
    x, labels = read_example(model, "CAB|")
    expected = [START, *vocabulary.encode("CAB|")]
    assert ops.convert_to_numpy(x).tolist() == [expected]
    assert labels == ["START", "C", "A", "B", "|"]


def test_an_array_gets_its_batch_dimension():
    x = keras.Input((None, 4))
    model = keras.Model(x, layers.Identity()(x))
    for array in (np.ones((3, 4)), np.ones((1, 3, 4))):
        found, labels = read_example(model, array)
        assert found.shape == (1, 3, 4) and labels is None


def test_a_model_of_several_inputs_gets_as_many():
    one, other = keras.Input((4,)), keras.Input((None, 2))
    read = [layers.Identity()(x) for x in (one, other)]
    model = keras.Model([one, other], read)
    found, _ = read_example(model, [np.ones(4), np.ones((3, 2))])
    assert [part.shape for part in found] == [(1, 4), (1, 3, 2)]
    with pytest.raises(MitseqError, match="each of the model's 2 inputs"):
        read_example(model, [np.ones(4)])


def test_a_subclassed_model_takes_what_it_takes():
    class Any(keras.Model):
        def call(self, x):
            return x

    assert read_example(Any(), {"x": 1}) == ({"x": 1}, None)


def test_a_string_model_labels_words_that_it_does_not_know():
    texts = keras.Input((), dtype="string")
    cut = layers.TextVectorization(
        output_mode="int", vocabulary=["good", "food"]
    )
    x = layers.Embedding(4, 4)(cut(texts))
    x = layers.MultiHeadAttention(1, 2)(x, x)
    model = keras.Model(texts, layers.GlobalAveragePooling1D()(x))
    (found,) = attention_maps(model, "Good spicy food")
    assert found.tokens == ["Good", "spicy", "food"]


@pytest.mark.parametrize("cell", ["attention", "transformer"])
def test_a_sentiment_model_labels_its_tokens_and_what_it_cuts_out(cell):
    model = build_sentiment_model(
        ["good", "food"], cell=cell, embedding_dim=4, num_steps=4
    )
    (found,) = attention_maps(model, "Good food, I say!")
    assert found.tokens == ["good", "food", "say", "!"]
    assert found.weights.shape[1:] == (4, 4)
    np.testing.assert_allclose(found.weights.sum(-1), 1, atol=1e-5)
    (found,) = attention_maps(model, "food")
    assert found.tokens == ["food"]


def test_mistakes_are_named():
    x = keras.Input((None, 4), name="x")
    model = keras.Model(x, layers.Identity()(x))
    with pytest.raises(MitseqError, match="can only be a string where"):
        read_example(model, "hello")
    with pytest.raises(MitseqError, match="one example of the input 'x'"):
        read_example(model, np.ones((2, 3, 4)))
