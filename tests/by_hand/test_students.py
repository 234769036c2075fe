"""Students: their numbers, their chances, and their luck."""

import numpy as np

from mitseq.by_hand.students import BIAS, LECTURES, WEIGHTS, students


def test_the_chance_is_the_sigmoid_of_the_sum():
    x, chances, _ = students(50, seed=3)
    for (lectures, hours), chance in zip(x, chances, strict=True):
        total = WEIGHTS[0] * lectures + WEIGHTS[1] * hours + BIAS
        np.testing.assert_allclose(chance, 1 / (1 + np.exp(-total)))


def test_who_passes_is_drawn_with_the_chance():
    """In ten bins of chance, as many pass as it says, within four errors."""
    _, chances, passed = students(40_000, seed=1)
    for low in np.arange(0, 1, 0.1):
        of_bin = (chances >= low) & (chances < low + 0.1)
        expected, count = chances[of_bin].mean(), of_bin.sum()
        error = np.sqrt(expected * (1 - expected) / count)
        assert abs(passed[of_bin].mean() - expected) < 4 * error


def test_inputs_are_whole_lectures_and_shares():
    x, _, passed = students(500, seed=2)
    assert x.min() >= 0 and x.max() <= 1
    np.testing.assert_allclose(x[:, 0] * LECTURES % 1, 0, atol=1e-9)
    assert set(passed) == {0, 1}
    again, *_ = students(500, seed=2)
    other, *_ = students(500, seed=3)
    assert (x == again).all() and (x != other).any()
