"""Every sequence in the wild has an order to lose."""

import numpy as np
import pytest

from mitseq.by_hand.wild import (
    entropies,
    neighbors,
    order_in_the_wild,
    sequences_in_the_wild,
)


@pytest.mark.parametrize("name", sequences_in_the_wild())
def test_sequences_are_in_order_and_name_their_unit(name):
    values = sequences_in_the_wild()[name]
    assert values.ndim == 1 and len(values) > 40
    assert len(set(values.tolist())) > 3
    if values.dtype.kind != "U":
        assert np.isfinite(values).all()
    assert name.endswith("]") and " [" in name


def test_shuffled_they_are_no_longer_what_they_were():
    rng = np.random.default_rng(0)
    for name, values in sequences_in_the_wild().items():
        shuffled = [rng.permutation(values) for _ in range(50)]
        if values.dtype.kind == "U":
            chance = [entropies(each)[1] for each in shuffled]
            assert entropies(values)[1] < min(chance) - 0.2, name
        else:
            chance = np.mean([neighbors(each) for each in shuffled])
            assert neighbors(values) > 0.7 > 1.4 * chance, name


def test_what_is_told_is_what_is_measured():
    told = order_in_the_wild(3)
    values = sequences_in_the_wild(3)
    assert list(told) == list(values)
    bits, known = entropies(values["a text [letter]"])
    assert told["a text [letter]"].startswith(
        f"{bits:.2f} bits a symbol, {known:.2f} if the one before is known"
    )
    price = "a price [dollars]"
    assert f"its past {neighbors(values[price]):.2f}," in told[price]


def test_entropies_by_hand():
    assert entropies("aaaa") == (0, 0)
    assert entropies("abababab") == (1, 0)
    # half of all pairs begin with "a", and "a" has two equally likely heirs
    bits, known = entropies("aabb" * 500 + "a")
    assert bits == pytest.approx(1, abs=1e-3)
    assert known == pytest.approx(1, abs=1e-3)
    coin = np.random.default_rng(0).choice(list("01"), 20_000)
    assert entropies(coin) == pytest.approx((1, 1), abs=1e-3)


def test_neighbors_of_noise_are_strangers():
    noise = np.random.default_rng(0).normal(size=2000)
    assert neighbors(noise) < 0.1
    assert neighbors(np.cumsum(noise)) > 0.99


def test_the_seed_decides_what_is_random():
    one, two = sequences_in_the_wild(0), sequences_in_the_wild(1)
    price = "a price [dollars]"
    assert (one[price] != two[price]).any()
    np.testing.assert_array_equal(one[price], sequences_in_the_wild(0)[price])
