"""Errors by hand, and the walls found where they are."""

import keras
import numpy as np
import pytest

from mitseq.by_hand.ball import ball_paths
from mitseq.errors import MitseqError
from mitseq.tasks.ball.evaluation import (
    RULE,
    STAYS,
    at_walls,
    evaluate_ball_model,
    one_step_errors,
    unseen_paths,
)


@pytest.fixture
def staying():
    """A model that says that the ball stays."""
    x = keras.Input((None, 2))
    return keras.Model(x, keras.layers.Identity()(x))


def test_errors_of_a_straight_path_by_hand(staying):
    # 0.05 a step along each axis, no wall
    path = np.linspace(0, 0.7, 15)[None, :, None].repeat(2, axis=-1)
    found = evaluate_ball_model(staying, [path, path], steps=4)
    step = 0.05 * np.sqrt(2)
    for name in ("the model", STAYS):
        np.testing.assert_allclose(found[name].next, [step, step])
        assert np.isnan(found[name].walls).all()
        np.testing.assert_allclose(
            found[name].ahead, np.tile(step * np.arange(1, 5), (2, 1)), 1e-6
        )
    np.testing.assert_allclose(found[RULE].ahead, 0, atol=1e-9)
    known = one_step_errors(staying, path)
    assert known["the model"] == pytest.approx(step)
    assert known[RULE] == pytest.approx(0)
    assert one_step_errors(staying, path[:, :3]) == {}


def test_a_row_a_draw_and_its_range(staying):
    draws = [unseen_paths(20, draw) for draw in range(3)]
    found = evaluate_ball_model(staying, draws, steps=2, name="mine")
    assert found["mine"].ahead.shape == (3, 2)
    told = found["mine"].as_dict()
    assert told["one_step"]["low"] < told["one_step"]["mean"]
    assert told["one_step"]["mean"] < told["one_step"]["high"]
    assert len(told["ahead"]) == 2
    assert "ahead" not in found["the same step once more"].as_dict()
    # where it bounces, one who repeats the last step is far off
    repeats = found["the same step once more"]
    assert (repeats.walls > 3 * repeats.next).all()
    assert found[RULE].walls.max() < 1e-4


def test_walls_are_where_a_coordinate_turns():
    paths = ball_paths(100, 30, seed=0)
    turns = np.sign(np.diff(paths, axis=1))
    turns = (turns[:, 1:] != turns[:, :-1]).any(axis=-1)[:, 1:]
    found = at_walls(paths)
    assert found.shape == turns.shape == (100, 27)
    # Each turn is at a wall, with at most one step beside it.
    assert found[turns].all()
    assert turns.sum() < found.sum() <= 2 * turns.sum() + 100


@pytest.mark.parametrize("steps", [0, 31])
def test_more_steps_than_the_paths_have_are_refused(staying, steps):
    with pytest.raises(MitseqError, match="`steps` must be from 1 to 30"):
        evaluate_ball_model(staying, [unseen_paths(2, 0)], steps)
