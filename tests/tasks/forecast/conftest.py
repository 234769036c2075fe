import numpy as np
import pytest

from mitseq.tasks.forecast.model import load_forecast_model
from mitseq.tasks.forecast.train import train_forecast_model
from mitseq.training.run import TrainingRun
from tests.without_xla import as_plain_graphs

SMALL = {"horizon": 3, "cell": "gru", "units": 4, "epochs": 2, "steps": 5}


def wave(length=300, seed=0):
    """A wave of 20 values with noise: easy, and not for the last value."""
    rng = np.random.default_rng(seed)
    t = np.arange(length)
    return 50 + 10 * np.sin(2 * np.pi * t / 20) + rng.normal(size=length)


@pytest.fixture(scope="session")
@as_plain_graphs
def trained(tmp_path_factory):
    """A folder with a small model of `wave()`, and what it measured."""
    folder = tmp_path_factory.mktemp("forecast")
    with TrainingRun(folder) as run:
        return folder, train_forecast_model(run, wave(), **SMALL)


@pytest.fixture(scope="session")
def model(trained):
    return load_forecast_model(trained[0])
