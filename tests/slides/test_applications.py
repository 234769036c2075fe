"""Applications and limits; that they run: test_recurrence.py."""

from mitseq.slides.applications import heads, music, sentiment, tags
from mitseq.tunes.check import check


def test_the_tune_that_is_written_adds_up(capsys):
    music()
    abc = capsys.readouterr().out
    assert "M:6/8" in abc and check(abc) == []


def test_every_head_looks_somewhere(capsys):
    heads()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4


def test_the_same_words_in_another_order_are_another_mood(capsys):
    sentiment()
    good, bad, reasons = capsys.readouterr().out.splitlines()
    assert good.startswith("positive (") and bad.startswith("negative (")
    assert "not +" in reasons


def test_flies_are_a_verb_and_a_noun(capsys):
    tags()
    time, fruit = capsys.readouterr().out.splitlines()
    assert time == "Time/NOUN flies/VERB like/ADP an/DET arrow/NOUN"
    assert fruit == "Fruit/NOUN flies/NOUN like/VERB a/DET banana/NOUN"
