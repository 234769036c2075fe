"""Every sequence in the wild has an order to lose."""

import numpy as np
import pytest

from mitseq.by_hand.wild import neighbors, sequences_in_the_wild


@pytest.mark.parametrize("name", sequences_in_the_wild())
def test_sequences_are_finite_and_name_their_unit(name):
    values = sequences_in_the_wild()[name]
    assert values.ndim == 1 and len(values) > 40
    assert np.isfinite(values).all() and values.std() > 0
    assert name.endswith("]") and " [" in name


def test_shuffled_they_are_no_longer_what_they_were():
    """For the text one letter before says little; for the others a lot."""
    rng = np.random.default_rng(0)
    for name, values in sequences_in_the_wild().items():
        shuffled = np.mean(
            [neighbors(rng.permutation(values)) for _ in range(50)]
        )
        if "text" not in name:
            assert neighbors(values) > 0.7 > 1.4 * shuffled, name


def test_neighbors_of_noise_are_strangers():
    noise = np.random.default_rng(0).normal(size=2000)
    assert neighbors(noise) < 0.1
    assert neighbors(np.cumsum(noise)) > 0.99


def test_the_seed_decides_what_is_random():
    one, two = sequences_in_the_wild(0), sequences_in_the_wild(1)
    price = "a price [dollars]"
    assert (one[price] != two[price]).any()
    np.testing.assert_array_equal(one[price], sequences_in_the_wild(0)[price])
