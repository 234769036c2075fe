import numpy as np
import pytest


def wave(length=200):
    rng = np.random.default_rng(0)
    t = np.arange(length)
    return 50 + 10 * np.sin(2 * np.pi * t / 20) + rng.normal(size=length)


@pytest.fixture
def series(tmp_path):
    """A file with months and a column of numbers."""
    lines = ["Month,Sales"]
    lines += [
        f"{2000 + i // 12}-{1 + i % 12:02},{value:.4f}"
        for i, value in enumerate(wave())
    ]
    path = tmp_path / "sales.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A folder with a small model of the series."""
    from mitseq.tasks.forecast.train import train_forecast_model
    from mitseq.training.run import TrainingRun

    folder = tmp_path_factory.mktemp("trained")
    with TrainingRun(folder) as run:
        train_forecast_model(
            run, wave(), horizon=4, cell="gru", units=4, epochs=1, steps=5
        )
    return folder
