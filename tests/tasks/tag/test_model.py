"""The network: both directions, padding that does not count, saved whole."""

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.tag.features import tag_vocabularies
from mitseq.tasks.tag.model import (
    TagLogits,
    build_tag_model,
    features_of,
    load_tag_model,
    tags_of_model,
)
from mitseq.training.saved import ModelError

VOCABULARIES = tag_vocabularies(
    [["Time", "flies", "like", "an", "arrow", "50", "70", "Tie", "barrow"]]
)
TAGS = ["NOUN", "VERB"]


def build(**settings):
    keras.utils.set_random_seed(1)
    return build_tag_model(
        *VOCABULARIES,
        TAGS,
        **{"units": 4, "embedding_dim": 6, "affix_dim": 2, **settings},
    )


def logits(model, words, num_steps=5):
    x = features_of(model).encode([words], num_steps)
    return keras.ops.convert_to_numpy(model(x))[0, : len(words)]


def test_two_directions_see_what_comes_later_and_one_does_not():
    for directions, sees in ((2, True), (1, False)):
        model = build(directions=directions)
        before, after = (
            logits(model, ["time", "flies", word]) for word in ("like", "an")
        )
        assert (np.abs(before[:2] - after[:2]).max() > 1e-6) == sees
        assert np.abs(before[2] - after[2]).max() > 1e-6


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_padding_does_not_count(cell):
    model = build(cell=cell, layers=2)
    words = ["time", "flies"]
    np.testing.assert_allclose(
        logits(model, words, 2), logits(model, words, 9), atol=1e-6
    )


def test_unknown_words_differ_by_their_affixes_unless_it_reads_words_only():
    for affix_dim, differ in ((2, True), (0, False)):
        model = build(affix_dim=affix_dim)
        a, b = logits(model, ["Tarrow"]), logits(model, ["T70"])
        assert (np.abs(a - b).max() > 1e-6) == differ


def test_a_saved_model_has_its_words_and_tags(tmp_path):
    for affix_dim in (2, 0):
        model = build(affix_dim=affix_dim)
        model.save(tmp_path / "model.keras")
        again = load_tag_model(tmp_path)
        assert tags_of_model(again) == TAGS
        words = ["An", "arrow", "zebra"]
        np.testing.assert_allclose(
            logits(again, words), logits(model, words), atol=1e-6
        )
        assert features_of(again).unknown(words) == ["zebra"]


def test_logits_are_a_dense_layer_that_keeps_its_tags():
    layer = TagLogits(TAGS, name="logits")
    again = TagLogits.from_config(layer.get_config())
    assert again.tags == TAGS and again.units == 2 and again.name == "logits"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"cell": "cnn"}, "`cell` must be one of"),
        ({"units": 0}, "`units` must be a positive int"),
        ({"layers": 1.5}, "`layers` must be a positive int"),
        ({"embedding_dim": -1}, "`embedding_dim` must be a positive int"),
        ({"affix_dim": -1}, "`affix_dim` must be an int, 0 or more"),
        ({"dropout": 1.0}, "`dropout` must be in"),
        ({"directions": 3}, "`directions` must be one of"),
    ],
)
def test_arguments_that_do_not_fit_are_named(settings, message):
    with pytest.raises(MitseqError, match=message):
        build(**settings)


def test_a_model_of_another_kind_is_named(tmp_path):
    other = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    other.save(tmp_path / "model.keras")
    with pytest.raises(ModelError, match="must be a model that tags words"):
        load_tag_model(tmp_path)
