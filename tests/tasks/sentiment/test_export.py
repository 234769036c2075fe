import json
import subprocess
import sys

import numpy as np
import onnxruntime
import pytest
import tensorflow as tf

from mitseq.errors import MitseqError
from mitseq.output import OutputError
from mitseq.tasks.sentiment.classifier import SentimentClassifier
from mitseq.tasks.sentiment.export import (
    _CharacterNGrams,
    _floordiv,
    _floormod,
    _NGrams,
    export_litert,
    export_model,
    export_onnx,
    export_savedmodel,
    litert_ids,
)
from mitseq.tasks.sentiment.model import (
    build_sentiment_model,
    load_sentiment_model,
)
from mitseq.tasks.sentiment.neutral import answers_of
from mitseq.text.characters import CharacterNGrams
from mitseq.text.ngrams import NGrams
from mitseq.text.tokens import Tokens

TEXTS = ["The food was good, not bad!", "", "qwxyz 🙂", "bad " * 40, "@me ok"]
WORDS = ["good", "bad", "not", "the", "food", "was", ",", "!", "ok"]


def a_model(**options):
    """A model with random weights in all its parts."""
    settings = {"units": 3, "embedding_dim": 4, "num_steps": 8, **options}
    model = build_sentiment_model(WORDS, ["neg", "pos"], **settings)
    draw = np.random.default_rng(0)
    for weight in model.trainable_weights:
        weight.assign(draw.normal(size=weight.shape))
    return model


def probabilities(model, texts=TEXTS):
    logits = model(tf.constant(texts)).numpy()
    if logits.shape[1] == 1:
        logits = np.concatenate([np.zeros_like(logits), logits], axis=1)
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


FRESH = """
import json, sys
import tensorflow as tf
served = tf.saved_model.load(sys.argv[1])
found = served.serve(tf.constant(json.loads(sys.argv[2])))
labels = [name.decode() for name in found["label"].numpy()]
assert "mitseq" not in sys.modules
assert "serving_default" in served.signatures
print(json.dumps([labels, found["probabilities"].numpy().tolist()]))
"""


def test_savedmodel_serves_strings_in_a_process_without_mitseq(tmp_path):
    model = a_model(
        cell="lstm",
        bidirectional=True,
        pooling="max_mean",
        keys=np.array([2 * 11 + 3]),
        buckets=50,
    )
    out = export_savedmodel(model, tmp_path / "served")
    done = subprocess.run(
        [sys.executable, "-c", FRESH, str(out), json.dumps(TEXTS)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    labels, probs = json.loads(done.stdout.splitlines()[-1])
    expected = probabilities(model)
    np.testing.assert_allclose(probs, expected, atol=1e-5)
    names = np.array(["neg", "pos"])
    assert labels == names[expected.argmax(axis=1)].tolist()


def test_a_single_logit_gives_two_probabilities(tmp_path):
    model = a_model(cell="gru", single_logit=True)
    out = export_savedmodel(model, tmp_path / "served")
    served = tf.saved_model.load(out)
    found = served.serve(tf.constant(TEXTS))
    np.testing.assert_allclose(
        found["probabilities"], probabilities(model), atol=1e-5
    )


# ONNX


def onnx_probabilities(out, texts=TEXTS):
    """By the file and the program beside it."""
    names: dict = {"__name__": "classify"}
    exec((out / "classify.py").read_text(encoding="utf-8"), names)
    about = json.loads((out / "model.json").read_text(encoding="utf-8"))
    words = (out / "words.txt").read_text(encoding="utf-8").split("\n")[:-1]
    session = onnxruntime.InferenceSession(out / "model.onnx")
    given = names["model_inputs"](texts, words, about)
    return session.run(["probabilities"], given)[0]


ALL_PARTS = {"keys": np.array([2 * 11 + 3, 4 * 11 + 5]), "buckets": 50}


@pytest.mark.parametrize(
    "options",
    [
        {"cell": "lstm", "bidirectional": True, **ALL_PARTS},
        {"cell": "gru", "pooling": "max_mean", "single_logit": True},
        {"cell": "rnn", "layers": 2},
        {"cell": "transformer", "buckets": 50},
        {"cell": "attention", "keys": np.array([], "int64")},
        {"cell": None, **ALL_PARTS},
    ],
    ids=lambda options: str(options["cell"]),
)
def test_onnx_equals_the_model(tmp_path, options):
    model = a_model(**options)
    out = export_model(model, tmp_path / "onnx", "onnx")
    expected = probabilities(model)
    np.testing.assert_allclose(onnx_probabilities(out), expected, atol=1e-5)
    for text, row in zip(TEXTS, expected, strict=True):  # of any size
        np.testing.assert_allclose(
            onnx_probabilities(out, [text])[0], row, atol=1e-5
        )


def test_the_bundled_classifier_in_onnx_classifies_without_mitseq(tmp_path):
    """classify.py as a program: numpy, onnxruntime, and no more."""
    model = load_sentiment_model()
    out = export_onnx(model, tmp_path / "onnx")
    texts = ["not bad at all 🙂", "I want my MONEY back!!!!", "<br/>@me so-so"]
    texts += ["Das Essen war kalt und der Wein zu warm.", "9/10 :-)"]
    np.testing.assert_allclose(
        onnx_probabilities(out, texts), probabilities(model, texts), atol=1e-5
    )
    program = (
        "import runpy, sys\n"
        "sys.argv.pop(0)\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')\n"
        "strangers = {'mitseq', 'keras', 'tensorflow'} & set(sys.modules)\n"
        "assert not strangers, strangers"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(out / "classify.py"), *texts],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    shown = [line.split(None, 2) for line in done.stdout.splitlines()]
    said = SentimentClassifier.load().predict(texts)
    assert [word for word, *_ in shown] == said.tolist()
    assert said[3] == "neutral" and said[4] == "positive"
    assert [text for *_, text in shown] == texts


def test_a_savedmodel_says_neutral_and_reads_no_unknown_language(tmp_path):
    model = a_model(
        cell=None,
        keys=np.array([], "int64"),
        neutral=0.3,
        least_known=0.6,
    )
    served = tf.saved_model.load(export_savedmodel(model, tmp_path / "served"))
    texts = ["not bad", "good good", "bad movie", "qua xyz", "", "good xyz abc"]
    found = served.serve(tf.constant(texts))
    probs = found["probabilities"].numpy()
    said = answers_of(probs, np.array(["neg", "pos"]), 0.3)
    assert found["label"].numpy().astype(str).tolist() == said.tolist()
    assert len(set(said)) > 1
    np.testing.assert_allclose(probs[3], probs[4])
    np.testing.assert_allclose(probs[5], probs[4])


def test_the_forms_for_onnx_find_the_same_features():
    keys = np.sort(np.random.default_rng(0).choice(2000, 77, replace=False))
    plain, other = NGrams(50, 77, 3), _NGrams(50, 77, 3)
    ids = np.random.default_rng(1).integers(0, 50, (9, 30))
    for layer in (plain, other):
        layer.build(None)
        layer.keys.assign(keys)
    values = [[0, keys[0], keys[3] + 1, keys[-1], 5000]]
    values = tf.constant(values, tf.int64)
    np.testing.assert_array_equal(plain.place(values), other.place(values))
    assert tf.reduce_max(plain(ids)) > 50
    np.testing.assert_array_equal(plain(ids), other(ids))
    tokens = Tokens()(tf.constant(TEXTS))
    plain = CharacterNGrams(1000)
    other = _CharacterNGrams(1000)
    codes = plain.characters(tokens)
    np.testing.assert_array_equal(plain(tokens), other(codes))


def test_division_rounds_down_by_divisions_that_do_not():
    a = tf.constant([-7, -6, -1, 0, 1, 6, 7, -(2**63), 2**63 - 1], tf.int64)
    np.testing.assert_array_equal(_floordiv(a, 3), a.numpy() // 3)
    np.testing.assert_array_equal(_floormod(a, 3), a.numpy() % 3)


# LiteRT


@pytest.mark.filterwarnings("ignore:.*tf.lite.Interpreter is deprecated")
@pytest.mark.parametrize("cell", ["lstm", "attention"])
def test_litert_equals_the_model_without_flex(tmp_path, cell):
    model = a_model(cell=cell, bidirectional=cell == "lstm")
    out = export_litert(model, tmp_path / "lite")
    content = (out / "model.tflite").read_bytes()
    assert b"Flex" not in content
    words = (out / "words.txt").read_text(encoding="utf-8").splitlines()
    about = json.loads((out / "litert.json").read_text())
    assert about == {"classes": ["neg", "pos"], "num_steps": 8, "neutral": 0.0}
    lite = tf.lite.Interpreter(model_content=content)
    lite.allocate_tensors()
    (given,), (found,) = lite.get_input_details(), lite.get_output_details()
    for text, expected in zip(TEXTS, probabilities(model), strict=True):
        ids = litert_ids(text, words, about["num_steps"])
        lite.set_tensor(given["index"], ids)
        lite.invoke()
        np.testing.assert_allclose(
            lite.get_tensor(found["index"])[0], expected, atol=1e-5
        )


def test_litert_ids_are_those_of_the_model():
    model = a_model(cell="lstm")
    steps = model.get_layer("steps")
    texts = [*TEXTS, "the food was good , not bad ! ok the was !"]  # cut
    inside = type(model)(model.input, steps.output)(tf.constant(texts)).numpy()
    for text, row in zip(texts, inside, strict=True):
        found = litert_ids(text, WORDS, 8)[0]
        np.testing.assert_array_equal(found[: len(row)], row)


def test_a_full_disk_is_an_output_error(tmp_path, monkeypatch):
    def save(model, path, *args, **options):
        raise tf.errors.ResourceExhaustedError(
            None, None, f"{path}/a; No space left on device [Op:SaveV2]"
        )

    monkeypatch.setattr(tf.saved_model, "save", save)
    with pytest.raises(OutputError, match="out: No space left on device$"):
        export_savedmodel(a_model(), tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_exported_is_named(tmp_path):
    model = a_model(cell="lstm", buckets=50)
    with pytest.raises(MitseqError, match="characters part .* without Flex"):
        export_litert(model, tmp_path / "lite")
    with pytest.raises(MitseqError, match="`format` must be one of"):
        export_model(model, tmp_path / "x", "pickle")
    with pytest.raises(OutputError, match="cannot write /proc/x: "):
        export_model(a_model(), "/proc/x")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").write_text("mine")
    with pytest.raises(MitseqError, match="full exists"):
        export_model(model, tmp_path / "full")
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a", "full"]
