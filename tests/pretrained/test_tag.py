"""The bundled tagger: small, and right where the sentence decides."""

import json
import zipfile

import numpy as np
import pytest

from mitseq.pretrained.half_precision import readable_by_older
from mitseq.pretrained.tag import SETTINGS, card, main, measure
from mitseq.tasks.tag.baseline import MostFrequentTag, ambiguous_words
from mitseq.tasks.tag.cut import cut_sentence
from mitseq.tasks.tag.grammar import (
    EVERYDAY,
    grammar_treebank,
    write_sentences,
)
from mitseq.tasks.tag.model import BUNDLED, load_tag_model
from mitseq.tasks.tag.predict import tag_words
from mitseq.training.run import read_history
from tests.tasks.tag.conftest import SMALL


@pytest.fixture(scope="module")
def bundled():
    return load_tag_model()


def test_everyday_sentences_are_tagged_rightly(bundled):
    found = tag_words(bundled, [s.words for s in EVERYDAY])
    assert len(EVERYDAY) >= 13
    assert [each.tags for each in found] == [s.tags for s in EVERYDAY]


def test_patterns_that_it_never_saw_are_tagged(bundled):
    sentences = write_sentences(300, [9, 9], held_out=True)
    ours, peers = measure(
        bundled, MostFrequentTag.count(grammar_treebank(2000).train), sentences
    )
    assert ours.accuracy > 0.97 > 0.9 > peers.accuracy
    # made up, and new: the ending and the neighbors tell
    assert ours.unknown > 50 and ours.unknown_accuracy > 0.85


def test_what_nobody_has_seen_is_tagged_by_its_ending(bundled):
    text = "The slonkness of Brindia is frobbable and she plinked it vorply."
    (found,) = tag_words(bundled, [cut_sentence(text)])
    tags = dict(zip(found.words, found.tags, strict=True))
    assert tags["slonkness"] == "NOUN" and tags["Brindia"] == "PROPN"
    assert tags["frobbable"] == "ADJ" and tags["vorply"] == "ADV"
    assert tags["plinked"] == "VERB"
    assert set(found.unknown) >= {"slonkness", "Brindia", "frobbable"}


def test_the_file_is_small_and_readable_by_older_versions(bundled):
    assert BUNDLED.stat().st_size <= 2_000_000
    with zipfile.ZipFile(BUNDLED) as archive:
        config = json.loads(archive.read("config.json"))
    assert config == readable_by_older(config)
    text = BUNDLED.with_suffix(".md").read_text("utf-8")
    assert json.dumps(SETTINGS) in text and "en_ewt-ud-test" in text
    assert all(np.isfinite(w).all() for w in bundled.get_weights())


@pytest.mark.slow
def test_script_leaves_model_and_card(tmp_path, monkeypatch):
    from mitseq.pretrained import tag as script

    small = {k: v for k, v in SMALL.items() if k != "verbose"}
    monkeypatch.setattr(script, "SETTINGS", {**small, "epochs": 1, "seed": 0})
    monkeypatch.setattr(script, "COUNT", 200)
    monkeypatch.setattr("mitseq.tasks.tag.grammar.HELD_OUT", 40)
    figures = main(["--out", str(tmp_path)])
    model = load_tag_model(tmp_path / "tag.keras")
    rows = read_history(tmp_path / "training" / "history.csv")
    size = (tmp_path / "tag.keras").stat().st_size
    text = (tmp_path / "tag.md").read_text("utf-8")
    learned = grammar_treebank(200)
    ambiguous = len(ambiguous_words(learned.train))
    assert text == card(model, rows, figures, ambiguous, size)
    again = measure(model, MostFrequentTag.count(learned.train), learned.test)
    ours, _ = figures["the grammar"]
    np.testing.assert_array_equal(again[0].confusion, ours.confusion)
