"""The linear parts: sums, ratios and optimum against other roads."""

import numpy as np
import pytest

from mitseq.tasks.sentiment import logistic
from mitseq.tasks.sentiment.logistic import (
    Bags,
    feature_scales,
    fit_linear,
    log_count_ratios,
)
from mitseq.text.rows import Rows

RNG = np.random.default_rng(0)


@pytest.fixture(autouse=True)
def same_numbers_whichever_tests_ran_before(monkeypatch):
    monkeypatch.setitem(globals(), "RNG", np.random.default_rng(0))


def random_bags(number=60, features=12):
    there = RNG.random((number, features)) < 0.3
    there[:, 0] = False
    return there, Bags([np.flatnonzero(row) for row in there], features)


@pytest.mark.parametrize("block", [1, 20, 4_000_000])
def test_sums_and_spread_are_the_products_with_the_matrix(monkeypatch, block):
    monkeypatch.setattr(logistic, "BLOCK", block)
    there, bags = random_bags()
    W, V = RNG.normal(size=(12, 2)), RNG.normal(size=(60, 2))
    np.testing.assert_allclose(bags.sums(W), there @ W, atol=1e-12)
    np.testing.assert_allclose(bags.spread(V), there.T @ V, atol=1e-5)
    np.testing.assert_array_equal(bags.counts, there.sum(1))
    blocks = {1: 50, 20: 6, 4_000_000: 1}[block]  # at least
    assert blocks <= len(bags.blocks) <= 60
    empty = Bags([np.array([0]), np.array([], int)], 12)
    assert empty.sums(W).tolist() == [[0, 0], [0, 0]] and len(empty) == 2
    none = Bags([], 12)
    assert none.sums(W).shape == (0, 2) and not none.spread(V[:0]).any()


def test_blocks_share_the_memory_of_the_rows_and_their_ones(monkeypatch):
    monkeypatch.setattr(logistic, "BLOCK", 20)
    rows = Rows.of([np.arange(1, 9)] * 20)
    bags = Bags(rows, 12)
    (first, _), *_ = bags.blocks
    assert len(bags.blocks) > 5
    for X, XT in bags.blocks:
        for shared in (X, XT):
            assert np.shares_memory(shared.indices, rows.values)
            assert np.shares_memory(shared.data, first.data)
        np.testing.assert_array_equal(XT.toarray(), X.toarray().T)


@pytest.mark.parametrize("classes", [2, 3])
def test_optimum_is_that_of_scikit_learn(classes):
    linear_model = pytest.importorskip("sklearn.linear_model")
    there, bags = random_bags(200)
    labels = RNG.integers(0, classes, 200)
    weight = RNG.uniform(0.5, 2, 200)
    W, b = fit_linear(
        bags, labels, classes, strength=0.7, sample_weight=weight, steps=500
    )
    root = np.sqrt(there.sum(1).clip(1))[:, None]
    z = bags.sums(W) / root + b
    s = feature_scales(bags, labels, classes)
    r = log_count_ratios(bags, labels, classes)
    rarity = 1 + np.log(200 / there.sum(0).clip(1))
    np.testing.assert_allclose(s**2, np.abs(r) * rarity[:, None] ** 2)
    peer = linear_model.LogisticRegression(C=0.7, max_iter=5000, tol=1e-8)
    if classes == 2:
        rows = there * s[:, 1] / root
        peer.fit(rows, labels, sample_weight=weight)
        expected = peer.decision_function(rows)
        np.testing.assert_allclose(z[:, 1] - z[:, 0], expected, atol=0.02)
    else:  # each class has its own scale, which the peer cannot have
        assert (z.argmax(1) == labels).mean() > 0.4


def test_silent_features_stay_silent():
    bags = Bags([np.array([1, 2]), np.array([1, 3])] * 20, 5)
    W, _ = fit_linear(bags, np.array([0, 1] * 20), 2)
    assert np.abs(W[1]).max() < 0.05 * np.abs(W[2]).max()
    assert W[2, 0] > 0.3 and W[3, 1] > 0.3
    assert not W[0].any() and not W[4].any()


def test_from_a_neighbor_the_same_optimum_in_fewer_steps():
    _, bags = random_bags(200)
    labels = RNG.integers(0, 2, 200)
    there = fit_linear(bags, labels, 2, strength=1.0)
    start = fit_linear(bags, labels, 2, strength=0.9)
    near = fit_linear(bags, labels, 2, strength=1.0, steps=3, start=start)
    far = fit_linear(bags, labels, 2, strength=1.0, steps=3)
    np.testing.assert_allclose(near[0], there[0], atol=0.01)
    assert np.abs(far[0] - there[0]).max() > 0.02
    # where it is the optimum already, it stays
    again = fit_linear(bags, labels, 2, strength=1.0, start=there)
    np.testing.assert_allclose(again[0], there[0], atol=0.01)
