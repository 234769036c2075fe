"""Predictions are fed back, and nothing of the future leaks into them."""

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.ball.model import build_ball_model
from mitseq.tasks.ball.predict import predict_ahead, predict_next


@pytest.fixture
def constant():
    """A model that always goes a step of 0.1 to the right."""
    x = keras.Input((None, 2))
    return keras.Model(x, x + keras.ops.convert_to_tensor([0.1, 0.0]))


def test_each_prediction_starts_at_the_one_before(constant):
    seen = np.array([[[0.0, 0.3], [0.2, 0.3]]])
    np.testing.assert_allclose(
        predict_ahead(constant, seen, 3)[0],
        [[0.3, 0.3], [0.4, 0.3], [0.5, 0.3]],
        atol=1e-6,
    )


def test_ahead_equals_reading_the_growing_path():
    model = build_ball_model("lstm", units=8)
    path = np.random.default_rng(0).uniform(size=(2, 5, 2))
    ahead = predict_ahead(model, path, 4)
    for _ in range(4):
        following = np.asarray(model(path.astype("float32")))[:, -1:]
        path = np.concatenate([path, following], axis=1)
    np.testing.assert_allclose(ahead, path[:, 5:], atol=1e-6)


def test_next_ones_are_the_same_in_parts(constant, monkeypatch):
    paths = np.random.default_rng(0).uniform(size=(7, 4, 2))
    whole = predict_next(constant, paths)
    np.testing.assert_allclose(whole, paths[:, :-1] + [0.1, 0], atol=1e-6)
    monkeypatch.setattr("mitseq.tasks.ball.predict.BATCH", 3)
    np.testing.assert_array_equal(predict_next(constant, paths), whole)


@pytest.mark.parametrize(("length", "steps"), [(0, 3), (2, 0)])
def test_nothing_seen_or_no_step_is_refused(constant, length, steps):
    with pytest.raises(MitseqError, match="at least one position and one"):
        predict_ahead(constant, np.zeros((1, length, 2)), steps)
