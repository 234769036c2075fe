"""Logits of texts, in their order, whatever the batches."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from mitseq.tasks.sentiment.model import build_sentiment_model
from mitseq.tasks.sentiment.parts import EntryReader, batches_of_texts
from mitseq.tasks.sentiment.predict import predict_logits
from mitseq.tasks.sentiment.verdict import PresentFeatures, Vote
from mitseq.text.ngrams import NGrams
from mitseq.text.tokens import strings


def test_texts_keep_their_order_and_their_company_does_not_matter():
    model = build_sentiment_model(["good", "bad"], units=3, embedding_dim=4)
    texts = ["good " * 40, "bad", "", "good bad", "bad " * 70, "good"]
    together = predict_logits(model, texts)
    single = [predict_logits(model, [text])[0] for text in texts]
    np.testing.assert_allclose(together, single, atol=1e-6)
    assert len({round(float(z[0]), 6) for z in together}) > 3


def test_new_weights_are_seen():
    model = build_sentiment_model(["good"], units=2)
    before = predict_logits(model, ["good"])
    model.set_weights([w + 0.5 for w in model.get_weights()])
    assert np.abs(predict_logits(model, ["good"]) - before).max() > 1e-3


def test_single_logit_comes_as_two():
    model = build_sentiment_model(["a"], units=2, single_logit=True)
    logits = predict_logits(model, ["a", "b"])
    assert logits.shape == (2, 2) and not logits[:, 0].any()
    assert predict_logits(model, []).shape == (0, 2)


def test_batches_of_texts_hold_all_and_stay_small():
    texts = ["a" * n for n in (1, 5, 2, 900, 3, 3, 3)]
    batches = list(batches_of_texts(texts, most=12))
    assert [t for batch in batches for t in batch] == texts
    for batch in batches:
        assert len(batch) == 1 or max(map(len, batch)) * len(batch) <= 12
    assert list(batches_of_texts([])) == []
    assert max(map(len, batches_of_texts(["a"] * 1000))) == 256


def test_it_shows_how_many_are_done(progress_lines):
    model = build_sentiment_model(["good"], units=2)
    predict_logits(model, [f"good {i}" for i in range(1280)])
    assert progress_lines() == ["classifying texts: 80%"]


def test_of_equal_texts_one_is_read(monkeypatch):
    model = build_sentiment_model(["good", "bad"], units=2)
    texts = ["bad", "good", "bad", "so", "good"]
    expected = [predict_logits(model, [text])[0] for text in texts]
    read = []
    before = EntryReader.read
    monkeypatch.setattr(
        EntryReader,
        "read",
        lambda reader, batch, *more: (
            read.extend(batch) or before(reader, batch, *more)
        ),
    )
    found = predict_logits(model, texts)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert sorted(read) == ["bad", "good", "so"]


@pytest.mark.parametrize(
    "options",
    [
        {"bidirectional": True, "pooling": "max_mean"},
        {"cell": "gru"},
        {"cell": "attention"},
        {"layers": 2, "single_logit": True},
        {"cell": None},
        {"least_known": 0.7, "bidirectional": True},  # "日本" is not read
    ],
)
def test_logits_are_those_of_the_graph(options):
    model = build_sentiment_model(
        ["good", "bad", "film", "not"],
        units=5,
        embedding_dim=4,
        num_steps=6,
        keys=np.array([2 * 6 + 4]),
        buckets=100,
        **options,
    )
    draw = np.random.default_rng(0)
    for weight in model.trainable_weights:
        weight.assign(draw.normal(size=weight.shape))
    a = model.layers[-1]
    texts = [
        "Good FILM!",
        "",
        "not good <br /> at all, sooooo bad film",
        "日本",
    ]
    texts += ["bad film, not good " * n for n in (1, 30)]
    for votes in (draw.uniform(0.5, 2, a.a.shape), np.eye(*a.a.shape, 1)[:, 0]):
        a.a.assign(votes)  # in the second one only a part has a vote
        expected = model(strings(texts)).numpy()
        found = predict_logits(model, texts)[:, -expected.shape[1] :]
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


def test_a_text_of_unknown_words_is_read_as_an_empty_one_without_the_graph(
    monkeypatch,
):
    model = build_sentiment_model(
        ["good", "bad"], units=2, buckets=50, least_known=0.5
    )
    draw = np.random.default_rng(0)
    for weight in model.trainable_weights:
        weight.assign(draw.normal(size=weight.shape))
    monkeypatch.setattr(EntryReader, "_by_graph", None)
    texts = ["", "das ist good", "good and bad", "bad"]
    found = predict_logits(model, texts)
    np.testing.assert_array_equal(found[1], found[0])
    assert len(np.unique(found[[0, 2, 3], 0])) == 3


def test_a_part_that_reads_otherwise_is_read_by_the_graph():
    """A layer between the words and the n-grams, of which mitseq knows none."""
    model = build_sentiment_model(["good", "bad"], cell=None, keys=np.zeros(0))
    ngrams = NGrams(4, 0, name="others")
    upside_down = keras.layers.Lambda(lambda ids: tf.where(ids > 1, 5 - ids, 0))
    entered = ngrams(upside_down(model.get_layer("ids").output))
    verdict = PresentFeatures(4, 2)
    logits = Vote(["x", "y"])([verdict(entered)])
    verdict.W.assign([[0, 0], [0, 0], [1, 0], [0, 1]])
    other = keras.Model(model.input, logits)
    texts = ["good", "bad bad"]
    expected = other(strings(texts)).numpy()
    np.testing.assert_allclose(predict_logits(other, texts), expected)
    assert expected.argmax(1).tolist() == [1, 0]
