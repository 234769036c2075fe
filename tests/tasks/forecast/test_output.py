"""The table of a forecast has a row for each value to come."""

import csv

from mitseq.tasks.forecast.evaluation import evaluate_forecast
from mitseq.tasks.forecast.output import forecast_rows, write_forecast
from mitseq.tasks.forecast.series import Series
from tests.tasks.forecast.conftest import wave


def test_rows_are_ordered_intervals_and_come_back(model, tmp_path):
    values = wave()
    found = evaluate_forecast(model, values, season=20)
    rows = forecast_rows(Series(values), found)
    assert [row["time"] for row in rows] == ["301", "302", "303"]
    for row in rows:
        ends = "low_95", "low_80", "forecast", "high_80", "high_95"
        assert sorted(row[e] for e in ends) == [row[e] for e in ends]
        assert row["last_value"] == values[-1]
        assert row["forecast"] == row[found.best.replace(" ", "_")]
    path = write_forecast(tmp_path / "a.csv", rows)
    with open(path, newline="") as file:
        again = list(csv.DictReader(file))
    assert [float(row["high_80"]) for row in again] == [
        float(f"{row['high_80']:.9g}") for row in rows
    ]
