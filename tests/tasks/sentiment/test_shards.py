"""Texts in shards: each once an epoch, equal ones on one side, and learned."""

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment import shards as sharding
from mitseq.tasks.sentiment.classifier import SentimentClassifier
from mitseq.tasks.sentiment.shards import (
    SentimentShards,
    ShardedTexts,
    text_of,
    write_sentiment_shards,
)
from mitseq.tasks.sentiment.texts import key_of
from mitseq.training import fit as fitting
from tests.tasks.sentiment.conftest import SMALL, sentences
from tests.training.toy_training import Killed


@pytest.fixture(scope="module")
def texts():
    """200 texts, each a second time in capitals."""
    found, labels = sentences()
    chosen = [i % len(found) for i in range(200)]
    numbered = [f"{found[j]} {i}" for i, j in enumerate(chosen)]
    both = [*numbered, *(f"{text}!".upper() for text in numbered)]
    return both, [labels[j] for j in chosen] * 2


@pytest.fixture(scope="module")
def written(texts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("texts")
    path = folder / "texts.csv"
    rows = [f"{text},{label}" for text, label in zip(*texts, strict=True)]
    path.write_text("text,label\n" + "\n".join(rows) + "\n")
    return folder / "s", write_sentiment_shards(path, folder / "s")


def words_only(texts):
    """Stands for an `EntryReader`: a text becomes its length and its hash."""
    return ([np.full(len(t.split()), 1, "int32") for t in texts],)


def held_of(shards):
    examples = shards.examples(None)
    return [examples.texts[i] for i in examples.held]


def test_each_text_is_learned_from_or_held_out(texts, written):
    out, report = written
    shards = SentimentShards(out)
    learned = [text_of(record) for record in shards.read()]
    held = held_of(shards)
    assert sorted([*(text for _, text in learned), *held]) == sorted(texts[0])
    assert (report["train"], report["held_out"]) == (len(learned), len(held))
    assert 0 < len(held) < 90
    # equal texts are on one side
    assert not {key_of(t) for _, t in learned} & {key_of(t) for t in held}
    labels = dict(zip(*texts, strict=True))
    assert all(shards.classes[y] == labels[text] for y, text in learned)
    assert (
        shards.counts.tolist() == np.bincount([y for y, _ in learned]).tolist()
    )
    # a sample of so few are all, and words are counted in no held-out text
    examples = shards.examples(None)
    sample = [examples.texts[i] for i in examples.train]
    assert sorted(sample) == sorted(text for _, text in learned)
    assert "the" in shards.words(200) and "bad" not in shards.words(200)
    numbers = {t.split()[-1] for t in held if "!" not in t}
    assert not numbers & set(shards.words(1))


def test_each_text_is_once_in_an_epoch(written):
    shards = SentimentShards(written[0])
    batches = ShardedTexts(shards, words_only, 8, seed=0, buffer=64)
    expected = sorted(
        (y, len(text.split())) for y, text in map(text_of, shards.read())
    )
    orders = []
    for epoch in (1, 2):
        batches.start(epoch)
        found = [batches[i] for i in range(len(batches))]
        seen = [
            (int(label), int(row.sum()))
            for x, y, weights in found
            for row, label in zip(x, y, strict=True)
        ]
        assert sorted(seen) == expected
        orders.append(seen)
        for batch in found:
            for array, each in zip(batch, batches.signature(), strict=True):
                assert each.dtype == array.dtype
                assert each.shape.is_compatible_with(array.shape)
    assert orders[0] != orders[1]
    batches.start(1, 5)
    rest = [batches[i] for i in range(len(batches))]
    batches.start(1)
    for index, batch in enumerate(rest):
        for a, b in zip(batch, batches[index + 5], strict=True):
            np.testing.assert_array_equal(a, b)


def test_balanced_classes_weigh_the_same(tmp_path):
    path = tmp_path / "texts.tsv"
    rows = [f"good {i}\tpos" for i in range(90)]
    rows += [f"bad {i}\tneg" for i in range(30)]
    path.write_text("\n".join(["text\tlabel", *rows]) + "\n")
    write_sentiment_shards(path, tmp_path / "s")
    shards = SentimentShards(tmp_path / "s")
    assert "unequal size" in shards.notes[0]
    batches = ShardedTexts(
        shards, words_only, 8, seed=0, class_weight="balanced"
    )
    weights, labels = (
        np.concatenate([batches[i][at] for i in range(len(batches))])
        for at in (2, 1)
    )
    sums = np.bincount(labels, weights)
    np.testing.assert_allclose(sums[0], sums[1], rtol=1e-5)
    np.testing.assert_allclose(sums.sum(), len(shards), rtol=1e-5)


def test_no_more_are_held_out_sampled_and_counted_than_memory_has(
    texts, written, tmp_path, monkeypatch
):
    monkeypatch.setattr(sharding, "HELD_OUT", 20)
    monkeypatch.setattr(sharding, "SAMPLE", 30)
    monkeypatch.setattr(sharding, "MOST_COUNTED", 60)
    path = written[0].parent / "texts.csv"
    report = write_sentiment_shards(path, tmp_path / "s")
    assert report["sample"] == 30 and 0 < report["held_out"] < 50
    assert report["words"] <= 60
    shards = SentimentShards(tmp_path / "s")
    examples = shards.examples(None)
    assert len(examples.train) == 30
    # the frequent words are not those that are forgotten
    whole = SentimentShards(written[0]).words(100)
    assert set(whole) <= set(shards.words(1))


def test_a_classifier_learns_from_shards_and_goes_on_after_a_kill(
    texts, written, tmp_path, monkeypatch
):
    settings = {**SMALL, "epochs": 2, "buckets": 50}
    whole = SentimentClassifier(**settings)
    whole.fit_shards(written[0], out=tmp_path / "whole")
    assert whole.score(*texts) > 0.9
    assert whole.classes_.tolist() == sorted(set(texts[1]))
    end = fitting.Snapshots.on_train_batch_end

    def kill(self, batch, logs=None):
        end(self, batch, logs)
        if (self.state.epoch, self.state.step) == (1, 1):
            raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(fitting.Snapshots, "SECONDS", 0)
        patch.setattr(fitting.Snapshots, "on_train_batch_end", kill)
        SentimentClassifier(**settings).fit_shards(
            written[0], out=tmp_path / "run"
        )
    again = SentimentClassifier(**settings)
    again.fit_shards(written[0], out=tmp_path / "run", resume=True)
    for a, b in zip(
        again.model.get_weights(), whole.model.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(a, b)


def test_other_settings_and_impossible_texts_are_refused(written, tmp_path):
    with pytest.raises(MitseqError, match=r"`validation_split` .*\(0.1\)"):
        SentimentClassifier(validation_split=0.2).fit_shards(written[0])
    path = tmp_path / "one.csv"
    path.write_text("text,label\n" + "good,pos\n" * 30)
    with pytest.raises(MitseqError, match="two classes"):
        write_sentiment_shards(path, tmp_path / "s")
    path.write_text("text,label\n" + "good,pos\n" * 30 + "bad,neg\n")
    with pytest.raises(MitseqError, match="is held out: label more|learned"):
        write_sentiment_shards(path, tmp_path / "s")
    with pytest.raises(MitseqError, match="`validation_split` must be"):
        write_sentiment_shards(path, tmp_path / "s", validation_split=1)
    assert not (tmp_path / "s").exists()
