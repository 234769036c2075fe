"""Training: parts, vote and resume."""

import json

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment import strength
from mitseq.tasks.sentiment import train as training
from mitseq.tasks.sentiment.classifier import SentimentClassifier
from mitseq.tasks.sentiment.diagnose import diagnose
from mitseq.tasks.sentiment.grammar import grammar_texts
from mitseq.tasks.sentiment.strength import LinearPart
from mitseq.tasks.sentiment.train import (
    hold_out,
    hold_out_groups,
    indices_of,
    keys_of,
    text_weights,
    words_of,
)
from tests.tasks.sentiment.conftest import SMALL, sentences

RNG = np.random.default_rng(0)


def test_held_out_share_is_that_of_each_class():
    y = np.array([0] * 90 + [1] * 10 + [2] * 2)
    held = hold_out(y, 0.1, seed=0)
    assert [int(held[y == c].sum()) for c in range(3)] == [9, 1, 1]
    assert (held != hold_out(y, 0.1, seed=1)).any()
    np.testing.assert_array_equal(held, hold_out(y, 0.1, seed=0))


def test_groups_are_held_out_whole():
    groups = np.repeat(np.arange(40), 5)
    held = hold_out_groups(groups, 0.1, seed=0)
    of_group = held.reshape(40, 5)
    assert (of_group.all(1) | ~of_group.any(1)).all()
    assert of_group.all(1).sum() == 4
    assert (held != hold_out_groups(groups, 0.1, seed=1)).any()
    assert hold_out_groups(np.array([0, 0, 1]), 0.1, 0).sum() in (1, 2)


def test_a_bag_of_words_trained_on_twins_is_not_turned_around():
    """Were twins parted, it would have learned the contrary of those held."""
    data = grammar_texts(groups=30, distances=[0])
    classifier = SentimentClassifier(cell=None, ngrams=1, characters=0)
    classifier.fit(data.texts, data.labels, groups=data.groups)
    found = diagnose(classifier, families=["plain", "not bad"], distances=[0])
    assert found.accuracy(["plain"]) > 0.75
    assert found.accuracy(["not bad"]) == 0.5


def test_balanced_weights_give_each_class_the_same_sum():
    y = np.array([0] * 8 + [1] * 2)
    weights = text_weights(y, "balanced", np.array(["a", "b"]))
    assert weights[y == 0].sum() == weights[y == 1].sum() == 5
    given = text_weights(y, {"b": 3.0}, np.array(["a", "b"]))
    assert given.tolist() == [1] * 8 + [3] * 2


def test_words_and_keys_come_from_the_texts():
    texts = [["a", "b"], ["a", "b", "[UNK]"], ["c"]]
    assert words_of(texts, 1) == ["a", "b", "c"]
    assert words_of(texts, 2) == ["a", "b"]
    assert keys_of(texts, ["a", "b"], 2).tolist() == [2 * 4 + 3]


def test_unknown_label_is_named():
    assert indices_of(["b", "a"], np.array(["a", "b"])).tolist() == [1, 0]
    with pytest.raises(MitseqError, match="Received: 'z'"):
        indices_of(["z"], np.array(["a", "b"]))


def test_killed_training_goes_on_and_ends_the_same(tmp_path, monkeypatch):
    texts, labels = sentences()
    settings = {**SMALL, "epochs": 3, "buckets": 50}
    whole = SentimentClassifier(**settings).fit(texts, labels)

    from mitseq.training.best_weights import BestWeights

    def kill(self, epoch, logs=None):
        write(self, epoch, logs)
        if epoch == 2:
            raise KeyboardInterrupt

    write = BestWeights.on_epoch_begin
    monkeypatch.setattr(BestWeights, "on_epoch_begin", kill)
    with pytest.raises(KeyboardInterrupt):
        SentimentClassifier(**settings).fit(texts, labels, out=tmp_path)
    monkeypatch.undo()
    again = SentimentClassifier(**settings)
    again.fit(texts, labels, out=tmp_path, resume=True)
    np.testing.assert_allclose(
        again.predict_proba(texts), whole.predict_proba(texts), atol=1e-5
    )
    assert len(again.history_["epochs"]) == len(whole.history_["epochs"])
    for other, count in ((settings, -2), ({**settings, "units": 7}, None)):
        with pytest.raises(MitseqError, match="other texts or settings"):
            SentimentClassifier(**other).fit(
                texts[:count], labels[:count], out=tmp_path, resume=True
            )


def test_linear_parts_learn_at_last_from_the_held_out_texts_too(monkeypatch):
    texts, labels = sentences()
    learned = []

    class Recorded(LinearPart):
        def fit_and_choose(self, train, held):
            learned.append((set(train.tolist()), set(held.tolist())))
            super().fit_and_choose(train, held)

        def fit(self, chosen):
            learned.append(set(chosen.tolist()))
            super().fit(chosen)

    monkeypatch.setattr(training, "LinearPart", Recorded)
    SentimentClassifier(**{**SMALL, "cell": None, "characters": 0}).fit(
        texts, labels
    )
    held = hold_out(np.unique(labels, return_inverse=True)[1], 0.1, 0)
    assert held.sum() == 6
    everything = set(range(len(texts)))
    unseen = set(np.flatnonzero(held).tolist())
    assert learned == [(everything - unseen, unseen), everything]


def test_weights_of_classes_reach_every_part(monkeypatch):
    texts = [f"a b {i}" for i in range(20)] + [f"a c {i}" for i in range(4)]
    labels = ["often"] * 20 + ["seldom"] * 4
    given = []
    fit = strength.fit_linear

    def fit_linear(*args, sample_weight, **options):
        given.append(sample_weight)
        return fit(*args, sample_weight=sample_weight, **options)

    def fit_recurrence(part, train, validation, best, **options):
        given.extend([train.weights, validation.weights])

    monkeypatch.setattr(strength, "fit_linear", fit_linear)
    monkeypatch.setattr(training, "fit_recurrence", fit_recurrence)
    settings = {**SMALL, "characters": 0, "class_weight": "balanced"}
    SentimentClassifier(**settings).fit(texts, labels)
    # of each strength, of the recurrence, of the last fit on all texts
    lengths = [len(weights) for weights in given]
    assert lengths[-4:] == [21, 21, 3, 24] and set(lengths[:-4]) == {21}
    for weights in given:
        assert sorted({round(float(w), 4) for w in weights}) == [0.6, 3.0]


def test_patience_is_that_of_the_classifier(monkeypatch):
    texts, labels = sentences()
    given = []

    def fit_recurrence(part, train, validation, best, **options):
        given.append(best.patience)

    monkeypatch.setattr(training, "fit_recurrence", fit_recurrence)
    settings = {**SMALL, "ngrams": 0, "characters": 0}
    SentimentClassifier(**settings, patience=5).fit(texts, labels)
    assert given == [5]


def test_the_first_weights_are_of_the_seed(monkeypatch):
    texts, labels = sentences()
    monkeypatch.setattr(training, "fit_recurrence", lambda *a, **k: None)
    settings = {**SMALL, "ngrams": 0, "characters": 0}
    first = [
        SentimentClassifier(**{**settings, "seed": seed})
        .fit(texts, labels)
        .model.get_layer("embedding")
        .get_weights()[0]
        for seed in (3, 3, 4)
    ]
    np.testing.assert_array_equal(first[0], first[1])
    assert np.abs(first[0] - first[2]).min() > 0


def test_history_is_json_and_names_the_parts(small):
    text = json.dumps(small.history_)
    assert json.loads(text)["parts"] == ["lstm", "ngrams", "characters"]
    assert set(small.history_) >= {"val_lstm", "val_all", "vote", "epochs"}


def test_the_parts_vote_with_the_weights_that_were_fitted(small):
    (a,) = small.model.layers[-1].get_weights()
    np.testing.assert_allclose(a, small.history_["vote"], rtol=1e-6)
    assert np.abs(a - 1 / 3).max() > 0.05


@pytest.fixture(scope="module")
def small():
    texts, labels = sentences()
    settings = {**SMALL, "epochs": 1, "minutes": 0.001, "buckets": 50}
    return SentimentClassifier(**settings).fit(texts, labels)
