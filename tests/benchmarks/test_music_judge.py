import json

import music_judge
import pytest
from music_judge import body_of, judge_row, kind, longest_run

from mitseq.errors import MitseqError
from mitseq.tunes.corpus import Corpus

pytest.importorskip("symusic", reason="the wheel that carries abc2midi")

HEADER = "M:6/8\nL:1/8\nK:D\n"
GOOD = HEADER + "|:dcde2f|gaba2f:|\n"
BAD = HEADER + "|:dcde2f2|gaba2f:|\n"
OTHER = HEADER + "|:AFDDFA|BGDE2F:|\n"


def test_longest_run_finds_the_longest_common_text():
    training = "xxabcdyy|dcbazz"
    assert longest_run("..abcd..", training) == 4
    assert longest_run("dcbazz", training) == 6
    assert longest_run("qqq", training) == 0
    assert longest_run("", training) == 0


def test_body_of_spells_a_pretty_tune_as_the_training_text():
    assert body_of("X:3\nT:Name\n" + HEADER + "|: dcd e2f |\n gab a2f :|") == (
        "|:dcde2f|gaba2f:|"
    )


def test_body_of_a_broken_tune_is_what_stands_there():
    assert body_of(HEADER + "|:dc d$\n") == "|:dcd$"


def test_judge_row_counts_both_judges_and_the_copies():
    row, notes = judge_row("name", [GOOD, BAD, OTHER], body_of(GOOD))
    assert row["count"] == 3
    assert row["abc2midi"] == row["checker"] == pytest.approx(2 / 3)
    assert row["checker_only"] == row["abc2midi_only"] == 0
    assert row["longest_run"] == len("|:dcde2f|gaba2f:|")
    assert "time units" in notes[0]


def test_judge_row_shows_where_the_judges_disagree(monkeypatch):
    monkeypatch.setattr(music_judge, "check", lambda text: [])
    row, notes = judge_row("name", [GOOD, BAD], "", show=1)
    assert row["checker"] == 1
    assert row["checker_only"] == 0.5
    assert BAD in notes[-1]


def test_copied_is_a_long_run_and_half_of_the_tune():
    bars = [f"{a}{b}{a}{a}{b}{b}|" for a in "ABcd" for b in "efgD"]
    training = "".join(bars)
    cases = [
        ("".join(bars[2:8]), 1),  # a piece of a training tune
        ("".join(bars[2:8]) + "zzzzzz|" * 5, 1),  # half of the tune
        ("".join(bars[2:8]) + "zzzzzz|" * 7, 0),  # less than half
        ("".join(bars[2:7]), 0),  # a phrase, too short to say
        ("".join(bars[8:0:-1]), 0),  # the same bars in another order
    ]
    for body, expected in cases:
        row, _ = judge_row("name", [HEADER + body + "\n"], training)
        assert row["copied"] == expected, body


def test_kind_leaves_out_place_and_numbers():
    assert kind(
        "Warning in line-char 5-9 : Track 0 Bar 12 has 23/2 time units"
    ) == ("Track N Bar N has N time units")


def test_main_judges_people_recipe_and_files(tmp_path, capsys):
    Corpus([GOOD], [OTHER], [OTHER], {}).save(tmp_path / "data")
    run = tmp_path / "run"
    run.mkdir()
    (run / "samples-best-1.0.abc").write_text(f"X:1\n{GOOD}\nX:2\n{BAD}\n")
    arguments = ["--data", str(tmp_path / "data"), "--recipe", str(run)]
    rows = music_judge.main([*arguments, "--json"])
    assert json.loads(capsys.readouterr().out)["rows"] == rows
    assert [row["abc2midi"] for row in rows] == [1.0, 0.5]
    assert rows[1]["tunes"] == "recipe, best, T=1.0"


def test_main_says_how_to_make_the_samples(tmp_path):
    Corpus([GOOD], [OTHER], [OTHER], {}).save(tmp_path)
    with pytest.raises(MitseqError, match="music_training.py recipe"):
        music_judge.main(["--data", str(tmp_path), "--recipe", str(tmp_path)])
