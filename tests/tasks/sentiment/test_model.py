"""The sentiment model: strings in, logits out, and all of it saved."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from mitseq.errors import MitseqError
from mitseq.layers.lstm import LSTM
from mitseq.tasks.sentiment.loss import CrossEntropy
from mitseq.tasks.sentiment.model import (
    CELLS,
    build_sentiment_model,
    classes_of,
    load_sentiment_model,
)
from mitseq.training.saved import ModelError
from tests.fresh_process import run_fresh

WORDS = ["good", "bad", "film", "not"]
SMALL = {"units": 4, "embedding_dim": 4, "num_steps": 6}
ALL = {
    "bidirectional": True,
    "pooling": "max_mean",
    "dropout": 0.1,
    "keys": np.array([2 * 6 + 4]),
    "buckets": 50,
}
TEXTS = tf.constant(
    ["A good film.", "Not good, not good, not good, BAD!", "", "unknown"]
)


@pytest.mark.parametrize("options", [{}, ALL], ids=["slide", "all parts"])
@pytest.mark.parametrize("cell", CELLS)
def test_padding_counts_for_nothing_and_saved_is_the_same(
    tmp_path, cell, options
):
    keras.utils.set_random_seed(0)
    model = build_sentiment_model(WORDS, cell=cell, **SMALL, **options)
    together = model(TEXTS).numpy()
    assert np.isfinite(together).all()
    assert np.ptp(together[:, 0]) > 0
    for i in range(4):
        alone = model(TEXTS[i : i + 1]).numpy()[0]
        np.testing.assert_allclose(together[i], alone, atol=1e-5)
    model.save(tmp_path / "model.keras")
    loaded = load_sentiment_model(tmp_path)
    np.testing.assert_allclose(loaded(TEXTS), together, atol=1e-6)
    assert classes_of(loaded) == ["negative", "positive"]


def test_slides_model_is_embedding_recurrence_and_last_output():
    model = build_sentiment_model(WORDS, **SMALL)
    ids = model.get_layer("ids")(model.get_layer("tokens")(TEXTS[:1]))
    x = model.get_layer("embedding")(ids)
    h_T = model.get_layer("lstm_1")(x)
    logits = model.get_layer("lstm_logits")(h_T)
    np.testing.assert_allclose(model(TEXTS[:1]), logits, atol=1e-6)
    assert isinstance(model.get_layer("lstm_1"), LSTM)


def test_any_model_learns_by_fit():
    keras.utils.set_random_seed(0)
    model = build_sentiment_model(WORDS, **SMALL, **ALL)
    model.compile(
        optimizer=keras.optimizers.Adam(0.05),
        loss=CrossEntropy(),
        metrics=["accuracy"],
    )
    x = tf.constant(["good film", "bad film", "not good", "good"] * 4)
    y = np.array([1, 0, 0, 1] * 4)
    history = model.fit(x, y, epochs=15, verbose=0).history
    assert history["loss"][0] > 0.4
    assert history["loss"][-1] < 0.1
    assert history["accuracy"][-1] == 1.0


def test_single_logit_model_learns_what_the_two_logit_model_learns():
    """Equal weights, equal batch: the gradients agree, so do the steps."""
    x = tf.constant(["good film", "bad film", "not good", "good"])
    y = np.array([1, 0, 0, 1])
    keras.utils.set_random_seed(0)
    two = build_sentiment_model(WORDS, **SMALL)
    one = build_sentiment_model(WORDS, single_logit=True, **SMALL)
    for name in ("embedding", "lstm_1"):
        one.get_layer(name).set_weights(two.get_layer(name).get_weights())
    W, b = two.get_layer("lstm_logits").get_weights()
    one.get_layer("lstm_logits").set_weights(
        [W[:, 1:] - W[:, :1], b[1:] - b[:1]]
    )

    def difference(model):
        z = model(x).numpy()
        return z[:, -1] - (z[:, 0] if z.shape[1] == 2 else 0)

    np.testing.assert_allclose(difference(one), difference(two), atol=1e-6)
    losses = []
    for model in (one, two):
        with tf.GradientTape() as tape:
            loss = CrossEntropy()(y, model(x))
        embedding = model.get_layer("embedding").trainable_weights
        (gradient,) = tape.gradient(loss, [v.value for v in embedding])
        losses.append((float(loss), tf.convert_to_tensor(gradient).numpy()))
    np.testing.assert_allclose(losses[0][0], losses[1][0], rtol=1e-5)
    np.testing.assert_allclose(losses[0][1], losses[1][1], atol=1e-6)


def test_vectors_start_the_embedding():
    vectors = np.arange(16, dtype="float32").reshape(4, 4)
    model = build_sentiment_model(WORDS, **SMALL, vectors=vectors)
    rows = model.get_layer("embedding").get_weights()[0]
    np.testing.assert_array_equal(rows[2:], vectors)
    few = build_sentiment_model(WORDS, **SMALL, vectors=vectors, max_vectors=2)
    rows = few.get_layer("embedding").get_weights()[0]
    np.testing.assert_array_equal(rows[2:], vectors[:2])
    assert few(TEXTS).shape == (4, 2)


def test_model_loads_in_a_fresh_process(tmp_path):
    model = build_sentiment_model(WORDS, **SMALL, **ALL)
    model.save(tmp_path / "model.keras")
    code = (
        "import sys;"
        "from mitseq.tasks.sentiment.model import load_sentiment_model;"
        "import tensorflow as tf;"
        "m = load_sentiment_model(sys.argv[1]);"
        "print(float(m(tf.constant(['not a good film']))[0, 1]))"
    )
    done = run_fresh(code, tmp_path)
    assert done.returncode == 0, done.stderr
    expected = float(model(tf.constant(["not a good film"]))[0, 1])
    np.testing.assert_allclose(float(done.stdout), expected, atol=1e-5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"cell": "lstmm"}, "`cell` must be one of"),
        ({"pooling": "max"}, "`pooling` must be one of"),
        ({"units": 0}, "`units` must be a positive int"),
        ({"num_steps": 2.5}, "`num_steps` must be a positive int"),
        ({"dropout": 1.0}, "`dropout` must be in"),
        ({"classes": ["a"]}, "`classes` must be two or more"),
        ({"classes": ["a", "a"]}, "`classes` must be two or more"),
        ({"classes": list("abc"), "single_logit": True}, "exactly two classes"),
        ({"classes": "ab"}, "`classes` must be two or more"),
        ({"cell": None}, "a model needs a part"),
    ],
)
def test_arguments_out_of_range_are_named(arguments, message):
    with pytest.raises(MitseqError, match=message):
        build_sentiment_model(WORDS, **arguments)


def test_missing_and_damaged_and_other_models_are_errors(tmp_path):
    with pytest.raises(ModelError, match="no such model"):
        load_sentiment_model(tmp_path / "nowhere")
    text = tmp_path / "text.keras"
    text.write_text("hello")
    with pytest.raises(ModelError, match="not a Keras model"):
        load_sentiment_model(text)
    good = tmp_path / "good.keras"
    build_sentiment_model(WORDS, **SMALL).save(good)
    cut = tmp_path / "cut.keras"
    cut.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    with pytest.raises(ModelError, match="cut.keras"):
        load_sentiment_model(cut)
    other = tmp_path / "other.keras"
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]).save(other)
    with pytest.raises(ModelError, match="must be a sentiment model"):
        load_sentiment_model(other)
