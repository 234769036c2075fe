"""Parts: cut out of a model they say what the model says."""

import numpy as np

from mitseq.tasks.sentiment.model import build_sentiment_model
from mitseq.tasks.sentiment.parts import (
    TextBatches,
    parts_of,
    read_entries,
    verdicts_of,
)
from mitseq.tasks.sentiment.predict import predict_logits
from mitseq.text.tokens import strings

TEXTS = ["good film", "", "bad bad bad film not good at all", "x"]


def small_model(**options):
    model = build_sentiment_model(
        ["good", "bad", "film"],
        units=3,
        embedding_dim=4,
        keys=np.array([2 * 5 + 4]),
        buckets=40,
        pooling="max_mean",
        **options,
    )
    rng = np.random.default_rng(0)
    for name in ("ngrams_logits", "characters_logits"):
        layer = model.get_layer(name)
        layer.set_weights(
            [rng.normal(size=w.shape) for w in layer.get_weights()]
        )
    return model


def test_parts_add_up_to_the_model():
    model = small_model()
    model.layers[-1].set_weights([np.array([0.5, 2.0, -1.0])])
    parts = parts_of(model)
    assert [part.name for part in parts] == ["lstm", "ngrams", "characters"]
    assert [part.is_linear for part in parts] == [False, True, True]
    rows = read_entries(model, parts, TEXTS)
    total = sum(
        a * verdicts_of(part, row)
        for a, part, row in zip((0.5, 2, -1), parts, rows, strict=True)
    )
    np.testing.assert_allclose(total, predict_logits(model, TEXTS), atol=1e-5)
    np.testing.assert_allclose(total, model(strings(TEXTS)), atol=1e-5)


def test_every_text_is_in_one_batch_of_an_epoch():
    rng = np.random.default_rng(0)
    rows = [rng.integers(1, 9, n) for n in rng.integers(0, 70, 333)]
    labels = np.arange(333)
    data = TextBatches(rows, labels, np.ones(333), 32, seed=1)
    epochs = []
    for epoch in range(2):
        data.start(epoch)
        batches = [data[i] for i in range(len(data))]
        seen = np.concatenate([y for _, y, _ in batches])
        np.testing.assert_array_equal(np.sort(seen), labels)
        for x, y, _ in batches:
            for row, label in zip(x, y, strict=True):
                np.testing.assert_array_equal(row[row > 0], rows[label])
        for x, _, _ in batches:  # no more padding than to the next eight
            assert x.shape[1] - (x > 0).sum(1).max() < 8
        epochs.append(seen)
    assert (epochs[0] != epochs[1]).any()
    again = TextBatches(rows, labels, np.ones(333), 32, seed=1)
    again.start(1)
    second = np.concatenate([again[i][1] for i in range(len(again))])
    np.testing.assert_array_equal(second, epochs[1])
    calm = TextBatches(rows, labels, np.ones(333), 400)
    assert np.diff([len(rows[i]) for i in calm[0][1]]).min() >= 0
