"""Lab 17: it forecasts a file, too; walks, faults and figures are there."""

import numpy as np
import pytest

from tests.figure_checks import check_figure
from tests.labs.loading import load_lab

lab = load_lab("17_forecasting")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    wave = 50 + 10 * np.sin(np.arange(240) / 3)
    wave += np.random.default_rng(0).normal(size=240)
    file = folder / "wave.csv"
    file.write_text("\n".join(map(str, wave)))
    config = lab.Config(
        data=str(file),
        count=240,
        horizon=3,
        cell="gru",
        units=4,
        epochs=1,
        steps=4,
        sensors=20,
        seeds=2,
        out=str(folder / "out"),
    )
    return lab.main(config) | {"folder": folder / "out"}


def test_a_wave_is_forecast_and_a_walk_is_not(results):
    wave, walk = results["relied_on"].values()
    assert "last value" not in wave and set(walk) == {"last value"}
    assert len(wave) == len(walk) == 2
    for coverage, gain in zip(
        results["coverage"], results["gain"], strict=True
    ):
        assert 0.5 < coverage[80] <= 1
        assert gain > 0.05  # the naive one repeats the wave
    assert results["gain"][0] != results["gain"][1]  # from other weights


def test_the_sensor_is_read_to_its_end(results):
    assert [a.number for a in results["answers"]] == list(range(1, 501))
    one, other = (each["faults"]["stuck"] for each in results["counts"])
    assert one["share"] > 0.8 and other["share"] > 0.8


def test_a_number_comes_with_the_range_of_the_series():
    assert lab.told([0.25, 0.5, 1.0]) == "58% (25% to 100%)"
    assert lab.told([1.0, 2.0], ".1f") == "1.5 (1.0 to 2.0)"


def test_figures_are_whole(results):
    for name, figure in results["figures"].items():
        check_figure(figure)
        assert (results["folder"] / f"{name}.png").stat().st_size > 5000
