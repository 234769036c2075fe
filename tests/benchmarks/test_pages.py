"""What benchmarks/pages.py computes of the logits of a page."""

import numpy as np
import pytest
from pages import bits_of, log_softmax


def test_bits_are_the_code_length_over_the_characters():
    # of 4 tokens, all alike: 2 bits for each of the two that are read
    z = np.zeros((2, 4))
    assert bits_of([z], [[1, 3, 2]], characters=2) == pytest.approx(2.0)
    sure = np.array([[0, 0, 0, 50.0], [0, 0, 50.0, 0]])
    assert bits_of([sure], [[1, 3, 2]], characters=2) == pytest.approx(0.0)


def test_log_softmax_of_large_logits():
    p = np.exp(log_softmax(np.array([[1000.0, 1000.0]])))
    np.testing.assert_allclose(p, [[0.5, 0.5]])
