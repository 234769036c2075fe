"""Two workers on a Ray of this machine end with the loss of one."""

import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from mitseq.errors import MitseqError
from mitseq.training.ray import train_on_ray
from mitseq.training.workers import Alone
from tests.two_workers import ROOT


def train(workers):
    """Fits a small model; Ray sends this function to its processes."""

    def build():
        keras.utils.set_random_seed(1)
        return keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])

    model = workers.model(build)
    model.compile(optimizer="sgd", loss="mse")
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(8, 3)), rng.normal(size=(8, 1))
    data = tf.data.Dataset.from_tensor_slices((x, y)).batch(4)
    model.fit(workers.share(data), epochs=3, shuffle=False, verbose=0)
    weights = [w.tolist() for w in model.get_weights()]
    return {"count": workers.count, "weights": weights}


@pytest.mark.filterwarnings("ignore")
def test_two_workers_of_ray_end_with_the_weights_of_one(tmp_path):
    ray = pytest.importorskip("ray")
    pytest.importorskip("ray.train.tensorflow")
    names = {"PYTHONPATH": str(ROOT), "KERAS_BACKEND": "tensorflow"}
    ray.init(
        num_cpus=2, include_dashboard=False, runtime_env={"env_vars": names}
    )
    try:
        found = train_on_ray(train, 2, storage=str(tmp_path))
    finally:
        ray.shutdown()
    assert found["count"] == 2
    expected = train(Alone())
    for a, b in zip(expected["weights"], found["weights"], strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_without_ray_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MitseqError, match=r'pip install "mitseq\[ray\]"'):
        train_on_ray(train, 2)
