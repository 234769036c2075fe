"""The chapter on applications and limits."""

import numpy as np

from mitseq.quiz.applications import APPLICATIONS
from mitseq.tasks.sentiment.loss import softmax_cross_entropy_with_logits
from tests.quiz.chapter_checks import check_chapter


def test_links_lead_somewhere_and_numbers_are_measured():
    check_chapter(APPLICATIONS)


def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def test_a_softmax_taken_twice_cannot_come_near_zero():
    y, logits = np.array([[1.0, 0.0]]), np.array([[50.0, -50.0]])
    once = softmax_cross_entropy_with_logits(y, logits)
    twice = softmax_cross_entropy_with_logits(y, softmax(logits))
    assert float(once[0]) < 1e-6
    np.testing.assert_allclose(twice, np.log(1 + np.exp(-1)))  # 0.31


def test_a_low_temperature_makes_the_likely_likelier():
    z = np.array([2.0, 1.0, 0.0])
    assert softmax(z / 0.5).max() > softmax(z).max() > softmax(z / 2).max()
