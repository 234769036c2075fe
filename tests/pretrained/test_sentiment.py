"""The bundled classifier: small, in place, and it has learned "not"."""

import json
import zipfile

import pytest

from mitseq.pretrained.half_precision import readable_by_older
from mitseq.pretrained.sentiment import (
    GROUPS,
    HELD_GROUPS,
    SETTINGS,
    card,
    grammar_reviews,
    main,
    split,
    texts_of,
)
from mitseq.tasks.sentiment.classifier import SentimentClassifier
from mitseq.tasks.sentiment.diagnose import diagnose
from mitseq.tasks.sentiment.model import BUNDLED
from mitseq.tasks.sentiment.texts import Texts
from tests.tasks.sentiment.conftest import SMALL, sentences


@pytest.fixture(scope="module")
def bundled():
    return SentimentClassifier.load()


def test_bundled_classifier_knows_what_not_does(bundled):
    said = bundled.predict(
        [
            "the food was good, not bad at all",
            "the food was bad, not good at all",
            "a gripping, beautifully acted film",
            "a dull, lifeless mess",
        ]
    )
    assert said.tolist() == ["positive", "negative"] * 2


def test_bundled_file_is_small_and_readable_by_older_versions():
    assert BUNDLED.stat().st_size <= 8_000_000
    with zipfile.ZipFile(BUNDLED) as archive:
        config = json.loads(archive.read("config.json"))
    assert config == readable_by_older(config)  # loads on Python 3.10
    text = BUNDLED.with_suffix(".md").read_text("utf-8")
    assert "CC BY 4.0" in text and "grammar" in text
    assert json.dumps(SETTINGS) in text


def test_labels_get_plain_names():
    data = Texts(["a", "b"], ["pos", "neg"], "somewhere")
    assert texts_of(data) == (["a", "b"], ["positive", "negative"])


def test_a_tenth_is_held_out_and_another_stops():
    train, stop, held = split(105)
    assert len(held) == len(stop) == 10
    assert sorted([*train, *stop, *held]) == list(range(105))
    assert list(train) != list(range(85))


def test_the_groups_that_it_stops_by_are_others():
    texts, _ = grammar_reviews(GROUPS, seed=0)
    others, labels = grammar_reviews(HELD_GROUPS, seed=99)
    assert len(set(others) - set(texts)) > 0.8 * len(others)
    assert set(labels) == {"negative", "positive"}


@pytest.mark.slow
def test_script_leaves_model_and_card(tmp_path, monkeypatch):
    from mitseq.pretrained import sentiment as script

    monkeypatch.setattr(script, "SETTINGS", {**SMALL, "epochs": 1})
    monkeypatch.setattr(script, "GROUPS", 1)
    monkeypatch.setattr(script, "HELD_GROUPS", 1)
    texts, labels = sentences()
    for label in ("pos", "neg"):
        chosen = [t for t, y in zip(texts, labels, strict=True) if y == label]
        (tmp_path / f"rt-polarity.{label}").write_text("\n".join(chosen))
    out = tmp_path / "out"
    figures = main(["--data", str(tmp_path), "--out", str(out)])
    assert figures["texts"] == 48 and figures["held_out"] == 6
    classifier = SentimentClassifier.load(out / "sentiment.keras")
    text = (out / "sentiment.md").read_text("utf-8")
    assert text == card(
        classifier,
        figures,
        diagnose(classifier),
        (out / "sentiment.keras").stat().st_size,
    )
    assert f"{figures['accuracy']:.1%}" in text


def test_the_two_tweets_of_the_slide():
    """The glad one is positive. Of the sad one, which asks for snow, it is not
    sure, and wrong: it says so by a probability near one half."""
    glad, sad = SentimentClassifier.load().predict_proba(
        [
            "The @MIT Introduction to #DeepLearning is definitely one of the "
            "best courses of its kind currently available online "
            "introtodeeplearning.com",
            "I wouldn't mind a bit of snow right now. We haven't had any in my "
            "bit of the Midlands this winter! :(",
        ]
    )[:, 1]
    assert glad > 0.9
    assert 0.5 < sad < 0.6  # below 0.5 it would be right
