"""What each model sees of the past, and what it refuses."""

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.precision import precision
from mitseq.tasks.ball.model import CELLS, build_ball_model, load_ball_model


@pytest.fixture
def paths():
    return np.random.default_rng(0).uniform(size=(3, 12, 2)).astype("float32")


# How many positions the last prediction depends on.
@pytest.mark.parametrize(
    ("cell", "seen"),
    [("gru", 12), ("lstm", 12), ("rnn", 12), ("window", 4), ("present", 1)],
)
def test_a_model_sees_as_much_of_the_past_as_its_cell(paths, cell, seen):
    model = build_ball_model(cell, units=8)
    before = np.asarray(model(paths))
    for place in range(paths.shape[1]):
        changed = paths.copy()
        changed[:, place] += 0.2
        after = np.asarray(model(changed))
        np.testing.assert_array_equal(before[:, :place], after[:, :place])
        differs = (before[:, -1] != after[:, -1]).any()
        assert differs == (place >= paths.shape[1] - seen)


def test_it_predicts_how_far_the_ball_moves(paths):
    model = build_ball_model(units=8)
    model.get_layer("step").set_weights(
        [np.zeros((8, 2)), np.array([1.0, -2.0])]
    )
    np.testing.assert_allclose(model(paths), paths + [0.1, -0.2], atol=1e-6)


def test_noise_is_there_in_training_only(paths):
    model = build_ball_model("present", units=8, noise=0.1)
    np.testing.assert_array_equal(model(paths), model(paths))
    assert np.abs(model(paths, training=True) - model(paths)).max() > 1e-3


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"cell": "cnn"}, "`cell` must be one of"),
        ({"units": 0}, "`units` must be a positive int. Received: units=0"),
        ({"window": 1.5}, "`window` must be a positive int"),
        ({"noise": -0.1}, r"`noise` must be in \[0, 1\)"),
    ],
)
def test_what_is_wrong_is_named(arguments, match):
    with pytest.raises(MitseqError, match=match):
        build_ball_model(**arguments)


def test_all_cells_are_saved_and_loaded(tmp_path, paths):
    for cell in CELLS:
        model = build_ball_model(cell, units=4)
        model.save(tmp_path / "model.keras")
        again = load_ball_model(tmp_path)
        np.testing.assert_array_equal(again(paths), model(paths))


def test_a_model_of_another_kind_is_refused(tmp_path):
    x = keras.Input((3,))
    keras.Model(x, keras.layers.Dense(2)(x)).save(tmp_path / "model.keras")
    with pytest.raises(MitseqError, match="`mitseq ball train`"):
        load_ball_model(tmp_path)
    with pytest.raises(MitseqError, match="no such model"):
        load_ball_model(tmp_path / "none.keras")


def test_sixteen_bits_do_not_round_the_positions():
    # between two neighbours of bfloat16 there are 0.0039 of the box
    with precision("mixed_bfloat16"):
        model = build_ball_model("window", units=4, noise=0.001)
    assert model.get_layer("window").compute_dtype == "bfloat16"
    still = [np.zeros_like(w) for w in model.get_weights()]
    model.set_weights(still)
    path = np.linspace(0.7, 0.701, 12, dtype="float32").reshape(1, 6, 2)
    np.testing.assert_array_equal(model(path), path)
