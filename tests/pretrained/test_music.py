"""The bundled model: halving loses almost nothing; the file is in place."""

import json
import os
import zipfile

import keras
import numpy as np
import pytest
from keras import ops

from mitseq.data.vocabulary import Vocabulary
from mitseq.models.music import (
    BUNDLED,
    build_music_model,
    load_music_model,
    vocabulary_of,
)
from mitseq.music.corpus import Corpus
from mitseq.pretrained.music import (
    MANTISSA_BITS,
    SETTINGS,
    card,
    halve,
    readable_by_older,
    round_mantissa,
)


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


def test_card_names_data_settings_and_figures():
    model = build_music_model(Vocabulary(["A2"]), units=8, layers=1)
    text = card(
        model,
        Corpus(["a"] * 5, ["b"], ["c"] * 2, {}),
        [{"epoch": 3.0, "seconds": 120.0, "val_bits_per_character": 1.25}],
        {
            "samples": 50,
            "bits_per_character": 1.5,
            "tunes": 2,
            "characters": 9,
            "accepted": 0.5,
            "copied": 0.0,
            "longest_copied_run": 31,
        },
    )
    assert "5 tunes to train, 1 to choose the best" in text
    assert "| bits per character | 1.500 |" in text
    assert "| samples our checker accepts | 50.0% |" in text
    assert "1.250 bits per character of the validation tunes" in text
    for name, value in SETTINGS.items():
        assert f"- {name}: {value}" in text


@pytest.mark.skipif(not BUNDLED.exists(), reason="no bundled model here")
def test_bundled_model_is_small_and_has_a_card():
    assert os.path.getsize(BUNDLED) <= 8_000_000
    text = BUNDLED.with_suffix(".md").read_text(encoding="utf-8")
    assert "bits per character" in text
    with zipfile.ZipFile(BUNDLED) as archive:
        config = json.loads(archive.read("config.json"))
    assert config == readable_by_older(config)  # loads on Python 3.10
    model = load_music_model()
    assert vocabulary_of(model).level == "token"
