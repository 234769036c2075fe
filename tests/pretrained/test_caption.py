"""The bundled model of captions: small, and it puts parts together."""

import json
import re
import zipfile

import numpy as np
import pytest

from mitseq.pretrained import caption as script
from mitseq.pretrained.half_precision import readable_by_older
from mitseq.tasks.caption.evaluation import evaluate_caption_model
from mitseq.tasks.caption.model import BUNDLED, load_caption_model
from mitseq.tasks.caption.predict import caption_pictures
from mitseq.tasks.caption.scenes import Person, draw_scenes, is_unseen


@pytest.fixture(scope="module")
def model():
    return load_caption_model()


def test_the_slides_sentence_is_said_though_never_seen(model):
    scene = Person("baseball player", "throws")
    assert is_unseen(scene)
    pictures = draw_scenes([scene] * 30, seed=123)[..., None]
    said = [each.text for each in caption_pictures(model, pictures)]
    assert said.count("A baseball player throws a ball.") >= 26


def test_pairs_never_seen_together_get_exact_captions(model):
    found = evaluate_caption_model(model, count=60, draw=17)
    assert found["the model"]["people, unseen"].share >= 0.8
    assert found["the model"]["digits, unseen"].share >= 0.9
    assert found["by chance"]["unseen"].share < 0.1


def test_it_looks_at_what_it_names(model):
    """The two digits of a scene: the looks at their words are apart."""
    from mitseq.tasks.caption.evaluation import fresh_scenes

    pictures, right = fresh_scenes("digits", "unseen", 40, draw=18)
    apart = []
    for caption, text in zip(
        caption_pictures(model, pictures), right, strict=True
    ):
        if caption.text == text:
            last = len(caption.words) - 3  # the second digit
            one, two = caption.looks[1], caption.looks[last]
            apart.append(0.5 * np.abs(one - two).sum())
    assert len(apart) > 20 and np.median(apart) > 0.5


def test_bundled_file_is_small_and_readable_by_older_versions():
    assert BUNDLED.stat().st_size <= 3_000_000
    with zipfile.ZipFile(BUNDLED) as archive:
        config = json.loads(archive.read("config.json"))
    assert config == readable_by_older(config)  # loads on Python 3.10
    text = BUNDLED.with_suffix(".md").read_text("utf-8")
    assert json.dumps(script.SETTINGS) in text


@pytest.mark.slow
def test_script_leaves_model_and_card(tmp_path, monkeypatch):
    small = {"units": 8, "epochs": 1, "steps": 2, "size": 16, "batch_size": 4}
    monkeypatch.setattr(script, "SETTINGS", small)
    monkeypatch.setattr(script, "COUNT", 5)
    monkeypatch.setattr(
        script,
        "probabilities",
        lambda model: {"noise": np.array([0.2, 0.9]), "x": np.array([1.0])},
    )
    asked = ["--out", str(tmp_path), "--seeds", "0", "1"]
    figures = script.main(asked)
    text = (tmp_path / "caption.md").read_text("utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if "seed " in line]
    assert rows[0][0].startswith("| **the model (seed ")
    assert rows[1][0].startswith("| trained anew, seed ")
    best, other = (float(row[3].split(" %")[0]) for row in rows)
    assert best >= other
    assert "by chance | " in text
    unseen = figures["the model"]["unseen"]
    assert f"({unseen['right']} of 10; 95 % interval" in text
    assert "| noise | 0.550 | 1 of 2 |" in text
    assert load_caption_model(tmp_path / "caption.keras").count_params()
    # a second start takes what is finished
    before = (tmp_path / "training-1" / "history.csv").read_bytes()
    script.main(asked)
    assert (tmp_path / "training-1" / "history.csv").read_bytes() == before


def test_the_card_says_which_seed_the_model_is():
    text = BUNDLED.with_suffix(".md").read_text("utf-8")
    (seed,) = re.findall(r"\| \*\*the model \(seed (\d)\)\*\* \|", text)
    others = re.findall(r"\| trained anew, seed (\d) \|", text)
    assert {int(seed), *map(int, others)} == {*script.SEEDS}
