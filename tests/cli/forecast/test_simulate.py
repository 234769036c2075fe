"""`mitseq forecast simulate`: files that the other verbs read."""

import pytest

from mitseq.tasks.forecast.season import find_season
from mitseq.tasks.forecast.sensors import KINDS
from mitseq.tasks.forecast.series import read_series


@pytest.mark.parametrize("kind", ["season", "walk", "sensor"])
def test_what_is_written_is_read(run, tmp_path, kind):
    done = run(
        *("forecast", "simulate", "--kind", kind, "--count", 300),
        *("--out", "a.csv"),
    )
    assert done.code == 0 and done.stdout == "a.csv\n"
    series = read_series(tmp_path / "a.csv")
    assert len(series.values) == 300 and series.name == "value"
    if kind == "season":
        assert find_season(series) == 12
    if kind == "sensor":
        rows = (tmp_path / "a.csv").read_text().splitlines()[1:]
        assert {row.split(",")[1] for row in rows} <= {"", *KINDS}
    again = run("forecast", "simulate", "--out", "a.csv")
    assert again.is_mistake("a.csv exists; --overwrite")


def test_a_seed_decides(run):
    values = [
        run(
            "forecast",
            "simulate",
            "--seed",
            seed,
            "--out",
            f"{i}.csv",
            "--json",
        )
        for i, seed in enumerate((1, 1, 2))
    ]
    texts = [open(each.json["file"]).read() for each in values]
    assert texts[0] == texts[1] != texts[2]
