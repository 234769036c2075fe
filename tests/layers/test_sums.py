"""Sums over time as products."""

import numpy as np

from mitseq.layers.sums import sum_over_time, sum_rows
from tests.layers.arrays import random

T, B = 3, 2


def test_sums_over_time_are_those_of_einsum():
    a, b = random(T, B, 2), random(T, B, 3, seed=1)
    np.testing.assert_allclose(
        sum_over_time(a, b), np.einsum("tbh,tbk->hk", a, b), atol=1e-6
    )
    np.testing.assert_allclose(sum_rows(a), np.sum(a, (0, 1)), atol=1e-6)
