import subprocess

import abc2midi
import pytest

pytest.importorskip("symusic", reason="the wheel that carries abc2midi")

HEADER = "M:6/8\nL:1/8\nK:D\n"


@pytest.mark.parametrize(
    ("body", "accepted"),
    [
        ("|:dcd e2f|gab a2f:|", True),
        ("dcd e2f|gab a2f:|", True),
        ("|:A|dcd e2f|gab a2:|", True),
        ("|:dcd e2f|1 gab a2f:|2 aaa fff||", True),
        ("|:A|dcd e2f|gab a2f:|", False),  # a pickup too much
        ("|:dcd e2f|gab a2f2:|", False),  # seven eighths
        ("|:dcd e2f|gab a2f|", False),  # no :| at the end
        ("|:dcd e2f|gab a2f-:|", False),  # a tie to nothing
        ("", False),
        ("|z6|z6|", False),
    ],
)
def test_judge_accepts_whole_bars_only(body, accepted):
    assert abc2midi.judge(HEADER + body).accepted is accepted


def test_judge_counts_the_kinds_of_message_apart():
    verdict = abc2midi.judge(HEADER + "|:dcd e2f2|gab a2fQ-:|")
    assert len(verdict.errors) == 1 and "tied" in verdict.errors[0]
    assert "7 time units" in verdict.bar_lengths[0]
    assert len(verdict.warnings) == 1 and "character Q" in verdict.warnings[0]


def test_judge_reports_a_missing_key():
    verdict = abc2midi.judge("M:6/8\nL:1/8\nabc abc|\n")
    assert not verdict.accepted


def test_judge_stops_at_the_time_limit(monkeypatch):
    def hang(*args, timeout, **kwargs):
        raise subprocess.TimeoutExpired(args, timeout)

    monkeypatch.setattr(subprocess, "run", hang)
    verdict = abc2midi.judge(HEADER + "|:abc abc:|", time_limit=0.5)
    assert verdict.errors == ("Error: no answer in 0.5 s",)
    assert not verdict.accepted


def test_complete_tune_keeps_a_number_and_drops_blank_lines():
    text = abc2midi.complete_tune("X:7\nK:D\n\nabc|\r\n")
    assert text == "X:7\nK:D\nabc|\n"


def test_share_accepted_counts():
    share, verdicts = abc2midi.share_accepted(
        [HEADER + "|:dcd e2f:|", HEADER + "|:dcd e2f|gab:|dcd|abc abc|"]
    )
    assert len(verdicts) == 2
    assert share == 0.5


def test_find_abc2midi_says_what_to_install(monkeypatch):
    monkeypatch.setattr(abc2midi.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(abc2midi.shutil, "which", lambda name: None)
    with pytest.raises(FileNotFoundError, match="pip install symusic"):
        abc2midi.find_abc2midi()
