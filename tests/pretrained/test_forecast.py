"""The bundled model of sensors: how good it is, and its card."""

import json

import numpy as np
import pytest

from mitseq.pretrained import forecast
from mitseq.tasks.forecast.faults import evaluate_faults
from mitseq.tasks.forecast.model import BUNDLED, load_forecast_model
from mitseq.tasks.forecast.sensors import sensors
from mitseq.tasks.forecast.stream import stream_coverage


@pytest.fixture(scope="module")
def bundled():
    return load_forecast_model()


def test_it_finds_faults_and_blames_few_whole_sensors(bundled):
    made = sensors(80, 500, [0, 77])
    told = evaluate_faults(bundled, made).as_dict()
    shares = {k: each["share"] for k, each in told["faults"].items()}
    assert shares["spike"] > 0.85 and shares["stuck"] > 0.97
    assert shares["drift"] > 0.75
    assert told["alarms_per_thousand"] < 4


def test_its_intervals_cover_what_they_say(bundled):
    whole = sensors(8, 800, [0, 78], faults_per_thousand=0).values
    covered = stream_coverage(bundled, whole)
    assert abs(covered[80] - 0.8) < 0.03 and abs(covered[95] - 0.95) < 0.03


def test_the_card_tells_what_the_model_is(bundled):
    card = BUNDLED.with_suffix(".md").read_text(encoding="utf-8")
    assert f"{bundled.count_params():,} weights" in card
    assert json.dumps(forecast.SETTINGS) in card
    assert BUNDLED.stat().st_size < 100_000


@pytest.mark.slow
def test_a_small_one_is_trained_measured_and_written(tmp_path, monkeypatch):
    small = {"cell": "gru", "units": 2, "epochs": 1, "steps": 2, "batch": 4}
    monkeypatch.setattr(forecast, "SETTINGS", small)
    monkeypatch.setattr(forecast, "COUNT", 4)
    monkeypatch.setattr(forecast, "COVERED", 2)
    monkeypatch.setattr(forecast, "LENGTH", 300)
    monkeypatch.setattr(
        "mitseq.pretrained.forecast.evaluate_faults", _found_all
    )
    found = forecast.main(["--out", str(tmp_path)])
    assert set(found) == {0.5, 0.7, 0.9}
    card = (tmp_path / "forecast.md").read_text()
    assert "9 of 10, 60% to 98%, after 2" in card
    weights = load_forecast_model(tmp_path / "forecast.keras").get_weights()
    assert all(np.isfinite(each).all() for each in weights)


def _found_all(model, made, score):
    from mitseq.tasks.forecast.faults import Counts
    from mitseq.tasks.forecast.sensors import KINDS

    return Counts(
        dict.fromkeys(KINDS, 9),
        dict.fromkeys(KINDS, 10),
        dict.fromkeys(KINDS, np.full(9, 2)),
        1,
        1000,
    )
