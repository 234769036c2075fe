"""The bundled model of words: small, and right where it was never told."""

import json
import zipfile
from functools import partial

import pytest

from mitseq.pretrained.half_precision import readable_by_older
from mitseq.pretrained.words import SETTINGS, card, main, measure
from mitseq.tasks.words.embedding import same_group, vectors_of
from mitseq.tasks.words.evaluation import right_answers
from mitseq.tasks.words.grammar import KINDS, LECTURE, NEAREST, write_texts
from mitseq.tasks.words.lexicon import group_of
from mitseq.tasks.words.model import BUNDLED, embedding_of, load_words_model
from mitseq.tasks.words.ngram import WordNGram
from mitseq.tasks.words.predict import next_probs, next_words
from mitseq.text.words import WordIndex
from mitseq.training.run import read_history
from tests.tasks.words.conftest import SMALL


@pytest.fixture(scope="module")
def bundled():
    return load_words_model()


def test_the_lectures_sentences_are_completed(bundled):
    found = next_words(bundled, list(LECTURE))
    assert [each.words[0] for each in found] == list(LECTURE.values())
    assert all(each.probabilities[0] > 0.5 for each in found)
    # as one types them
    (found,) = next_words(bundled, ["the CLOUDS are in the"])
    assert found.words[0] == "sky"


@pytest.mark.parametrize("kind", KINDS)
def test_words_are_known_in_frames_that_it_never_saw(bundled, kind):
    share = right_answers(
        partial(next_probs, bundled),
        WordIndex(embedding_of(bundled).vocabulary),
        kind,
        distance=20 if kind in NEAREST else None,
        count=200,
        seed=1,
    )
    # one noun of seventeen is taken for many, see the card
    assert share >= (0.9 if kind == "number" else 0.95)


def test_similar_words_lie_together(bundled):
    words, vectors = vectors_of(bundled)
    groups = [group_of(word) for word in words]
    assert same_group(words, vectors, groups) >= 0.8


def test_the_file_is_small_and_readable_by_older_versions(bundled):
    assert BUNDLED.stat().st_size <= 1_000_000
    with zipfile.ZipFile(BUNDLED) as archive:
        config = json.loads(archive.read("config.json"))
    assert config == readable_by_older(config)
    text = BUNDLED.with_suffix(".md").read_text("utf-8")
    assert json.dumps(SETTINGS) in text and "grammar" in text


def test_script_leaves_model_and_card(tmp_path, monkeypatch):
    from mitseq.pretrained import words as script

    small = {k: v for k, v in SMALL.items() if k != "verbose"}
    settings = {**small, "epochs": 1, "seed": 0}
    monkeypatch.setattr(script, "SETTINGS", settings)
    monkeypatch.setattr(script, "TEXTS", 300)
    measured = measure

    def few(model, ngram):
        return measured(model, ngram, count=4)

    monkeypatch.setattr(script, "measure", few)
    figures = main(["--out", str(tmp_path)])
    model = load_words_model(tmp_path / "words.keras")
    rows = read_history(tmp_path / "training" / "history.csv")
    size = (tmp_path / "words.keras").stat().st_size
    text = (tmp_path / "words.md").read_text("utf-8")
    assert text == card(model, rows, figures, size)
    ngram = WordNGram(write_texts(300, 20, [0, 0]))
    assert figures["number"] == few(model, ngram)["number"]
