"""Shares, seeds and small numbers."""

from collections import Counter

import pytest

from mitseq.tunes.splits import SPLITS, choose_splits


def test_shares_are_ninety_five_five():
    names = choose_splits([str(i) for i in range(20_000)], seed=0)
    counts = Counter(names)
    assert abs(counts["train"] / 20_000 - 0.90) < 0.01
    assert abs(counts["validation"] / 20_000 - 0.05) < 0.01
    assert abs(counts["test"] / 20_000 - 0.05) < 0.01


def test_a_tune_stays_where_it_is_when_others_come():
    tunes = [str(i) for i in range(500)]
    before = choose_splits(tunes, seed=3)
    assert choose_splits(["new", *tunes, "newer"], seed=3)[1:-1] == before
    assert choose_splits(tunes, seed=4) != before


@pytest.mark.parametrize("count", range(6))
def test_few_tunes_have_a_train_and_a_validation(count):
    for seed in range(50):
        names = choose_splits([str(i) for i in range(count)], seed)
        assert len(names) == count and set(names) <= set(SPLITS)
        assert ("train" in names) == (count > 0)
        assert ("validation" in names) == (count > 1)
