"""Training by the command: what is trained, and what a row has."""

import pytest
import sentiment_training as bench

TEXTS = ["so good", "so bad", "the plot was dull", "a lovely film"] * 30
LABELS = ["pos", "neg", "neg", "pos"] * 30


def test_reviews_are_mostly_of_their_class():
    reviews, labels = bench.made_reviews(TEXTS, LABELS, 6)
    assert labels == ["neg", "pos"] * 3
    for review, label in zip(reviews, labels, strict=True):
        words = review.split()
        assert bench.WORDS <= len(words) < bench.WORDS + 4
        good = words.count("good") + words.count("lovely")
        bad = words.count("bad") + words.count("dull")
        assert (good > bad) == (label == "pos") and good and bad


@pytest.mark.slow
def test_a_row_is_of_the_texts():
    row = bench.train("fold", TEXTS, LABELS)
    assert row["number"] == len(TEXTS) and row["held_out"] > 90
    assert row["seconds"] == pytest.approx(row["beyond"] + row["import"])
