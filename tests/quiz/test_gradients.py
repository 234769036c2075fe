"""The chapter on gradients: its numbers by hand."""

import keras
import numpy as np
import pytest

from mitseq.layers.gru import GRU
from mitseq.layers.lstm import LSTM
from mitseq.quiz.gradients import GRADIENTS
from tests.quiz.chapter_checks import check_chapter


def test_links_lead_somewhere_and_numbers_are_measured():
    check_chapter(GRADIENTS)


def test_the_powers_are_as_the_answer_says():
    (power,) = (q for q in GRADIENTS.questions if "0.9 h_{t-1}" in q.text)
    assert "0.00003" in power.right
    assert 0.9**100 == pytest.approx(0.00003, rel=0.15)
    assert "14,000" in power.why
    assert 1.1**100 == pytest.approx(14_000, rel=0.02)


def test_clipping_keeps_the_direction():
    (clip,) = (q for q in GRADIENTS.questions if "norm 50" in q.text)
    assert "fiftieth" in clip.right
    weights = keras.Variable([0.0, 0.0])
    gradient = np.array([30.0, 40.0], "float32")  # of norm 50
    keras.optimizers.SGD(1.0, global_clipnorm=1.0).apply([gradient], [weights])
    step = -keras.ops.convert_to_numpy(weights)
    np.testing.assert_allclose(step, gradient / 50, atol=1e-6)


def test_a_gru_has_three_quarters_of_an_lstms_weights():
    layers = [GRU(8, reset_after=False), LSTM(8)]
    for layer in layers:
        layer.build((None, 5, 3))
    gru, lstm = (layer.count_params() for layer in layers)
    assert gru / lstm == 0.75
