"""Bits are counted as Shannon does."""

import keras
import numpy as np

from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.text.vocabulary import Vocabulary
from mitseq.training.code_length import BitsPerCharacter, CodeLength


def bigram_model(logits):
    """A model whose next-token logits are a row of a table."""
    vocabulary = Vocabulary("AB", level="character")
    ids = keras.Input((None,), dtype="int32")
    table = keras.initializers.Constant(logits)
    embed = VocabularyEmbedding(vocabulary, 5, embeddings_initializer=table)
    return keras.Model(ids, embed(ids))


def test_code_length_is_minus_log2_of_the_probabilities():
    logits = np.random.default_rng(0).normal(size=(5, 5)).astype("float32")
    probs = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    model = bigram_model(logits)
    sequences = [[1, 3, 4, 4, 2], [1, 4, 2]]
    expected = -sum(
        np.log2(probs[a, b])
        for row in sequences
        for a, b in zip(row[:-1], row[1:], strict=True)
    )
    got = CodeLength(model)([np.array(row) for row in sequences])
    np.testing.assert_allclose(got, expected, rtol=1e-5)


def test_long_and_short_sequences_count_alike():
    model = bigram_model(np.zeros((5, 5)))
    rng = np.random.default_rng(0)
    sequences = [rng.integers(1, 5, n) for n in (2, 63, 64, 65, 66, 300, 7)]
    expected = sum(len(row) - 1 for row in sequences) * np.log2(5)
    np.testing.assert_allclose(CodeLength(model)(sequences), expected, 1e-5)
    assert CodeLength(model)([]) == 0


def test_the_callback_adds_bits_to_the_logs():
    model = bigram_model(np.zeros((5, 5)))
    callback = BitsPerCharacter([np.array([1, 3, 4, 2])], characters=2)
    callback.set_model(model)
    callback.on_train_begin()
    logs = {"loss": 1.0}
    callback.on_epoch_end(0, logs)
    np.testing.assert_allclose(
        logs["val_bits_per_character"], 3 * np.log2(5) / 2, rtol=1e-6
    )


def test_the_callback_takes_what_was_compiled_before():
    model = bigram_model(np.zeros((5, 5)))
    asked = []

    class Watched(CodeLength):
        def __call__(self, encoded):
            asked.append(len(encoded))
            return super().__call__(encoded)

    code_length = Watched(model)
    callback = BitsPerCharacter([np.array([1, 3, 2])], 1, code_length)
    callback.set_model(model)
    for epoch in range(2):  # two trainings
        callback.on_train_begin()
        callback.on_epoch_end(epoch, {})
    assert asked == [1, 1]
    assert code_length._bits.experimental_get_tracing_count() == 1


def test_it_shows_how_many_are_done(progress_lines):
    model = bigram_model(np.zeros((5, 5)))
    CodeLength(model)([np.array([1, 3, 2])] * 40)
    # the rows that fill up the last batch are none of them
    assert progress_lines() == ["held-out sequences: 80%"]
