"""`mitseq forecast FILE`: a picture, a table, a verdict; mistakes in a line."""

import csv

import pytest

from tests.figure_checks import check_png

QUICK = ("--horizon", 4, "--epochs", 1, "--units", 2, "--cell", "gru")


def test_a_file_is_forecast_at_once(run, series, tmp_path):
    done = run("forecast", "sales.csv", *QUICK)
    assert done.code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split()[:2] == ["time", "forecast"]
    assert lines[1].split()[0] == "2016-09"  # the month after the last
    assert lines[-2:] == ["forecast.png", "forecast.csv"]
    check_png((tmp_path / "forecast.png").read_bytes())
    with open(tmp_path / "forecast.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["time"] for row in rows][-1] == "2016-12" and len(rows) == 4
    assert float(rows[0]["low_95"]) <= float(rows[0]["forecast"])
    for words in (
        "200 values of 'Sales', 2000-01 to 2016-08",
        "season: found: 20 values",
        "less error than the",
    ):
        assert words in done.stderr
    again = run("forecast", "sales.csv", *QUICK)
    assert again.is_mistake("forecast.png exists; --overwrite")


def test_a_trained_model_is_used_and_told_as_json(run, series, trained):
    done = run(
        *("forecast", "predict", "sales.csv", "--model", trained),
        *("--season", 0, "--out", "a.svg", "--json"),
    )
    assert done.code == 0, done.stderr
    found = done.json
    assert len(found["forecast"]) == 4 and found["season"] == 0
    assert found["files"] == ["a.svg", "a.csv"]
    assert set(found["held_out"]) == {
        *("the model", "last value", "linear autoregression")
    }
    assert found["relied_on"] in found["held_out"]


@pytest.mark.parametrize(
    ("text", "args", "words"),
    [
        ("", (), ["sales.csv: the file is empty"]),
        ("a\n1\nx\n" + "2\n3\n" * 20, (), ["line 3", "numbers", "'x'"]),
        ("a\n" + "1\n" * 40, (), ["all 40 values are 1"]),
        ("a\n" + "1\n2\n" * 15, ("--horizon", 12), ["30 values", "12 ahead"]),
        ("a\n1\n\n" + "2\n3\n" * 20, (), ["line 3", "no value", "--gaps"]),
        ("a\n" + "1\n2\n" * 40, ("--season", 70), ["--season must be shorter"]),
        ("a\n" + "1\n2\n" * 40, ("--model", "no"), ["no: no such model"]),
        ("a\n" + "1\n2\n" * 40, ("--out", "a.xyz"), ["a.xyz"]),
        ("a\n" + "1\n2\n" * 40, ("--model", "no", "--epochs", 3), ["--epochs"]),
        (
            "a\n" + "1\n2\n" * 40,
            ("--out", "sales.png", "--overwrite"),
            ["--out would replace sales.csv"],
        ),
    ],
)
def test_mistakes_are_one_line(run, tmp_path, text, args, words):
    (tmp_path / "sales.csv").write_text(text)
    done = run("forecast", "predict", "sales.csv", *args)
    assert done.code == 2 and done.stdout == ""
    last = done.stderr.splitlines()[-1]
    assert last.startswith("mitseq: error: ")
    assert all(word in last for word in words), last
    assert {p.name for p in tmp_path.iterdir()} == {"sales.csv"}


def test_a_model_has_its_own_horizon(run, series, trained):
    done = run("forecast", "sales.csv", "--model", trained, "--horizon", 12)
    assert done.code == 2 and "must be that of the model, 4" in done.stderr
