"""The small networks of the pages: they know enough to be looked into."""

from mitseq.pages.cell import BUNDLED, CELLS
from mitseq.pages.search import BUNDLED as TRANSFORMER
from mitseq.pretrained import pages as script
from mitseq.tasks.words.grammar import LECTURE
from mitseq.tasks.words.model import load_words_model
from mitseq.tasks.words.predict import next_words


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


def test_the_script_writes_what_the_pages_read(tmp_path, monkeypatch):
    monkeypatch.setattr(script, "TEXTS", 100)
    monkeypatch.setattr(script, "EPOCHS", 1)
    losses = script.main(["--out", str(tmp_path), "--cells", "gru"])
    assert list(losses) == ["gru"] and losses["gru"] > 0
    model = load_words_model(tmp_path / "pages_gru.keras")
    assert model.output_shape == load_words_model(
        BUNDLED / "pages_gru.keras"
    ).output_shape[:2] + (model.output_shape[-1],)
