import random

import music_people
import numpy as np
import pytest
from music_people import MarkovChain, by_key, by_seed, interval, kept
from scipy import stats

from mitseq.tasks.music.compare import collection_of
from tests.tasks.music.test_compare import reel


def test_chain_writes_only_what_it_has_seen():
    tunes = [list("abcabd"), list("abdd")]
    chain = MarkovChain(tunes, order=2)
    seen = {
        tuple(["", "", *tune, ""][i : i + 3])
        for tune in tunes
        for i in range(len(tune) + 1)
    }
    rng = random.Random(0)
    for _ in range(30):
        written = ["", "", *chain.write(rng), ""]
        assert {tuple(written[i : i + 3]) for i in range(len(written) - 2)} <= (
            seen
        )


def test_chain_draws_as_often_as_it_counted():
    chain = MarkovChain([["a"], ["a"], ["a"], ["b"]], order=1)
    rng = random.Random(1)
    drawn = [chain.write(rng) for _ in range(400)]
    assert drawn.count(["a"]) / 400 == pytest.approx(0.75, abs=0.07)


def test_interval_is_that_of_student_and_wilson():
    values = np.array([1.0, 2.0, 4.0, 7.0])
    low, high = interval(values, False)
    student = stats.t.interval(0.95, 3, values.mean(), stats.sem(values))
    assert (low, high) == pytest.approx(student)
    found = interval(np.array([1.0] * 3 + [0.0]), True)
    wilson = stats.binomtest(3, 4).proportion_ci(method="wilson")
    assert found == pytest.approx((wilson.low, wilson.high))


def test_by_key_leaves_out_keys_of_few_tunes():
    head = "M:2/4\nL:1/8\nK:"
    texts = [f"{head}D\nd{n}|d4|]\n" for n in (1, 2, 3)]
    texts += [f"{head}D\nd2|A4|]\n", f"{head}G\ng4|]\n"]
    found = by_key(collection_of(texts, "x"), fewest=2)
    assert found == {"D": {"tunes": 4, "ends_on_tonic": 0.75}}


def test_each_seed_of_what_is_returned_is_told_by_itself():
    people = collection_of([reel(i) for i in range(30)], "people")
    like = [reel(i) for i in range(100, 150)]
    other = [reel(i, notes="Dfad", last="A8") for i in range(25)]
    first, means = by_seed(people, collection_of([*like, *other], "x"))
    aucs = [float(each) for each in first.split(": ")[1].split(", ")]
    assert len(aucs) == 3
    assert max(aucs[:2]) < 0.8 < 0.95 < aucs[2]
    # fifty of 75 end on the tonic
    assert means.startswith("all 75") and "ends_on_tonic 0.667 (" in means


def test_samples_are_kept(tmp_path):
    assert kept(tmp_path, "a", lambda: ["x\n", "y\n"]) == ["x\n", "y\n"]
    assert kept(tmp_path, "a", lambda: pytest.fail("drawn again")) == [
        "x\n",
        "y\n",
    ]


def test_judged_row_counts(monkeypatch):
    good, bad = "M:2/4\nL:1/8\nK:D\nd4|]\n", "M:2/4\nL:1/8\nK:D\nd4|d5|d4|]\n"
    row = music_people.judged_row({"model": [good, bad]}, "our checker")
    assert row["model"].startswith("50.0% of 2 (")
