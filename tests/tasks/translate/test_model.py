"""Each model of the three: what its decoder sees, and that it is saved."""

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.generation.step_model import StepModel
from mitseq.tasks.translate.model import (
    build_translation_model,
    load_translation_model,
    parts_of,
    vocabularies_of,
)
from mitseq.text.words import word_vocabulary
from mitseq.training.saved import ModelError

ENGLISH = word_vocabulary(["I am hungry today."])
SPANISH = word_vocabulary(["Tengo hambre hoy."])
WORDS = {
    "none": {"attention": "none"},
    "dot": {"cell": "gru", "attention": "dot"},
    "additive": {},
    "transformer": {"cell": "transformer"},
}
SOURCE = np.array([[100, 101, 102, 2], [99, 2, 0, 0]], "int32")
BEFORE = np.array([[1, 99, 100, 101, 102], [1, 99, 98, 97, 2]], "int32")


def build(name, **options):
    keras.utils.set_random_seed(1)
    sizes = {"units": 16, "embedding_dim": 8, **WORDS[name], **options}
    return build_translation_model(ENGLISH, SPANISH, **sizes)


@pytest.mark.parametrize("name", WORDS)
def test_word_by_word_equals_the_whole(name):
    model = build(name)
    encoder, decoder = parts_of(model)
    whole = model([SOURCE, BEFORE])
    context = keras.tree.flatten(encoder(SOURCE))
    step_model = StepModel(decoder)
    states = step_model.initial_states(2, 5, context)
    for t in range(5):
        logits, states = step_model(BEFORE[:, t], states)
        np.testing.assert_allclose(logits, whole[:, t], atol=1e-5)


@pytest.mark.parametrize("name", WORDS)
def test_padding_of_the_source_does_not_matter(name):
    model = build(name)
    row = model([SOURCE[1:], BEFORE[1:]])
    alone = model([SOURCE[1:, :2], BEFORE[1:]])
    np.testing.assert_allclose(row, alone, atol=1e-5)


@pytest.mark.parametrize("name", WORDS)
def test_what_is_written_later_changes_nothing_before(name):
    model = build(name)
    other = BEFORE.copy()
    other[:, 3:] = 97
    logits, changed = model([SOURCE, BEFORE]), model([SOURCE, other])
    np.testing.assert_allclose(changed[:, :3], logits[:, :3], atol=1e-6)
    assert np.abs(changed[:, 3:] - logits[:, 3:]).max() > 1e-5


@pytest.mark.parametrize("name", WORDS)
def test_saved_it_is_the_same_and_knows_both_languages(name, tmp_path):
    model = build(name)
    model.save(tmp_path / "model.keras")
    again = load_translation_model(tmp_path)
    np.testing.assert_array_equal(
        again([SOURCE, BEFORE]), model([SOURCE, BEFORE])
    )
    assert vocabularies_of(again) == (ENGLISH, SPANISH)


def test_without_attention_the_context_vector_is_all_there_is():
    none, dot = (parts_of(build(name, cell="lstm")) for name in ("none", "dot"))
    # the hidden and the cell state, however long the sentence is
    assert [tuple(x.shape) for x in none[0].outputs] == 2 * [(None, 16)]
    assert [len(x.shape) for x in dot[0].outputs] == [2, 2, 3, 2]
    assert len(none[1].inputs) == 3 and len(dot[1].inputs) == 5
    (vector,) = parts_of(build("none", cell="gru"))[0].outputs
    assert tuple(vector.shape) == (None, 16)


def test_the_context_vector_has_seen_both_ends():
    encoder, _ = parts_of(build("none", cell="gru"))
    vector = encoder(SOURCE[:1])
    for place in (0, 2):
        other = SOURCE[:1].copy()
        other[0, place] = 98
        assert np.abs(encoder(other) - vector).max() > 1e-4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"cell": "rnn"}, "`cell` must be one of"),
        ({"attention": "hard"}, "`attention` must be one of"),
        ({"units": 0}, "`units` must be a positive int"),
        ({"units": 7}, "must be a multiple of 2"),
        ({"units": 12, "cell": "transformer"}, "must be a multiple of 8"),
        ({"embedding_dim": 1.5}, "`embedding_dim` must be a positive int"),
        ({"dropout": 1.0}, "`dropout` must be in"),
    ],
)
def test_bad_arguments_are_named(options, message):
    with pytest.raises(MitseqError, match=message):
        build_translation_model(ENGLISH, SPANISH, **options)


def test_a_model_of_another_kind_is_an_error(tmp_path):
    x = keras.Input((2,))
    keras.Model(x, keras.layers.Dense(1)(x)).save(tmp_path / "model.keras")
    with pytest.raises(ModelError, match="must be a model of translation"):
        load_translation_model(tmp_path)
