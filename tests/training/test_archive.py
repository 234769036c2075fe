"""Files that would fill the memory are refused before they are unpacked."""

import json
import re
import tracemalloc
import zipfile

import keras
import pytest

from mitseq.layers.lstm import LSTM
from mitseq.training import archive
from mitseq.training.archive import ArchiveError, check_archive
from mitseq.training.saved import ModelError, load_saved_model


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A small model in a file."""
    x = keras.Input((None, 3))
    model = keras.Model(x, keras.layers.Dense(2)(LSTM(4)(x)))
    path = tmp_path_factory.mktemp("saved") / "model.keras"
    model.save(path)
    return path


def _rewritten(saved, path, change):
    """The same archive, its configuration changed as a text."""
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(path, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == archive.CONFIG:
                text = data.decode()
                assert change(text) != text
                data = change(text).encode()
            new.writestr(info.filename, data)
    return path


def test_what_is_as_large_as_its_weights_is_taken(saved, monkeypatch):
    check_archive(saved)
    monkeypatch.setattr(archive, "SMALL", 1)  # every size is looked at
    check_archive(saved)


def test_an_archive_that_unpacks_to_gigabytes_is_refused(tmp_path):
    path = tmp_path / "bomb.keras"
    piece = bytes(2**24)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("config.json", "{}")
        with bomb.open("model.weights.h5", "w", force_zip64=True) as weights:
            for _ in range(20):
                weights.write(piece)
    tracemalloc.start()
    with pytest.raises(ModelError, match="bomb.keras: .* unpacks to 335,544"):
        load_saved_model(path, "train", lambda model: None)
    assert tracemalloc.get_traced_memory()[1] < 2**22
    tracemalloc.stop()


def test_weights_that_are_packed_in_their_own_file_are_looked_at(
    saved, tmp_path, monkeypatch
):
    h5py = pytest.importorskip("h5py")
    weights = tmp_path / "weights.h5"
    with h5py.File(weights, "w") as file:
        file.create_dataset(
            "w", (2**27,), "float32", chunks=(2**20,), compression="gzip"
        )  # half a gigabyte of zeros that nobody has written
    path = tmp_path / "model.keras"
    layer = {"class_name": "Dense", "config": {"units": 5000}}
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("config.json", json.dumps({"layers": [layer]}))
        packed.write(weights, "model.weights.h5")
    with pytest.raises(ArchiveError, match="unpacks to 536,870,912"):
        check_archive(path)


@pytest.mark.parametrize("units", [2_000_000, 10_000])
def test_a_layer_that_is_larger_than_the_weights_is_refused(
    saved, tmp_path, units
):
    path = _rewritten(
        saved,
        tmp_path / "large.keras",
        lambda text: re.sub(r'"units": 4\b', f'"units": {units}', text),
    )
    said = rf"large.keras: .* units={units:,}, more than its \d+ weights"
    with pytest.raises(ModelError, match=said):
        load_saved_model(path, "train", lambda model: None)


def test_an_input_that_no_weights_belong_to_is_refused(saved, tmp_path):
    path = _rewritten(
        saved,
        tmp_path / "wide.keras",
        lambda text: text.replace("[null, null, 3]", "[null, null, 900000]"),
    )
    with pytest.raises(ArchiveError, match="_shape=900,000, more than"):
        check_archive(path)


def test_the_square_of_a_recurrent_layer_counts(saved, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "SMALL", 10)
    path = _rewritten(
        saved,
        tmp_path / "square.keras",
        lambda text: re.sub(r'"units": 4\b', '"units": 20', text),
    )
    # 138 weights: more than 20, and fewer than 20 times 20
    with pytest.raises(ArchiveError, match="units=20, more than its 138"):
        check_archive(path)


def test_a_configuration_without_end_is_refused(saved, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MOST_CONFIG", 100)
    with pytest.raises(ArchiveError, match="config.json has .* at most 100"):
        check_archive(saved)
