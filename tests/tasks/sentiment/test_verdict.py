"""Pooling, bag and vote against the same in NumPy."""

import numpy as np
import pytest
from keras import ops

from mitseq.tasks.sentiment.verdict import Pooling, PresentFeatures, Vote
from tests.layer_contract import check_config

RNG = np.random.default_rng(0)
H_SEQ = RNG.normal(size=(3, 5, 2)).astype("float32") - 3


def test_pooling_sees_only_what_the_mask_keeps():
    mask = np.array([[1, 1, 1, 1, 1], [1, 0, 1, 0, 0], [0, 0, 0, 0, 0]], bool)
    got = ops.convert_to_numpy(Pooling()(H_SEQ, mask=mask))
    for i in (0, 1):
        kept = H_SEQ[i][mask[i]]
        expected = [*kept.max(axis=0), *kept.mean(axis=0)]
        np.testing.assert_allclose(got[i], expected, rtol=1e-5)
    assert got[2].tolist() == [0, 0, 0, 0]
    mean = ops.convert_to_numpy(Pooling(use_max=False)(H_SEQ, mask=mask))
    np.testing.assert_allclose(mean, got[:, 2:])
    check_config(Pooling, {"use_max": False})


def test_bag_adds_up_the_rows_of_its_features():
    features = np.array([[0, 3, 1, 0], [2, 0, 0, 0], [0, 0, 0, 0]])
    layer = PresentFeatures(4, 2)
    layer.build((None, None))
    W = RNG.normal(size=(4, 2)).astype("float32")
    layer.set_weights([W, np.array([0.5, -1], "float32")])
    expected = [W[3] + W[1], W[2], np.zeros(2)] + np.array([0.5, -1])
    np.testing.assert_allclose(layer(features), expected, rtol=1e-6)
    layer.scaled = True
    expected[0] = (W[3] + W[1]) / 2**0.5 + [0.5, -1]
    np.testing.assert_allclose(layer(features), expected, rtol=1e-6)
    check_config(
        PresentFeatures, {"num_features": 4, "classes": 3, "scaled": True}
    )


def test_vote_is_the_weighted_sum_and_knows_its_classes():
    z = RNG.normal(size=(2, 4, 3)).astype("float32")
    layer = Vote(["a", "b", "c"])
    np.testing.assert_allclose(layer([z[0], z[1]]), z[0] + z[1], rtol=1e-6)
    layer.set_weights([np.array([2.0, -1.0])])
    np.testing.assert_allclose(layer([z[0], z[1]]), 2 * z[0] - z[1], rtol=1e-5)
    assert not layer.trainable_weights
    check_config(Vote, {"classes": ["a", "b"], "neutral": 0.3})


@pytest.mark.parametrize("dtype", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision_stays_finite(dtype):
    mask = np.array([[1, 0, 0, 0, 0]] * 3, bool)
    pooled = Pooling(dtype=dtype)(H_SEQ, mask=mask)
    assert pooled.dtype.name == dtype.removeprefix("mixed_")
    assert np.isfinite(ops.convert_to_numpy(ops.cast(pooled, "float32"))).all()
