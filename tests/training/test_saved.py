import zipfile

import keras
import numpy as np
import pytest

from mitseq.training.saved import ModelError, load_saved_model


def save_model(path):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse")
    model.save(path)
    return model


def load(path, **options):
    return load_saved_model(path, "mitseq teach", lambda model: None, **options)


def test_a_file_or_its_folder_gives_the_model_back(tmp_path):
    model = save_model(tmp_path / "model.keras")
    x = np.ones((3, 2), "float32")
    for path in (tmp_path, tmp_path / "model.keras"):
        np.testing.assert_array_equal(load(path)(x), model(x))
    assert load(tmp_path).compiled
    assert not load(tmp_path, compile=False).compiled


def test_a_missing_model_names_the_command_that_writes_one(tmp_path):
    with pytest.raises(ModelError, match="no such model.*`mitseq teach`"):
        load(tmp_path / "nowhere")


def test_a_model_of_another_kind_is_named_with_its_file(tmp_path):
    save_model(tmp_path / "other.keras")

    def check(model):
        raise ModelError("`model` must sing")

    with pytest.raises(ModelError, match="other.keras: `model` must sing"):
        load_saved_model(tmp_path / "other.keras", "mitseq teach", check)


def test_a_flipped_byte_is_an_error_of_ours_or_does_no_harm(tmp_path):
    good = tmp_path / "good.keras"
    save_model(good)
    content = bytearray(good.read_bytes())
    rng = np.random.default_rng(0)
    for position in rng.integers(0, len(content), 10):
        damaged = bytearray(content)
        damaged[position] ^= 0xFF
        path = tmp_path / "damaged.keras"
        path.write_bytes(damaged)
        try:
            load(path)
        except ModelError as error:
            assert "\n" not in str(error)


def test_the_error_names_the_keras_that_saved_the_file(tmp_path):
    path = tmp_path / "newer.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", '{"keras_version": "99.1"}')
        archive.writestr("config.json", "{}")
    with pytest.raises(ModelError, match=r"saved by Keras 99\.1, this is"):
        load(path)
