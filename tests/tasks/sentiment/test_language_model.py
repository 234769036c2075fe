"""The language first: what is guessed, and what a classifier begins with."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import special

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment import language_model
from mitseq.tasks.sentiment.classifier import SentimentClassifier
from mitseq.tasks.sentiment.language_model import (
    LanguageBatches,
    LanguageModel,
    learn_language,
    pieces_of,
)
from mitseq.tasks.sentiment.model import build_sentiment_model
from mitseq.tasks.sentiment.parts import parts_of
from mitseq.text.cutting import Cutter
from mitseq.text.rows import Rows
from mitseq.training.run import TrainingRun

V, D, H = 7, 3, 4
SHARES = np.array([0, 0, 0.4, 0.3, 0.1, 0.1, 0.1])


def language(both=True):
    embedding = keras.layers.Embedding(V, D, mask_zero=True)
    reader = keras.layers.LSTM(H, return_sequences=True)
    if both:
        reader = keras.layers.Bidirectional(reader, merge_mode=None)
    model = LanguageModel(embedding, reader, SHARES)
    model.build(None)
    draw = np.random.default_rng(0)
    for weight in model.trainable_weights:
        weight.assign(draw.normal(size=weight.shape))
    return model


@pytest.mark.parametrize("both", [False, True])
def test_the_loss_is_that_of_the_equation_word_by_word(both):
    model = language(both)
    ids = np.array([[2, 3, 1, 4, 0], [5, 6, 0, 0, 0]])
    drawn = np.array([3, 2, 2, 6])
    found = model((tf.constant(ids), tf.constant(drawn))).numpy()
    E = model.embedding.get_weights()[0]
    b_w = model.b_w.numpy()
    z_of = np.log(len(drawn)) + np.log(np.where(SHARES > 0, SHARES, 1))

    def loss(h, layer, w):
        W, b = layer.get_weights()
        z = E @ (h @ W + b) + b_w
        others = [z[s] - z_of[s] for s in drawn if s != w]
        return special.logsumexp([z[w], *others]) - z[w]

    expected, count = np.zeros(2), 0
    for n, row in enumerate(ids):
        row = row[row > 0]  # alone, without padding
        seen = model.reader(model.embedding(row[None]))
        forwards = (seen[0] if both else seen).numpy()[0]
        for t in range(len(row) - 1):
            if row[t + 1] > 1:
                expected[n] += loss(forwards[t], model.to_words[0], row[t + 1])
                count += 1
            if both and row[t] > 1:
                h = seen[1].numpy()[0, t + 1]
                expected[n] += loss(h, model.to_words[1], row[t])
                count += 1
    np.testing.assert_allclose(found, expected * 2 / count, rtol=1e-4)


def test_no_direction_sees_what_it_guesses():
    """A word that is changed changes no output that guesses it."""
    model = language()
    ids = np.array([[2, 3, 4, 5, 6]])
    other = np.array([[2, 3, 2, 5, 6]])
    forwards, backwards = (
        [h.numpy() for h in both]
        for both in zip(
            *(model.reader(model.embedding(x)) for x in (ids, other)),
            strict=True,
        )
    )
    np.testing.assert_array_equal(forwards[0][:, :2], forwards[1][:, :2])
    np.testing.assert_array_equal(backwards[0][:, 3:], backwards[1][:, 3:])
    assert np.abs(forwards[0] - forwards[1])[:, 2:].min() > 1e-4


def test_all_tokens_of_a_text_are_in_its_pieces():
    cut = Cutter({"a": 2, "b": 3, "c": 4})
    texts = ["a b c a b", "", "c", "b b"]
    found = [p.tolist() for p in pieces_of(cut, texts, 4, steps=2)]
    assert found == [[2, 3], [1, 2], [3], [1], [3, 3]]
    assert len(pieces_of(cut, [], 4)) == 0


def test_words_are_drawn_by_their_shares_and_the_same_ones_each_time():
    rows = [np.array([2, 3])] * 40
    batches = LanguageBatches(rows, SHARES, 1, seed=3)
    batches.start(1)
    (ids, drawn), _ = batches.batch(0)
    assert ids.shape[0] == 1 and len(drawn) == language_model.DRAWN
    all_drawn = np.concatenate([batches.batch(i)[0][1] for i in range(40)])
    shares = np.bincount(all_drawn, minlength=V) / len(all_drawn)
    np.testing.assert_allclose(shares, SHARES, atol=0.02)
    again = LanguageBatches(rows, SHARES, 1, seed=3)
    again.start(1)
    np.testing.assert_array_equal(again.batch(0)[0][1], drawn)
    assert (batches.batch(1)[0][1] != drawn).any()


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(language_model, "EPOCHS", 2)


def test_a_part_learns_what_follows_what(monkeypatch):
    """After 2 comes 3, after 4 comes 5: of that the loss falls."""
    monkeypatch.setattr(language_model, "BATCH", 32)
    keras.utils.set_random_seed(0)
    model = build_sentiment_model(
        list("abcde"), units=6, embedding_dim=6, bidirectional=True
    )
    part = parts_of(model)[0].model
    before = part.get_weights()
    draw = np.random.default_rng(0)
    rows = [
        np.array([[2, 3], [4, 5]])[draw.integers(0, 2, 6)].ravel()
        for _ in range(1200)
    ]
    found = learn_language(
        TrainingRun(), part, Rows.behind_each_other(rows), epochs=4
    )
    losses = [row["val_loss"] for row in found["epochs"]]
    assert found["tokens"] == 14_400 and found["pieces"] == 1200
    # of two words one is known, the other one of two: log(2) / 2 at best
    assert losses[-1] < losses[0] and losses[-1] < 1.2
    changed = [
        np.abs(a - b).max() > 1e-3
        for a, b in zip(before, part.get_weights(), strict=True)
    ]
    # the words; recurrence and verdict are learned from labels
    assert changed[0] and not any(changed[1:])


TEXTS = ["the food was good", "the film was bad", "so good", "so bad"] * 6
LABELS = ["pos", "neg"] * 12


def test_a_classifier_begins_with_it_and_a_resumed_one_does_not_again(
    quick, tmp_path, monkeypatch
):
    file = tmp_path / "others.txt"
    file.write_text("the soup was tasty\n" * 30, "utf-8")
    settings = {
        "units": 3,
        "embedding_dim": 3,
        "bidirectional": False,
        "ngrams": 0,
        "characters": 0,
        "epochs": 1,
        "unlabelled": file,
    }
    out = tmp_path / "run"
    classifier = SentimentClassifier(**settings).fit(TEXTS, LABELS, out=out)
    found = classifier.history_["unlabelled"]
    assert found["texts"] == 30 and len(found["epochs"]) == 2
    assert "soup" in classifier.model.get_layer("ids").get_vocabulary()
    assert (out / language_model.FOLDER / "snapshot.npz").is_file()
    record = json.loads((out / "classifier.json").read_text("utf-8"))
    assert record["settings"]["unlabelled"] == str(file)

    monkeypatch.setattr(language_model, "fit", None)  # not called again
    longer = SentimentClassifier(**{**settings, "epochs": 2})
    longer.fit(TEXTS, LABELS, out=out, resume=True)
    assert len(longer.history_["epochs"]) == 2
    file.write_text("others\n", "utf-8")
    with pytest.raises(MitseqError, match="had other data"):
        longer.fit(TEXTS, LABELS, out=out, resume=True)


@pytest.mark.parametrize("cell", [None, "attention", "transformer"])
def test_only_what_guesses_the_next_word_can_learn_so(cell, tmp_path):
    classifier = SentimentClassifier(cell=cell, unlabelled=tmp_path)
    with pytest.raises(MitseqError, match="`cell` must be one of rnn, lstm"):
        classifier.fit(TEXTS, LABELS)
