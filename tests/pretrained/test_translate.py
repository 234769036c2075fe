"""The bundled model of translation: small, and right for short sentences."""

import json
import zipfile

import pytest

from mitseq.pretrained.half_precision import readable_by_older
from mitseq.pretrained.translate import EXAMPLES, SETTINGS, card, main
from mitseq.tasks.translate.language import write_sentences
from mitseq.tasks.translate.model import BUNDLED, load_translation_model
from mitseq.tasks.translate.pairs import as_pair, write_pairs
from mitseq.tasks.translate.translate import alignment, translate
from mitseq.training.run import read_history
from tests.tasks.translate.conftest import SMALL


@pytest.fixture(scope="module")
def bundled():
    return load_translation_model()


def test_short_sentences_come_out_right(bundled):
    right = {
        "I am hungry.": ("Tengo hambre.",),
        "Thank you.": ("Gracias.",),
        "I don't know.": ("No lo sé.", "No sé."),
        "Where is Tom?": ("¿Dónde está Tom?",),
    }
    found = translate(bundled, list(right))
    for each, expected in zip(found, right.values(), strict=True):
        assert each[0].text in expected
        assert each[0].unknown == ()


def test_its_attention_says_which_word_is_which(bundled):
    ((best,),) = translate(bundled, ["Where is Tom?"])
    look = alignment(bundled, best)
    at = look.queries.index("Tom")
    assert look.tokens[look.weights[0, at].argmax()] == "Tom"


def test_the_file_is_small_readable_and_its_card_names_the_data(bundled):
    assert BUNDLED.stat().st_size <= 6_000_000
    with zipfile.ZipFile(BUNDLED) as archive:
        config = json.loads(archive.read("config.json"))
    assert config == readable_by_older(config)
    text = BUNDLED.with_suffix(".md").read_text("utf-8")
    assert json.dumps(SETTINGS) in text
    assert "Tatoeba" in text and "CC BY 2.0" in text
    assert all(f"| {example} |" in text for example in EXAMPLES)


@pytest.mark.slow
def test_script_leaves_model_and_card(tmp_path, monkeypatch):
    from mitseq.pretrained import translate as script

    small = {k: v for k, v in SMALL.items() if k != "verbose"}
    monkeypatch.setattr(script, "SETTINGS", {**small, "epochs": 1, "seed": 0})
    monkeypatch.setattr(script, "EXAMPLES", ("the cat",))
    monkeypatch.setattr(script, "MIN_COUNT", 1)
    made = [as_pair(each) for each in write_sentences(60, 1, 0)]
    (tmp_path / "pairs.tsv").write_text(write_pairs(made), "utf-8")
    given = ["--data", str(tmp_path / "pairs.tsv"), "--out", str(tmp_path)]
    figures = main(given)
    model = load_translation_model(tmp_path / "translate.keras")
    rows = read_history(tmp_path / "training" / "history.csv")
    size = (tmp_path / "translate.keras").stat().st_size
    text = (tmp_path / "translate.md").read_text("utf-8")
    assert text == card(model, rows, figures, size)
    assert figures["beam"]["sentences"] == 3
    assert main(given) == figures  # a finished training is not done again
