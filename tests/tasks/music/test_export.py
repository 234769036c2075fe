import json

import keras
import numpy as np
import onnxruntime
import pytest
import tensorflow as tf

from mitseq.errors import MitseqError
from mitseq.tasks.music.export import export_model
from mitseq.tasks.music.model import build_music_model, tune_vocabulary

TUNE = "M:6/8\nL:1/8\nK:D\n|:D2F A2d|d3 A3:||:DFA dAF|G2E (3EFG|1 D6:|2 D3-D3|]"
TOKENS = tune_vocabulary([TUNE] * 5)
LETTERS = tune_vocabulary([TUNE], level="character")


def a_model(vocabulary, cell):
    keras.utils.set_random_seed(1)
    layers = 1 if cell == "transformer" else 2
    return build_music_model(
        vocabulary, cell=cell, units=8, layers=layers, heads=2, embedding_dim=4
    )


@pytest.mark.parametrize(
    ("vocabulary", "cell"),
    [(LETTERS, "rnn"), (LETTERS, "gru"), (TOKENS, "lstm")]
    + [(TOKENS, "transformer")],
)
def test_onnx_equals_the_model(vocabulary, cell, tmp_path):
    model = a_model(vocabulary, cell)
    out = export_model(model, tmp_path / "onnx", "onnx")
    session = onnxruntime.InferenceSession(out / "model.onnx")
    one = np.array([1, *vocabulary.encode(TUNE), 2])
    # so long that attention goes a tile at a time
    noise = np.random.default_rng(0).integers(0, len(vocabulary), (1, 600))
    for ids in (one[None], one[None, :1], noise):
        (logits,) = session.run(["logits"], {"ids": ids})
        expected = model.predict_on_batch(ids)  # eagerly 600 steps take long
        np.testing.assert_allclose(logits, expected, atol=1e-5)
    about = json.loads((out / "vocabulary.json").read_text(encoding="utf-8"))
    assert "".join(about["tokens"][i] for i in one) == TUNE
    assert (about["pad"], about["start"], about["end"]) == (0, 1, 2)


def test_a_savedmodel_serves_ids(tmp_path):
    model = a_model(TOKENS, "lstm")
    out = export_model(model, tmp_path / "served")
    ids = np.array([TOKENS.encode(TUNE)])
    served = tf.saved_model.load(out)
    np.testing.assert_allclose(
        served.serve(ids)["logits"], model(ids), atol=1e-5
    )
    assert (out / "vocabulary.json").exists()


def test_what_cannot_be_exported_is_named(tmp_path):
    model = a_model(LETTERS, "rnn")
    with pytest.raises(MitseqError, match="`format` must be one of.*'tflite'"):
        export_model(model, tmp_path / "new", "tflite")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    with pytest.raises(MitseqError, match="full exists"):
        export_model(model, tmp_path / "full", "onnx")
    assert [p.name for p in tmp_path.iterdir()] == ["full"]
