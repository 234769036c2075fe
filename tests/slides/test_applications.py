"""Applications and limits; that they run: test_recurrence.py."""

from mitseq.music.meter import check
from mitseq.slides.applications import heads, music


def test_the_tune_that_is_written_adds_up(capsys):
    music()
    abc = capsys.readouterr().out
    assert "M:6/8" in abc and check(abc) == []


def test_every_head_looks_somewhere(capsys):
    heads()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
