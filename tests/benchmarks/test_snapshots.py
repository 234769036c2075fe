"""What is timed, and that a resume ends with its first step."""

import time

import pytest
import snapshots
from snapshots import Stopwatch, measure

from mitseq.tasks.sentiment.classifier import SentimentClassifier
from tests.tasks.sentiment.conftest import SMALL, sentences


class Work:
    def outer(self, seconds):
        time.sleep(seconds)
        return self.inner(seconds)

    def inner(self, seconds):
        time.sleep(seconds)
        return "done"


def test_a_call_in_a_call_counts_once():
    class Watched(Work):
        pass

    watch = Stopwatch()
    watch.watch(Watched, "outer", "inner")
    assert Watched().outer(0.01) == "done"
    assert watch.calls == 1 and 0.02 <= watch.seconds < 5


@pytest.mark.slow
def test_a_job_is_measured_and_resumed_to_its_first_step(tmp_path, monkeypatch):
    def train(out, epochs, resume):
        texts, labels = sentences()
        settings = {**SMALL, "ngrams": 0, "characters": 0, "epochs": epochs}
        classifier = SentimentClassifier(**settings, minutes=None)
        classifier.fit(texts, labels, out=out, resume=resume)
        assert not resume  # it does not come to its end

    from mitseq.training import saving
    from mitseq.training.run import TrainingRun

    for owner, names in (
        (TrainingRun, ("write_snapshot", "_read")),
        (saving, ("set_variables",)),
        (
            saving.Snapshots,
            ("_now", "_end_epoch", "_write", "repair", "_set_metrics"),
        ),
    ):
        for name in names:  # put back at the end
            monkeypatch.setattr(owner, name, getattr(owner, name))
    monkeypatch.setitem(snapshots.TRAIN, "sentiment", train)
    row = measure("sentiment", 2, tmp_path / "job")
    assert row["writes"] == 2 and row["epochs"] == 2
    assert 0 < row["share"] < 100 and row["megabytes"] > 0
    assert row["resume"] > 0
