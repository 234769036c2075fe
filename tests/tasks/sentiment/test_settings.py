"""What is wrong with a setting is said before any text is read."""

import dataclasses
import math

import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment.classifier import SentimentClassifier
from mitseq.tasks.sentiment.settings import CHECKS, check_settings


def test_every_setting_has_its_check():
    names = {each.name for each in dataclasses.fields(SentimentClassifier)}
    assert set(CHECKS) == names


def test_the_defaults_are_right():
    check_settings(SentimentClassifier().get_params())
    check_settings({"epochs": None, "minutes": None, "cell": None})
    check_settings({"class_weight": {"p": 0, "n": 2.5}, "buckets": 0})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epochs", 0),
        ("epochs", -1),
        ("epochs", 1.5),
        ("minutes", 0),
        ("minutes", math.nan),
        ("patience", 0),
        ("batch_size", 0),
        ("buckets", -1),
        ("ngrams", -1),
        ("ngrams", 2**63),
        ("characters", None),
        ("seed", -1),
        ("learning_rate", math.nan),
        ("class_weight", {"p": math.nan}),
        ("class_weight", "even"),
        ("validation_split", 1.0),
        ("least_known", 1.5),
        ("neutral", 1),
        ("precision", "float64"),
        ("pooling", b"last"),
        ("cell", "bert"),
        ("units", 10**9),
        ("bidirectional", None),
        ("verbose", 3),
        ("verbose", "yes"),
        ("vectors", ""),
    ],
)
def test_what_is_out_of_its_range_is_named(name, value):
    with pytest.raises(MitseqError, match=f"`{name}` must be"):
        check_settings({name: value})
    classifier = SentimentClassifier(**{name: value})
    with pytest.raises(MitseqError, match=f"`{name}` must be"):
        classifier.fit(["a", "b"] * 2, ["p", "n"] * 2)
