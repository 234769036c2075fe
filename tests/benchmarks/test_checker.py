"""The damage of the checker's benchmark is the damage that it is called."""

import random
from collections import Counter

import pytest
from checker import (
    DAMAGE,
    agreement,
    read_tunes,
    split_body,
    two_pieces,
    without_style,
)

from mitseq.tunes.notation import piece_length, pieces

TUNE = "M:6/8\nL:1/8\nK:D\n|:d2ABAF|d2ABAF|defgfe|a3b2a:|\n"


def test_split_body_keeps_every_character():
    header, body = split_body(TUNE)
    assert header == "M:6/8\nL:1/8\nK:D\n"
    assert header + body == TUNE


def damaged_pieces(name, seed=3):
    header, body = split_body(TUNE)
    text = DAMAGE[name](header, body, random.Random(seed))
    before, after = pieces(body), pieces(text[len(header) :])
    gone = Counter(before) - Counter(after)
    come = Counter(after) - Counter(before)
    return sorted(gone.elements()), sorted(come.elements()), text


def test_human_tunes_are_left_alone():
    assert damaged_pieces("human")[2] == TUNE


def test_one_note_is_deleted():
    gone, come, _ = damaged_pieces("note deleted")
    assert len(gone) == 1 and piece_length(gone[0]) > 0
    assert come == []


def test_one_length_is_doubled():
    gone, come, _ = damaged_pieces("length doubled")
    assert piece_length(come[0]) == 2 * piece_length(gone[0])


def test_one_bar_line_is_dropped():
    gone, come, _ = damaged_pieces("bar line missing")
    assert (gone, come) == (["|"], [])


def test_one_character_changes():
    text = damaged_pieces("random character")[2]
    assert len(text) == len(TUNE)
    assert sum(a != b for a, b in zip(text, TUNE, strict=True)) <= 1


def test_truncated_tunes_are_a_beginning():
    text = damaged_pieces("truncated")[2]
    assert TUNE.startswith(text[:-1]) and len(text) < len(TUNE)


def test_two_pieces_become_others_of_the_same_tune():
    header, body = split_body(TUNE)
    text = two_pieces(header, body, random.Random(1))
    assert set(pieces(text[len(header) :])) <= set(pieces(body))


def test_without_style_leaves_the_notes():
    text = 'X:1\nR:jig\nM:6/8\nK:D\n"D"d2A HB3|\n'
    assert without_style(text) == "X:1\n%\nM:6/8\nK:D\nd2A B3|\n"


def test_read_tunes_cuts_at_numbers_and_blank_lines(tmp_path):
    path = tmp_path / "two.abc"
    path.write_text("X:1\nK:D\nabc|\n\ntext\n\nX:2\nK:G\ndef|\n")
    assert read_tunes([str(path)]) == ["X:1\nK:D\nabc|\n", "X:2\nK:G\ndef|\n"]


def test_agreement_prints_a_row_for_each_damage(capsys):
    pytest.importorskip("symusic")
    agreement([TUNE] * 3, seed=0)
    lines = capsys.readouterr().out.splitlines()
    assert [line[:20].strip() for line in lines[1:]] == list(DAMAGE)
    human = lines[1].split()
    assert human[1:6] == ["3", "100.0%", "100.0%", "100.0%", "100.0%"]
