"""Training: parts, vote and resume."""

import json
import os
import weakref

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment import strength
from mitseq.tasks.sentiment import train as training
from mitseq.tasks.sentiment.classifier import SentimentClassifier
from mitseq.tasks.sentiment.diagnose import diagnose
from mitseq.tasks.sentiment.examples import hold_out
from mitseq.tasks.sentiment.grammar import grammar_texts
from mitseq.tasks.sentiment.parts import parts_of
from mitseq.tasks.sentiment.strength import LinearPart
from mitseq.tasks.sentiment.train import keys_of, words_of
from mitseq.training.saving import Snapshots
from mitseq.training.snapshot import Snapshot
from tests.tasks.sentiment.conftest import SMALL, sentences
from tests.two_workers import run_two

RNG = np.random.default_rng(0)


def test_a_bag_of_words_trained_on_twins_is_not_turned_around():
    """Were twins parted, it would have learned the contrary of those held."""
    data = grammar_texts(groups=30, distances=[0])
    classifier = SentimentClassifier(cell=None, ngrams=1, characters=0)
    classifier.fit(data.texts, data.labels, groups=data.groups)
    found = diagnose(classifier, families=["plain", "not bad"], distances=[0])
    assert found.accuracy(["plain"]) > 0.75
    assert found.accuracy(["not bad"]) == 0.5


def test_words_and_keys_come_from_the_texts():
    texts = [["a", "b"], ["a", "b", "[UNK]"], ["c"]]
    assert words_of(texts, 1) == ["a", "b", "c"]
    assert words_of(texts, 2) == ["a", "b"]
    assert keys_of(texts, ["a", "b"], 2).tolist() == [2 * 4 + 3]


class Killed(BaseException):
    """Nobody catches it, as SIGKILL."""


def killed(moment, *args, **options):
    """Trains and dies as the `moment`-th file of a kind takes its name."""
    kind, count = moment
    replace, seen = os.replace, []

    def die(source, target):
        seen.append(1 * str(target).endswith(kind))
        if sum(seen) > count:
            raise Killed
        replace(source, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", die)
        patch.setattr(Snapshots, "SECONDS", 0.0)  # one is due after each step
        with pytest.raises(Killed):
            SentimentClassifier(**args[0]).fit(*args[1:], **options)


def test_killed_training_goes_on_and_ends_the_same(tmp_path):
    texts, labels = sentences()
    # of two lengths, so that batches have different shapes
    texts = [" ".join([t] * (1 + 4 * (i % 2))) for i, t in enumerate(texts)]
    settings = {**SMALL, "epochs": 2, "buckets": 50}
    settings |= {"num_steps": 64, "batch_size": 8}
    whole = SentimentClassifier(**settings).fit(texts, labels)
    steps = -(-len(texts) * 9 // 10 // 8)
    given = settings, texts, labels
    # in the middle of the first epoch, at the end of the second, and when the
    # model is there and what belongs to it is not
    before = tmp_path / "snapshot-before.npz"
    killed(("snapshot.npz", 2), *given, out=tmp_path)
    assert Snapshot.read(before).place == "epoch 1, step 2"
    killed(("snapshot.npz", 2 * steps - 3), *given, out=tmp_path, resume=True)
    assert Snapshot.read(before).place == f"epoch 2, step {steps - 1}"
    killed(("classifier.json", 0), *given, out=tmp_path, resume=True)
    assert (tmp_path / "model.keras").exists()
    again = SentimentClassifier(**settings)
    again.fit(texts, labels, out=tmp_path, resume=True)
    np.testing.assert_array_equal(
        again.predict_proba(texts), whole.predict_proba(texts)
    )
    assert [row | {"seconds": 0} for row in again.history_["epochs"]] == [
        row | {"seconds": 0} for row in whole.history_["epochs"]
    ]
    other = SentimentClassifier(**{**settings, "units": 7})
    with pytest.raises(MitseqError, match="`units` must be as in the train"):
        other.fit(texts, labels, out=tmp_path, resume=True)
    with pytest.raises(MitseqError, match="had other data"):
        again.fit(texts[:-2], labels[:-2], out=tmp_path, resume=True)
    # a finished one is read
    once_more = SentimentClassifier(**settings)
    once_more.fit(texts, labels, out=tmp_path, resume=True)
    assert once_more.history_ == again.history_


def test_linear_parts_learn_at_last_from_the_held_out_texts_too(monkeypatch):
    texts, labels = sentences()
    learned, labels_held = [], []

    class Recorded(LinearPart):
        def fit_and_choose(self, train, held):
            labels_held.extend(self.labels[held])
            learned.append((set(train.tolist()), set(held.tolist())))
            super().fit_and_choose(train, held)

        def fit(self, chosen):
            learned.append(set(chosen.tolist()))
            super().fit(chosen)

    monkeypatch.setattr(training, "LinearPart", Recorded)
    SentimentClassifier(**{**SMALL, "cell": None, "characters": 0}).fit(
        texts, labels
    )
    y = np.unique(labels, return_inverse=True)[1]
    held = hold_out(y, 0.1, 0)
    assert held.sum() == 6 and labels_held == y[held].tolist()
    everything = set(range(len(texts)))  # those held out stand last
    unseen = set(range(len(texts) - 6, len(texts)))
    assert learned == [(everything - unseen, unseen), everything]


def test_what_enters_the_linear_parts_is_gone_before_the_recurrence(
    monkeypatch,
):
    texts, labels = sentences()
    entered, alive, read = [], [], training.read_entries

    def read_entries(model, parts, texts):
        rows = read(model, parts, texts)
        entered.extend(weakref.ref(each.values) for each in rows)
        return rows

    def fit(*args, **options):
        alive.extend(values() is not None for values in entered)
        return []

    monkeypatch.setattr(training, "read_entries", read_entries)
    monkeypatch.setattr(training, "fit", fit)
    model = SentimentClassifier(**SMALL).fit(texts, labels).model
    names = [part.name for part in parts_of(model)]
    assert sorted(names) == ["characters", "lstm", "ngrams"]
    assert alive == [name == "lstm" for name in names]


def test_the_vote_hears_what_was_learned_without_the_texts_held_out():
    texts, labels = sentences()
    settings = {**SMALL, "cell": None, "characters": 0}
    y = np.unique(labels, return_inverse=True)[1]
    held = hold_out(y, 0.1, 0)
    learned, unseen = (
        tuple([each[i] for i in np.flatnonzero(chosen)] for each in (texts, y))
        for chosen in (~held, held)
    )
    apart = SentimentClassifier(**settings).fit(*learned, unseen)
    at_last = SentimentClassifier(**settings).fit(texts, y)
    vote = apart.history_["vote"]
    assert vote == pytest.approx(at_last.history_["vote"])
    weights = [
        np.abs(each.model.get_layer("ngrams_logits").get_weights()[0]).sum()
        for each in (apart, at_last)
    ]
    assert weights[1] > 1.02 * weights[0]  # it has learned from more


def test_weights_of_classes_reach_every_part(monkeypatch):
    texts = [f"a b {i}" for i in range(20)] + [f"a c {i}" for i in range(4)]
    labels = ["often"] * 20 + ["seldom"] * 4
    given = []
    original = strength.fit_linear

    def fit_linear(*args, sample_weight, **options):
        given.append(sample_weight)
        return original(*args, sample_weight=sample_weight, **options)

    def fit(run, model, train, budget, *, validation_data, **options):
        given.extend([train.weights, validation_data.weights])
        return []

    monkeypatch.setattr(strength, "fit_linear", fit_linear)
    monkeypatch.setattr(training, "fit", fit)
    settings = {**SMALL, "characters": 0, "class_weight": "balanced"}
    SentimentClassifier(**settings).fit(texts, labels)
    # of each strength, of the last fit on all texts, of the recurrence
    lengths = [len(weights) for weights in given]
    assert lengths[-4:] == [21, 24, 21, 3] and set(lengths[:-4]) == {21}
    for weights in given:
        assert sorted({round(float(w), 4) for w in weights}) == [0.6, 3.0]


def test_patience_is_that_of_the_classifier(monkeypatch):
    texts, labels = sentences()
    given = []

    def fit(run, model, train, budget, *, patience, **options):
        given.append(patience)
        return []

    monkeypatch.setattr(training, "fit", fit)
    settings = {**SMALL, "ngrams": 0, "characters": 0}
    SentimentClassifier(**settings, patience=5).fit(texts, labels)
    assert given == [5]


def test_the_first_weights_are_of_the_seed(monkeypatch):
    texts, labels = sentences()
    monkeypatch.setattr(training, "fit", lambda *a, **k: [])
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


def test_16_bits_are_for_the_part_that_reads_in_order():
    texts, labels = sentences()
    settings = {**SMALL, "epochs": 3, "buckets": 50}
    half = SentimentClassifier(**settings, precision="mixed_bfloat16")
    half.fit(texts, labels)
    found = {
        layer.name: layer.compute_dtype
        for layer in half.model.layers
        if layer.weights
    }
    assert found["lstm_1"] == found["embedding"] == "bfloat16"
    assert found["ngrams_logits"] == found["lstm_logits"] == "float32"
    whole = SentimentClassifier(**settings).fit(texts, labels)
    np.testing.assert_allclose(
        half.predict_proba(texts), whole.predict_proba(texts), atol=0.02
    )


TOGETHER = """
import sys
import numpy as np
from mitseq.tasks.sentiment.classifier import SentimentClassifier
from mitseq.training.run import TrainingRun
from mitseq.training.workers import Workers
from tests.tasks.sentiment.conftest import SMALL, sentences
from tests.two_workers import run_two

workers = Workers(workers=sys.argv[1], task=int(sys.argv[2]))
texts, labels = sentences()
settings = {**SMALL, "epochs": 3, "buckets": 50, "dropout": 0.0}
classifier = SentimentClassifier(**settings)
with TrainingRun(sys.argv[3] + "/run", workers=workers) as run:
    classifier.fit(texts, labels, out=run)
np.save(f"{sys.argv[3]}/{workers.task}.npy", classifier.predict_proba(texts))
"""


@pytest.mark.slow
def test_two_workers_learn_what_one_does(tmp_path):
    for status, _, errors in run_two(TOGETHER, tmp_path):
        assert status == 0, errors
    first, second = (np.load(tmp_path / f"{task}.npy") for task in (0, 1))
    # the linear parts and the vote are those of the first worker
    np.testing.assert_array_equal(first, second)
    texts, labels = sentences()
    settings = {**SMALL, "epochs": 3, "buckets": 50, "dropout": 0.0}
    alone = SentimentClassifier(**settings).fit(texts, labels)
    np.testing.assert_allclose(alone.predict_proba(texts), first, atol=1e-5)
    loaded = SentimentClassifier.load(tmp_path / "run")
    np.testing.assert_allclose(loaded.predict_proba(texts), first, atol=1e-6)
    rows = loaded.history_["epochs"]
    for expected, found in zip(alone.history_["epochs"], rows, strict=True):
        for name in ("loss", "val_loss", "accuracy", "val_accuracy"):
            assert found[name] == pytest.approx(expected[name], abs=1e-5)


@pytest.mark.parametrize(
    "number, batch_size, learning_rate, expected",
    [
        (20, None, None, (64, 1e-3)),
        (4096, None, None, (128, 2e-3)),
        (100_000, None, None, (256, 3e-3)),
        (100_000, None, 5e-3, (64, 5e-3)),  # a rate of small batches
        (100, 32, None, (32, 1e-3)),
        (100, 512, 1e-4, (512, 1e-4)),
    ],
)
def test_the_pace_suits_the_number_of_texts(
    number, batch_size, learning_rate, expected
):
    found = training.pace(number, batch_size, learning_rate)
    assert found == pytest.approx(expected)


def test_the_pace_is_what_is_trained_with(monkeypatch):
    """Of batches: three of 8 texts, not one of 64."""

    def fit(run, model, batches, *args, **options):
        raise MitseqError(
            f"{batches.batch_size} {float(model.optimizer.learning_rate):g}"
        )

    monkeypatch.setattr(training, "fit", fit)
    texts, labels = sentences()
    settings = {**SMALL, "learning_rate": None, "ngrams": 0, "characters": 0}
    with pytest.raises(MitseqError, match=r"^64 0\.001$"):
        SentimentClassifier(**settings).fit(texts, labels)
    with pytest.raises(MitseqError, match=r"^8 0\.001$"):
        SentimentClassifier(**settings, batch_size=8).fit(texts, labels)
