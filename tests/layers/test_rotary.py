"""Rotary positions: turned pairs, whose product knows the distance."""

import numpy as np
import pytest
from keras import ops

from mitseq.layers.rotary import angles_of, check_even, rotary
from tests import numpy_reference
from tests.layers.arrays import random

B, T, D = 2, 5, 6


def test_rotary_turns_each_pair_by_its_angle():
    x = random(B, T, D)
    y = rotary(x)
    for t in range(T):
        expected = numpy_reference.rotate(x[:, t], t)
        np.testing.assert_allclose(y[:, t], expected, atol=1e-6)
    np.testing.assert_allclose(
        np.linalg.norm(y, axis=-1), np.linalg.norm(x, axis=-1), atol=1e-5
    )


def test_product_of_turned_vectors_depends_on_the_distance():
    q, k = random(1, D), random(1, D, seed=1)

    def product(t, s):
        a, b = rotary(q, ops.array([t])), rotary(k, ops.array([s]))
        return float(ops.sum(a * b))

    assert product(7, 3) == pytest.approx(product(104, 100), abs=1e-4)
    assert abs(product(7, 3) - product(7, 4)) > 1e-2


def test_angles_grow_with_the_position_and_fall_with_the_wave():
    angles = angles_of(ops.array([[0, 2]]), 3, 6, 1000.0)
    expected = [[[0, 0, 0], [2, 0.2, 0.02]]]
    np.testing.assert_allclose(angles, expected, atol=1e-6)


def test_an_odd_number_of_features_makes_no_pairs():
    with pytest.raises(ValueError, match="`head_dim` must be even"):
        rotary(np.ones((2, 3), "float32"))
    check_even(4)
