"""Weights are drawn each by itself."""

import keras
import numpy as np

from mitseq.layers.weights import MatrixLayer, fresh


def test_a_seed_gives_other_numbers_to_each_weight():
    layer = MatrixLayer(keras.initializers.GlorotUniform(seed=3))
    first, second = (layer.add_matrix(name, (4, 5)) for name in "ab")
    assert [w.name for w in layer.weights] == ["a", "b"]
    first, second = map(keras.ops.convert_to_numpy, (first.value, second.value))
    assert np.abs(first - second).max() > 1e-3
    expected = keras.initializers.GlorotUniform(seed=4)((4, 5))
    np.testing.assert_array_equal(second, expected)


def test_what_has_no_seed_comes_back_as_it_is():
    zeros, function = keras.initializers.Zeros(), lambda shape, dtype: 0
    assert fresh(zeros, 3) is zeros
    assert fresh(function, 3) is function
    assert fresh(keras.initializers.RandomNormal(), 3).seed is not None
