"""What follows each value, by hand."""

import numpy as np

from mitseq.tasks.forecast.windows import from_first, next_values, step_size


def test_each_value_has_those_that_follow():
    both = next_values(np.array([[1, 2, 3, 4], [5, 6, 7, 8]]), 2)
    assert both.tolist() == [[[2, 3], [3, 4]], [[6, 7], [7, 8]]]


def test_the_mean_change_is_never_zero():
    assert step_size(np.array([1.0, 3.0, 2.0])) == [1.5]
    assert step_size(np.ones(4)) > 0 and step_size(np.zeros(4)) > 0


def test_small_changes_of_large_values_are_kept():
    values = 1e9 + np.arange(5) / 4
    told, zero = from_first(values)
    np.testing.assert_array_equal(told.astype("float32") * 4, np.arange(5))
    np.testing.assert_array_equal(told + zero, values)
