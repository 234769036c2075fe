import numpy as np

from mitseq.exercises.given import sigmoid, softmax
from tests import numpy_reference


def test_they_are_the_slides_functions():
    x = np.random.default_rng(0).normal(size=(3, 4))
    np.testing.assert_allclose(sigmoid(x), numpy_reference.sigmoid(x))
    np.testing.assert_allclose(softmax(x), numpy_reference.softmax(x))
    np.testing.assert_allclose(softmax(x, axis=0).sum(axis=0), 1)
    assert np.isfinite(softmax(1000 * x)).all()
