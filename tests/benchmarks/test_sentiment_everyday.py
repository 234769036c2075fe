"""A domain held out: judged by hand, never learned from, printed once."""

import json

import numpy as np
import pytest
import sentiment_everyday as bench

from mitseq.pretrained.sentiment import Held
from mitseq.pretrained.sentiment_data import DOMAINS, LEXICON

HELD = Held(
    ["a", "b", "c", "d", "e"],
    ["positive", "positive", "negative", "neutral", "negative"],
)


class Fake:
    """Says what it is told to."""

    neutral = 0.3

    def __init__(self, *scores):
        self.said = np.array(scores)

    def scores(self, texts):
        return self.said


def test_sides_and_three_answers_by_hand():
    found = bench.judge(Fake(0.9, 0.2, -0.9, 0.1, 0.8), HELD)
    # of four with a side, the last is wrong
    assert (found["n"], found["right"], found["accuracy"]) == (4, 3, 75.0)
    # negative: 1 of 2 found, none wrong; neutral: both b and d; positive: a, e
    f1 = np.mean([2 / 3, 2 / 3, 2 / 4])
    assert found["f1"] == pytest.approx(100 * f1)


def test_a_score_of_nothing_gets_the_commoner_side():
    held = Held(["a", "b", "c"], ["negative", "negative", "positive"])
    assert bench.judge(Fake(0.0, 0.0, 0.0), held)["right"] == 2


@pytest.fixture
def data(tmp_path):
    for domain, name in DOMAINS.items():
        lines = [
            f"{i}_1\t{rating}\tthe {domain} {word} is {i}\n"
            for i in range(30)
            for word, rating in (("good", 2.0), ("bad", -2.0), ("so", 0.1))
        ]
        (tmp_path / name).write_text("".join(lines))
    (tmp_path / LEXICON).write_text(
        "good\t1.9\t1\nbad\t-2.5\t1\nbadly\t-2\t1\n"
    )
    for label, word in (("pos", "good"), ("neg", "bad")):
        lines = [f"a {word} film of {i}\n" for i in range(30)]
        (tmp_path / f"rt-polarity.{label}").write_text("".join(lines))
    return tmp_path


def test_a_domain_that_is_held_out_is_not_learned_from(
    data, monkeypatch, capsys
):
    seen = []

    class Spy(bench.Tfidf):
        def scores(self, texts):
            (words,) = [x for _, x in self.model.steps if hasattr(x, "idf_")]
            seen.append((texts, set(words.vocabulary_)))
            return super().scores(texts)

    monkeypatch.setitem(bench.MODELS, "tfidf", Spy)
    options = ["--films", str(data), "--rated", str(data)]
    options += ["--out", str(data / "out"), "--seeds", "0", "1"]
    rows = bench.main([*options, "--models", "tfidf"])
    assert [row["domain"] for row in rows] == list(DOMAINS)
    assert all(row["seeds"] == 2 and row["accuracy"] == 100 for row in rows)
    assert len(seen) == 6
    for texts, words in seen:
        (domain,) = {text.split()[1] for text in texts}
        assert domain not in words and "good" in words
        assert set(DOMAINS) - {domain} < words
    printed = capsys.readouterr().out
    assert "no fair test for VADER" in printed and "| tweets" in printed
    bench.main([*options, "--models", "tfidf", "--json"])
    assert len(seen) == 6  # nothing is run again
    assert json.loads(capsys.readouterr().out)["rows"][0]["seeds"] == 2


def test_vader_needs_no_training(data):
    pytest.importorskip("vaderSentiment")
    rows = bench.main(
        ["--films", str(data), "--rated", str(data)]
        + ["--out", str(data / "out"), "--models", "vader", "--json"]
    )
    assert {row["seeds"] for row in rows} == {1}
    assert all(row["accuracy"] == 100 for row in rows)
