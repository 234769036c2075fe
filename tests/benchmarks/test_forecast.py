"""The table of forecasts has the model, its peers, and a stream its cost."""

import json

import forecast
import numpy as np
import pytest


@pytest.fixture
def small(monkeypatch):
    for name, value in {
        "EPOCHS": 1,
        "STEPS": 3,
        "UNITS": 2,
        "WALK": 150,
    }.items():
        monkeypatch.setattr(forecast, name, value)


@pytest.mark.slow
def test_a_walk_and_a_file_with_their_peers(small, tmp_path, capsys):
    wave = np.sin(np.arange(150) / 4) + 0.1 * np.cos(np.arange(150) * 7)
    path = tmp_path / "wave.csv"
    path.write_text("\n".join(map(str, wave)))
    rows = forecast.main(
        ["--walks", "--data", str(path), "--seeds", "0", "--json"]
    )
    assert json.loads(capsys.readouterr().out)["rows"] == rows
    found = {(row["series"], row["peer"]): row for row in rows}
    for series in ("wave", "random walk"):
        for peer in (
            "the model",
            "last value",
            forecast.KERAS,
            "linear autoregression",
        ):
            assert found[series, peer]["mae"] > 0
    linear = found["wave", "linear autoregression"]
    assert linear["gain"] > 0.5
    # 120 of 150 are before the end; the last 12 have nobody to compare with
    assert linear["forecasts"] == 30 - 12 + 1
    assert found["random walk", "the model"]["relied_on"] == "last value"


def test_a_stream_tells_time_and_memory(capsys):
    rows = forecast.main(["--stream", "1500", "--json"])
    assert [row["values"] for row in rows] == [1000, 1500]
    assert all(row["resident"] > 50 and row["milliseconds"] > 0 for row in rows)


def test_nothing_to_measure_is_refused(capsys):
    for wrong in ([], ["--stream", "5", "--walks"]):
        with pytest.raises(SystemExit):
            forecast.main(wrong)
