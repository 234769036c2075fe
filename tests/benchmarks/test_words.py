import json

import pytest
import words

SMALL = (
    *("--seeds", "0", "1", "--distance", "8", "--asked", "9"),
    *("--texts", "300", "--questions", "5", "--epochs", "1"),
)


@pytest.mark.slow
def test_table_ranges_and_figure(tmp_path, capsys):
    figure = tmp_path / "words.png"
    rows = words.main(
        [*SMALL, "--cell", "gru", "--figure", str(figure), "--json"]
    )
    printed = json.loads(capsys.readouterr().out)["rows"]
    assert [row["model"] for row in printed] == [words.NGRAM, "gru"]
    assert all(row["seeds"] == 2 for row in rows)
    ngram, gru = rows
    assert "weights" not in ngram and gru["weights"] > 1000
    mean, _, ends = gru["far_number"].partition(" ")
    low, high = map(float, ends.strip("()").split("-"))
    assert low <= float(mean) <= high <= 100
    of_seeds = [100 * each["number"][8] for each in gru["curves"]]
    assert [low, high] == sorted(of_seeds)
    assert figure.read_bytes().startswith(b"\x89PNG")


def test_spread_is_mean_lowest_and_highest():
    rows = [{"place": 10.0, "weights": 7}, {"place": 30.0, "weights": 7}]
    joined = words.spread("x", rows)
    assert joined["place"] == "20.0 (10.0-30.0)"
    assert joined["weights"] == 7 and joined["seeds"] == 2
