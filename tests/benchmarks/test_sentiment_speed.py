"""Texts a second: all are classified by all, and long ones are long."""

import pytest
import sentiment_speed as bench

TEXTS = ["so good", "so bad", "the plot was dull", "a lovely film"] * 3
LABELS = ["pos", "neg", "neg", "pos"] * 3


def test_long_reviews_are_made_of_the_sentences():
    found = bench.long_texts(TEXTS, 5)
    assert len(found) == 5 and len(set(found)) == 5
    for review in found:
        words = review.split()
        assert bench.WORDS <= len(words) < bench.WORDS + 4
        assert set(words) <= set(" ".join(TEXTS).split())


def test_each_model_classifies_short_and_long_ones(monkeypatch):
    monkeypatch.setattr(bench, "LONG", 2)
    rows = bench.measure(TEXTS, LABELS, rounds=1)
    assert [(row["texts"], row["model"]) for row in rows] == [
        (kind, name)
        for kind in ("short", "long")
        for name in ("bundled", "plain", "tfidf")
    ]
    for row in rows:
        assert row["second"] * row["microseconds"] == pytest.approx(1e6)


@pytest.mark.slow
def test_lines_go_through_the_command():
    found = bench.stream(["so\tgood", "so bad"], 50)
    assert found["lines"] == 50 and found["megabytes"] > 10
