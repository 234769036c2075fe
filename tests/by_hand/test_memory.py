"""The symbol stands where the dial says, and nothing else tells it."""

import numpy as np
import pytest

from mitseq.by_hand.memory import remember_first


@pytest.mark.parametrize("distance", [1, 2, 30])
@pytest.mark.parametrize("symbols", [2, 4, 8])
def test_first_is_the_symbol_and_the_rest_is_noise(distance, symbols):
    ids, answers = remember_first(200, distance, symbols)
    assert ids.shape == (200, distance + 1)
    assert ids.dtype == answers.dtype == np.int32
    np.testing.assert_array_equal(ids[:, 0], answers)
    assert set(answers) == set(range(symbols))
    assert set(ids[:, 1:].ravel()) == set(range(symbols, 2 * symbols))


def test_anywhere_means_every_step_and_one_symbol_a_sequence():
    ids, answers = remember_first(500, 6, anywhere=True)
    is_symbol = ids < 4
    np.testing.assert_array_equal(is_symbol.sum(axis=1), 1)
    np.testing.assert_array_equal(ids[is_symbol], answers)
    assert set(is_symbol.argmax(axis=1)) == set(range(7))


def test_seed_decides():
    one, other = remember_first(9, 9, seed=1), remember_first(9, 9, seed=2)
    np.testing.assert_array_equal(one[0], remember_first(9, 9, seed=1)[0])
    assert (one[0] != other[0]).any()


def test_what_cannot_be_drawn_is_said():
    with pytest.raises(ValueError, match="`distance` must be.*distance=0"):
        remember_first(1, 0)
    with pytest.raises(ValueError, match="`symbols` must be.*symbols=1"):
        remember_first(1, 1, symbols=1)
