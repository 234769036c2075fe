"""Logits of texts, in their order, whatever the batches."""

import numpy as np

from mitseq.tasks.sentiment.model import build_sentiment_model
from mitseq.tasks.sentiment.predict import batches_of_texts, predict_logits


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
    predict_logits(model, ["good"] * 320)
    assert progress_lines() == ["classifying texts: 80%"]
