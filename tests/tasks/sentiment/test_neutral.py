"""The third answer: where it begins, and for whom."""

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment.neutral import (
    answers_of,
    check_neutral,
    scores_of,
    sides,
    with_neutral,
)

PROBS = np.array([[0.1, 0.9], [0.34, 0.66], [0.36, 0.64], [0.8, 0.2]])


def test_score_is_praise_less_blame_whatever_the_order():
    assert np.allclose(
        scores_of(PROBS, ["neg", "pos"]), [0.8, 0.32, 0.28, -0.6]
    )
    assert np.allclose(scores_of(PROBS, ["1", "0"]), [-0.8, -0.32, -0.28, 0.6])
    three = np.array([[0.5, 0.3, 0.2]])
    score = scores_of(three, ["negative", "neutral", "positive"])
    assert np.allclose(score, [-0.3])
    assert scores_of(PROBS, ["news", "sport"]) is None
    assert sides(["pos", "good"]) is None


def test_below_the_threshold_the_answer_is_neutral():
    classes = np.array(["neg", "pos"])
    said = answers_of(PROBS, classes, 0.3).tolist()
    assert said == ["pos", "pos", "neutral", "neg"]
    # 0: as ever, and of the labels' own kind
    assert answers_of(PROBS, np.array([0, 1]), 0.0).tolist() == [1, 1, 1, 0]


@pytest.mark.parametrize("threshold", [0.05, 0.3, 0.9])
def test_the_largest_of_three_is_the_answer(threshold):
    p = np.random.default_rng(0).random(500)
    probs = np.stack([p, 1 - p], axis=1)
    three, names = with_neutral(probs, ["neg", "pos"], threshold, ["neutral"])
    assert np.allclose(three.sum(axis=1), 1)
    said = answers_of(probs, np.array(["neg", "pos"]), threshold)
    assert [names[i] for i in three.argmax(axis=1)] == said.tolist()


def test_who_has_no_neutral_label_takes_sides():
    same, names = with_neutral(PROBS, ["neg", "pos"], 0.3, ["neg", "pos"])
    assert same is PROBS and names == ["neg", "pos"]


@pytest.mark.parametrize(
    "neutral, classes, told",
    [
        (1.0, ["neg", "pos"], "must be in"),
        (-0.1, ["neg", "pos"], "must be in"),
        (0.3, ["a", "b"], "one of praise and one of blame.*a, b"),
        (0.3, ["neg", "neutral", "pos"], "needs two classes"),
    ],
)
def test_thresholds_that_cannot_be(neutral, classes, told):
    with pytest.raises(MitseqError, match=told):
        check_neutral(neutral, classes)
    check_neutral(0.0, ["a", "b", "c"])
