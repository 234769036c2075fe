"""Arrays for the tests of layers: drawn ones, and the weights by name."""

import numpy as np
from keras import ops


def random(*shape, seed=0):
    """Normal numbers, the same for the same shape and seed."""
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def values(layer):
    """The weights of a layer under the symbols of its equations."""
    return {w.name: ops.convert_to_numpy(w.value) for w in layer.weights}
