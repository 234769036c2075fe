"""The bundled model: halving loses almost nothing; the file is in place."""

import json
import os
import zipfile

import numpy as np
import pytest

from mitseq.precision import precision
from mitseq.pretrained import music as module
from mitseq.pretrained.half_precision import readable_by_older
from mitseq.pretrained.music import (
    SETTINGS,
    card,
    in_float32,
    write_discriminator,
)
from mitseq.tasks.music.discriminator import load_discriminator, score_tunes
from mitseq.tasks.music.model import (
    BUNDLED,
    build_music_model,
    load_music_model,
    vocabulary_of,
)
from mitseq.text.vocabulary import Vocabulary
from mitseq.tunes.corpus import Corpus
from tests.tasks.music.test_compare import reel


def test_card_names_data_settings_and_figures():
    model = build_music_model(Vocabulary(["A2"]), units=8, layers=1)
    text = card(
        model,
        Corpus(["a"] * 5, ["b"], ["c"] * 2, {}),
        [{"epoch": 3.0, "seconds": 120.0, "val_bits_per_character": 1.25}],
        {
            "samples": 50,
            "bits_per_character": 1.5,
            "tunes": 2,
            "characters": 9,
            "accepted": 0.5,
            "copied": 0.0,
            "longest_copied_run": 31,
        },
        {"people": 321, "written": 654, "auc": 0.875},
    )
    assert "321 of the training tunes" in text and "654 tunes that" in text
    assert "88% of the pairs" in text
    assert "5 tunes to train, 1 to choose the best" in text
    assert "| bits per character | 1.500 |" in text
    assert "| samples our checker accepts | 50.0% |" in text
    assert "1.250 bits per character of the validation tunes" in text
    for name, value in SETTINGS.items():
        assert f"- {name}: {value}" in text


def test_the_discriminator_is_written_beside_the_model(tmp_path, monkeypatch):
    sides = {"D": [], "A": []}
    for last, tunes in sides.items():
        tunes += [
            reel(i, notes="DEFGABcd" if last == "D" else "Dfad")
            for i in range(120)
        ]
    monkeypatch.setattr(module, "WRITTEN", 120)
    monkeypatch.setattr(
        "mitseq.tasks.music.generate.sample_texts",
        lambda model, count, *, seed, adding_up: sides["A"][:count],
    )
    corpus = Corpus(sides["D"], [], [], {})
    told = write_discriminator(None, corpus, tmp_path)
    assert (told["people"], told["written"]) == (120, 120)
    assert told["auc"] > 0.9
    found = load_discriminator(tmp_path / "music_discriminator.keras")
    scores = score_tunes(found, [sides["D"][0], sides["A"][0]])
    assert scores[0] > scores[1]


def test_weights_of_a_training_in_16_bits_compute_in_32():
    architecture = {"units": 8, "layers": 1, "dropout": 0.1}
    with precision("mixed_bfloat16"):
        halves = build_music_model(Vocabulary(["A2"]), **architecture)
    whole = in_float32(halves, **architecture)
    assert {layer.compute_dtype for layer in whole.layers} == {
        "float32",
        "int32",
    }
    ids = np.array([[1, 40, 41, 42]])
    np.testing.assert_allclose(whole(ids), halves(ids), atol=0.02)
    assert "bfloat16" in {layer.compute_dtype for layer in halves.layers}


@pytest.mark.skipif(not BUNDLED.exists(), reason="no bundled model here")
def test_bundled_model_is_small_and_has_a_card():
    assert os.path.getsize(BUNDLED) <= 8_000_000
    text = BUNDLED.with_suffix(".md").read_text(encoding="utf-8")
    assert "bits per character" in text
    with zipfile.ZipFile(BUNDLED) as archive:
        config = json.loads(archive.read("config.json"))
    assert config == readable_by_older(config)  # loads on Python 3.10
    model = load_music_model()
    assert vocabulary_of(model).level == "token"
