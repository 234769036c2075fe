"""Halving a model loses almost nothing, and older Keras can read it."""

import os

import keras
import numpy as np
from keras import ops

from mitseq.pretrained.half_precision import (
    MANTISSA_BITS,
    halve,
    readable_by_older,
    round_mantissa,
)
from mitseq.tasks.music.model import (
    build_music_model,
    load_music_model,
    vocabulary_of,
)
from mitseq.text.vocabulary import Vocabulary


def test_round_mantissa_is_within_half_a_unit_of_the_last_bit():
    values = np.random.default_rng(0).normal(size=1000)
    rounded = round_mantissa(values, 8).astype("float64")
    assert (np.abs(rounded - values) <= np.abs(values) * 2.0**-9).all()
    mantissa, _ = np.frexp(rounded)
    np.testing.assert_array_equal(mantissa * 2**9, np.rint(mantissa * 2**9))
    assert round_mantissa(np.zeros(3), 8).tolist() == [0, 0, 0]


def test_halved_model_is_a_fraction_of_the_size_and_says_the_same(tmp_path):
    keras.utils.set_random_seed(0)
    model = build_music_model(Vocabulary(["A2", "B2"]), units=64, layers=1)
    model.compile("adam", "mse")
    model.save(tmp_path / "full.keras")
    halve(tmp_path / "full.keras", tmp_path / "half.keras")
    loaded = load_music_model(tmp_path / "half.keras")
    assert vocabulary_of(loaded) == vocabulary_of(model)
    for a, b in zip(loaded.weights, model.weights, strict=True):
        assert a.dtype == "float32"
        np.testing.assert_allclose(
            ops.convert_to_numpy(a.value),
            ops.convert_to_numpy(b.value),
            rtol=2.0**-MANTISSA_BITS,
            atol=1e-6,
        )
    sizes = [
        os.path.getsize(tmp_path / f"{name}.keras") for name in ("full", "half")
    ]
    assert sizes[1] < 0.6 * sizes[0]


def test_unset_keys_of_newer_versions_are_dropped_and_others_kept():
    config = {"a": [{"input_axes": None, "seed": None}], "output_axes": 1}
    assert readable_by_older(config) == {
        "a": [{"seed": None}],
        "output_axes": 1,
    }
    lookup = {"oov_method": "floormod", "salt": None, "mask_token": None}
    assert readable_by_older(lookup) == {"mask_token": None}
    assert readable_by_older({"oov_method": "other"}) == {"oov_method": "other"}
