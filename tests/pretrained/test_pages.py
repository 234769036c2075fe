"""The small networks of the pages: they know enough to be looked into."""

import keras
import numpy as np

from mitseq.pages.cell import BUNDLED, CELLS
from mitseq.pages.search import BUNDLED as TRANSFORMER
from mitseq.pretrained import pages as script
from mitseq.tasks.music.model import load_music_model, vocabulary_of
from mitseq.tasks.translate.questions import SENTENCES, asked
from mitseq.tasks.words.grammar import LECTURE
from mitseq.tasks.words.model import load_words_model
from mitseq.tasks.words.predict import next_words
from mitseq.text.vocabulary import START


def test_the_transformer_completes_the_lectures_sentences():
    found = next_words(load_words_model(TRANSFORMER), list(LECTURE), 1)
    assert [each.words[0] for each in found] == list(LECTURE.values())


def test_each_cell_takes_the_cat_for_a_walk():
    text = "This morning I took my cat for a"
    for cell in CELLS:
        model = load_words_model(BUNDLED / f"pages_{cell}.keras")
        (found,) = next_words(model, [text], 1)
        assert found.words[0] == "walk", cell
        assert found.probabilities[0] > 0.5, cell
        assert model.get_layer(f"{cell}_1").units == script.SMALL["units"]


def test_each_cell_closes_a_bar_of_a_tune():
    text = "M:6/8\nL:1/8\nK:G\nGABdBd|gfed2B|ABAA2B"
    for cell in CELLS:
        model = load_music_model(BUNDLED / f"pages_tune_{cell}.keras")
        vocabulary = vocabulary_of(model)
        ids = np.array([[START, *vocabulary.encode(text)]])
        p = keras.ops.softmax(model(ids, training=False)[0, -1])
        (bar,) = vocabulary.encode("|")
        assert p[bar] > 0.2, cell


def test_the_translators_have_not_learned_what_the_page_asks(monkeypatch):
    monkeypatch.setattr(script, "SENTENCES_LEARNED", 2000)
    pairs = script.sentence_pairs()
    learned = {pair.source for pair in (*pairs.train, *pairs.validation)}
    questions = {text for group in asked() for text in group}
    assert len(learned) > 2900 and not learned & (questions | {*SENTENCES})
    # what is asked is what is read, word for word
    assert {text[-2:] for text in learned | questions} == {" ."}


def test_the_script_writes_what_the_pages_read(tmp_path, monkeypatch):
    monkeypatch.setattr(script, "TEXTS", 100)
    monkeypatch.setattr(script, "EPOCHS", 1)
    losses = script.main(["--out", str(tmp_path), "--models", "gru"])
    assert list(losses) == ["gru"] and losses["gru"] > 0
    model = load_words_model(tmp_path / "pages_gru.keras")
    assert model.output_shape == load_words_model(
        BUNDLED / "pages_gru.keras"
    ).output_shape[:2] + (model.output_shape[-1],)
