"""The embedding looks rows up and carries its vocabulary along."""

import keras
import numpy as np
import pytest

from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.text.vocabulary import Vocabulary


def test_output_is_the_row_of_the_id():
    layer = VocabularyEmbedding(Vocabulary("AB", level="character"), 3)
    x = layer(np.array([[4, 3]]))
    table = keras.ops.convert_to_numpy(layer.embeddings)
    assert table.shape == (5, 3)
    np.testing.assert_array_equal(x[0], table[[4, 3]])


def test_vocabulary_survives_saving(tmp_path):
    vocabulary = Vocabulary(["A2", "B/2", "|:"], level="token")
    ids = keras.Input((None,), dtype="int32")
    model = keras.Model(ids, VocabularyEmbedding(vocabulary, 2)(ids))
    model.save(tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras")
    assert loaded.layers[1].vocabulary == vocabulary
    assert loaded.layers[1].embedding_dim == 2


def test_vocabulary_of_another_kind_is_an_error():
    with pytest.raises(TypeError, match="`vocabulary` must be a `Vocabulary`"):
        VocabularyEmbedding(["A", "B"], 2)
