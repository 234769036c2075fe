"""The LSTM without TensorFlow: the numbers of the layers that it stands for."""

import keras
import numpy as np
import pytest

from mitseq.tasks.sentiment import forward
from mitseq.tasks.sentiment.forward import ForwardLSTM
from mitseq.tasks.sentiment.model import build_sentiment_model
from mitseq.tasks.sentiment.parts import parts_of
from mitseq.text.rows import Rows

LENGTHS = (3, 0, 12, 1, 7, 7, 2)


def part_of(**options):
    model = build_sentiment_model(
        list("abcdefgh"), ["x", "y", "z"], embedding_dim=5, units=4, **options
    )
    draw = np.random.default_rng(0)
    for weight in model.trainable_weights:
        weight.assign(draw.normal(size=weight.shape))
    return parts_of(model)[0].model


@pytest.mark.parametrize("pooling", ["last", "max_mean"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_it_equals_the_layers(monkeypatch, pooling, bidirectional):
    part = part_of(pooling=pooling, bidirectional=bidirectional)
    assert ForwardLSTM.can_run(part)
    draw = np.random.default_rng(1)
    rows = [draw.integers(1, 10, n) for n in LENGTHS]
    padded = np.zeros((len(rows), max(LENGTHS)), int)
    for row, values in zip(padded, rows, strict=True):
        row[: len(values)] = values
    expected = part(padded, training=False).numpy()
    for size in (256, 3):
        monkeypatch.setattr(forward, "BATCH", size)
        found = ForwardLSTM(part)(Rows.of(rows))
        np.testing.assert_allclose(found, expected, atol=2e-6)
    assert np.abs(expected - expected[0]).max() > 0.1


@pytest.mark.parametrize(
    "options",
    [
        {"cell": "gru"},
        {"layers": 2},
        {"cell": "transformer"},
        {"precision": "mixed_bfloat16"},
    ],
)
def test_what_it_does_not_know_it_leaves_alone(options):
    assert not ForwardLSTM.can_run(part_of(**options))


def test_other_activations_are_left_alone():
    part = part_of()
    assert ForwardLSTM.can_run(part)
    part.get_layer("lstm_1").cell.activation = keras.activations.relu
    assert not ForwardLSTM.can_run(part)
