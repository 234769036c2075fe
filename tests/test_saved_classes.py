"""Keras loads what was saved after `import mitseq` alone, in any order."""

import importlib
import json
import pkgutil
import subprocess
import sys

import keras
import numpy as np
import pytest

import mitseq
from mitseq.layers.lstm import LSTM, LSTMCell
from mitseq.layers.multi_head import MultiHeadAttention
from mitseq.saved_classes import MODULES, StandIn, register_stand_ins
from mitseq.tasks.music.model import BUNDLED as MUSIC
from mitseq.tasks.sentiment.loss import CrossEntropy
from mitseq.tasks.sentiment.model import BUNDLED as SENTIMENT

DATA = np.random.default_rng(0).normal(size=(2, 5, 4)).astype("float32")


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """The file of a user's own model, and what the model says to `DATA`."""
    folder = tmp_path_factory.mktemp("saved")
    inputs = keras.Input((None, 4))
    x = keras.layers.Bidirectional(LSTM(3, return_sequences=True))(inputs)
    x = MultiHeadAttention(2)(x)
    x = keras.layers.RNN(LSTMCell(3))(x)
    model = keras.Model(inputs, keras.layers.Dense(2)(x))
    model.compile("adam", CrossEntropy(), run_eagerly=True)
    model.train_on_batch(DATA, np.array([0, 1]))
    model.save(folder / "model.keras")
    np.save(folder / "data.npy", DATA)
    np.save(folder / "expected.npy", model(DATA))
    return folder


def run(program, *arguments):
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        capture_output=True,
        text=True,
    )


CHECK = """
folder, *others = sys.argv[1:]
model = keras.saving.load_model(folder + "/model.keras")
assert model.compiled
data, expected = (np.load(f"{folder}/{x}.npy") for x in ("data", "expected"))
assert np.allclose(model(data), expected, atol=1e-6)
for path in others:
    assert keras.saving.load_model(path).count_params() > 1000
"""


def test_import_mitseq_is_enough_before_keras(saved):
    """And Keras, once it is there, is told nothing that costs an import."""
    program = """
import importlib.util, sys, mitseq
importlib.util.find_spec("keras")  # who only asks where it is, imports nothing
assert not {"keras", "tensorflow"} & set(sys.modules)
import keras, numpy as np
assert "mitseq.layers" not in sys.modules
assert not [x for x in sys.meta_path if "mitseq" in type(x).__module__]
"""
    done = run(program + CHECK, saved, MUSIC, SENTIMENT)
    assert done.returncode == 0, done.stderr


def test_import_mitseq_is_enough_after_keras_and_without_it_keras_says(saved):
    program = """
import sys, keras, numpy as np
try:
    keras.saving.load_model(sys.argv[1] + "/model.keras")
    sys.exit("it was loaded")
except TypeError as error:
    assert "make sure they are all imported" in str(error), error
    assert "'module': 'mitseq.layers.lstm'" in str(error), error
import mitseq
"""
    done = run(program + CHECK, saved)
    assert done.returncode == 0, done.stderr


def test_every_class_that_is_registered_has_a_stand_in():
    for module in pkgutil.walk_packages(mitseq.__path__, "mitseq."):
        if "__main__" not in module.name:
            importlib.import_module(module.name)
    registered = {
        name.removeprefix("mitseq>"): each.__module__
        for name, each in keras.saving.get_custom_objects().items()
        if name.startswith("mitseq>") and isinstance(each, type)
    }
    assert MODULES == registered
    assert list(MODULES) == sorted(MODULES)


def test_a_stand_in_never_takes_the_place_of_a_class():
    register_stand_ins()
    assert keras.saving.get_registered_object("mitseq>LSTM") is LSTM


def test_a_stand_in_does_as_the_class():
    stand_in = StandIn("LSTM", "mitseq.layers.lstm")
    config = json.loads(json.dumps(LSTM(3, dropout=0.5).get_config()))
    for layer in (stand_in.from_config(config), stand_in(3, dropout=0.5)):
        assert type(layer) is LSTM and layer.cell.dropout == 0.5
