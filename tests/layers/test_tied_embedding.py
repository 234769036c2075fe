"""One matrix reads words and gives their logits."""

import keras
import numpy as np
from keras import ops

from mitseq.layers.tied_embedding import TiedEmbedding
from mitseq.text.vocabulary import Vocabulary
from tests.layers.arrays import random


def layer():
    return TiedEmbedding(Vocabulary("ABC", level="character"), 4)


def test_logits_are_products_with_the_rows():
    tied = layer()
    x = tied(np.array([[4, 3, 5]]))
    E = ops.convert_to_numpy(tied.embeddings)
    np.testing.assert_array_equal(x[0], E[[4, 3, 5]])
    y = random(2, 3, 4)
    np.testing.assert_allclose(
        tied(y, reverse=True), np.einsum("btd,vd->btv", y, E), atol=1e-6
    )
    assert len(tied.weights) == 1


def test_both_ends_learn_the_same_matrix_and_are_saved(tmp_path):
    tied = layer()
    ids = keras.Input((None,), dtype="int32")
    model = keras.Model(ids, tied(tied(ids), reverse=True))
    assert model.count_params() == 6 * 4
    before = ops.convert_to_numpy(tied.embeddings)
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(True))
    rows = np.array([[3, 4], [5, 3]])
    model.fit(rows, rows, verbose=0)
    # id 1 is never read: its row is learned as an answer only
    change = np.abs(ops.convert_to_numpy(tied.embeddings) - before).max(1)
    assert (change > 0).all()
    model.save(tmp_path / "m.keras")
    again = keras.saving.load_model(tmp_path / "m.keras")
    np.testing.assert_array_equal(again(rows), model(rows))
    assert again.layers[1].vocabulary == tied.vocabulary


def test_half_precision_computes_in_half():
    tied = TiedEmbedding(
        Vocabulary("ABC", level="character"), 4, dtype="mixed_float16"
    )
    logits = tied(tied(np.array([[3]])), reverse=True)
    assert keras.backend.standardize_dtype(logits.dtype) == "float16"
