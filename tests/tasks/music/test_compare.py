import json
import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import jensenshannon

from mitseq.errors import MitseqError
from mitseq.tasks.music import compare as module
from mitseq.tasks.music.compare import (
    Collection,
    auc_error,
    collection_of,
    compare_collections,
    differences,
    distance,
    features,
    read_collection,
    separate,
)
from mitseq.tunes.lines import CorpusError
from mitseq.tunes.measures import COUNTS, MEASURES

HEAD = "M:4/4\nL:1/8\nK:D\n"


def reel(seed, notes="DEFGABcd", last="d8"):
    """A tune of random bars; another `notes` is another style."""
    draw = random.Random(seed).choice
    bars = ["".join(draw(notes) + "2" for _ in range(4)) for _ in range(3)]
    return f"{HEAD}|:{'|'.join(bars)}|{last}:|\n"


@pytest.fixture(scope="module")
def plain():
    return collection_of([reel(seed) for seed in range(40)], "plain")


@pytest.fixture(scope="module")
def others():
    texts = [reel(seed, notes="Dfad", last="A8") for seed in range(100, 140)]
    return collection_of(texts, "others")


@pytest.fixture(autouse=True)
def few_trees(monkeypatch):
    monkeypatch.setattr(module, "TREES", 25)
    monkeypatch.setattr(module, "ROUNDS", 1)
    monkeypatch.setattr(module, "SHUFFLES", 99)


def test_a_collection_against_itself_does_not_differ(plain):
    found = compare_collections(plain, plain)
    assert found.separation.auc == pytest.approx(0.5)
    assert found.shared == len(plain.tunes)
    assert all(one.a == one.b and one.q == 1 for one in found.differences)
    assert all(one.low <= 0 <= one.high for one in found.differences)
    assert all(one.distance == 0 and one.p == 1 for one in found.distances)
    assert not any(one.more_a or one.more_b for one in found.distances)


def test_two_draws_of_one_style_cannot_be_told_apart(plain):
    twins = collection_of([reel(seed) for seed in range(50, 90)], "twins")
    found = separate(plain, twins)
    assert found.low < 0.5 < found.high
    assert min(one.q for one in differences(plain, twins)) > 0.05


def test_another_style_is_told_apart(plain, others):
    found = compare_collections(plain, others, floor=(plain, plain))
    assert found.separation.auc > 0.95 and found.separation.low > 0.9
    assert found.floor.auc == pytest.approx(0.5)
    assert found.floor.tunes == found.separation.tunes == 40
    assert found.shared == 0
    by_name = {one.measure: one for one in found.differences}
    assert by_name["ends_on_tonic"].a == 1 and by_name["ends_on_tonic"].b == 0
    assert by_name["steps"].q < 1e-6
    by_what = {one.what: one for one in found.distances}
    assert by_what["cadences"].distance > by_what["cadences"].chance
    assert by_what["degrees"].p == pytest.approx(1 / 100)
    assert by_what["meters"].distance == 0 and by_what["meters"].p == 1
    # E, G, B and c stand in the plain style only
    assert {kind for kind, *_ in by_what["degrees"].more_a} <= set("24675-7-")
    json.dumps(found.to_dict())


def test_differences_are_those_of_scipy(plain, others):
    x, y = plain.values("interval"), others.values("interval")
    (found,) = (
        d for d in differences(plain, others) if d.measure == "interval"
    )
    welch = stats.ttest_ind(x, y, equal_var=False).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((welch.low, welch.high))
    assert found.p == stats.mannwhitneyu(x, y).pvalue
    x, y = (c.values("ends_on_tonic") for c in (plain, others))
    (found,) = (
        d for d in differences(plain, others) if d.measure == "ends_on_tonic"
    )
    table = [[x.sum(), (1 - x).sum()], [y.sum(), (1 - y).sum()]]
    assert found.p == stats.fisher_exact(table).pvalue


def test_distance_by_hand():
    a = collection_of([f"{HEAD}d8|d8|]\n"] * 2, "a")
    b = collection_of([f"{HEAD}d8|e8|]\n"] * 2, "b")
    found = distance(a, b, "degrees", np.random.default_rng(0))
    expected = jensenshannon([1, 0], [0.5, 0.5], base=2)
    assert found.distance == pytest.approx(expected)
    assert found.more_a == [("1", 1.0, 0.5)]
    assert found.more_b == [("2", 0.0, 0.5)]
    # of the ways to deal two and two tunes, two of six are as far apart
    assert found.p == pytest.approx(1 / 3, abs=0.15)


def test_auc_error_is_that_of_hanley_and_mcneil():
    # their example: AUC 0.893, 51 abnormal and 58 normal images, about 0.032
    assert auc_error(0.893, 51, 58) == pytest.approx(0.032, abs=0.001)
    assert auc_error(1.0, 10, 10) == 0


def test_features_have_a_name_each_and_shares_that_add_up(plain):
    x, names = features(plain.tunes)
    assert x.shape == (40, len(names)) and len(set(names)) == len(names)
    assert names[: len(MEASURES)] == list(MEASURES)
    pairs = [i for i, name in enumerate(names) if "degree_pairs" in name]
    np.testing.assert_allclose(x[:, pairs].sum(1), 1)


def test_one_tune_in_two_transcriptions_is_shared(plain):
    moved = collection_of(
        [tune.text.replace("K:D", "K:G") for tune in plain.tunes], "moved"
    )
    assert compare_collections(plain, moved).shared == len(plain.tunes)


def test_read_collection_counts_what_is_left_out(tmp_path):
    good, bad = reel(1), reel(2).replace("d8", "d8|d9|d8")
    text = "\n".join(f"X:{i}\n{t}" for i, t in enumerate((good, bad, good), 1))
    (tmp_path / "a.abc").write_text(text)
    found = read_collection(tmp_path / "a.abc")
    assert found.read == 3 and len(found.tunes) == 1
    assert found.dropped == Counter(
        {"9/8 in a 4/4 tune": 1, "the same tune again": 1}
    )


def test_read_collection_of_nothing_good_says_why(tmp_path):
    (tmp_path / "a.abc").write_text("X:1\n" + reel(2).replace("d8", "d8|d9|d8"))
    with pytest.raises(CorpusError, match="9/8 in a 4/4 tune"):
        read_collection(tmp_path / "a.abc")


def test_too_few_tunes_are_named(plain):
    few = Collection("few", plain.tunes[:5], 9)
    with pytest.raises(MitseqError, match=r"at least 20.*5 of few \(9 read\)"):
        compare_collections(plain, few)


@pytest.mark.parametrize(
    "arguments, words",
    [({"most": 3}, "`most`"), ({"most": True}, "`most`"), ({"seed": -1}, "`s")],
)
def test_arguments_are_checked(plain, arguments, words):
    with pytest.raises(MitseqError, match=words):
        compare_collections(plain, plain, **arguments)


def test_most_draws_as_many_of_each_and_repeats_with_a_seed(plain, others):
    one = compare_collections(plain, others, most=25, seed=3)
    again = compare_collections(plain, others, most=25, seed=3)
    assert len(one.a.tunes) == len(one.b.tunes) == 25
    assert one.to_dict() == again.to_dict()


@settings(max_examples=5, deadline=None)
@given(st.sampled_from(["d", "df", "dfaDe"]), st.integers(0, 99))
def test_any_tunes_give_finite_numbers(notes, seed):
    draw = random.Random(seed).choice
    texts = [f"{HEAD}{draw(notes)}8|d8|]\n" for _ in range(20)]
    one = collection_of(texts, "one")
    two = collection_of(texts[::-1], "two")
    for found in differences(one, two):
        assert np.isfinite([found.a, found.low, found.high, found.q]).all()
    for what in COUNTS:
        found = distance(one, two, what, np.random.default_rng(0))
        assert found.distance == pytest.approx(0, abs=1e-7)
