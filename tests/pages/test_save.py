"""One call for any model that a page can run."""

import keras
import pytest

import mitseq
from mitseq.errors import MitseqError
from mitseq.pages.save import kind_of, load_model, save_page
from mitseq.tasks.music.model import build_music_model
from mitseq.tasks.sentiment.model import build_sentiment_model
from mitseq.text.vocabulary import Vocabulary
from mitseq.training.saved import ModelError


@pytest.fixture(scope="module")
def music():
    vocabulary = Vocabulary("AB|", level="character")
    return build_music_model(vocabulary, units=3, layers=1, embedding_dim=2)


def test_each_kind_gets_its_page(tmp_path, music):
    models = {
        "A network writes a tune": music,
        "A network writes a text": mitseq.load_words_model(),
        "What decided": build_sentiment_model(["good"], units=2),
    }
    for title, model in models.items():
        path = mitseq.save_page(model, tmp_path / f"{title}.html")
        assert f"<h1>{title}</h1>" in path.read_text("utf-8")
    path = save_page(music, tmp_path / "mine.html", title="My <reels>", bits=16)
    assert "<h1>My &lt;reels&gt;</h1>" in path.read_text("utf-8")


def test_a_file_that_is_there_is_kept_unless_asked(tmp_path, music):
    path = tmp_path / "page.html"
    path.write_text("mine")
    with pytest.raises(MitseqError, match="page.html exists"):
        save_page(music, path)
    assert path.read_text() == "mine"
    save_page(music, path, overwrite=True)
    assert path.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_another_model_is_refused_and_nothing_is_written(tmp_path, music):
    other = keras.Sequential([keras.layers.Dense(2, name="dense_7")])
    with pytest.raises(ModelError, match="'dense_7'"):
        save_page(other, tmp_path / "page.html")
    with pytest.raises(MitseqError, match="`bits` must be one of"):
        save_page(music, tmp_path / "page.html", bits=4)
    assert not list(tmp_path.iterdir())


def test_models_in_files_say_what_they_are(tmp_path, music):
    music.save(tmp_path / "model.keras")
    assert kind_of(load_model(tmp_path)) == "music"
    (tmp_path / "model.keras").write_text("no model")
    with pytest.raises(ModelError, match="not a Keras model"):
        load_model(tmp_path)
