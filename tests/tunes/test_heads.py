"""Heads of music21: lengths, tuplets, ties, graces, marks."""

from fractions import Fraction

from mitseq.tunes.bars import Pitch, Symbol
from mitseq.tunes.heads import (
    grace_notes,
    new_head,
    set_tie,
    set_tuplet,
    xml_text,
)
from tests.tunes.test_musicxml import root_of

C, E = Pitch("C", 0, 4), Pitch("E", 0, 4)


def test_xml_text_drops_what_xml_forbids():
    title = "a\x00b\ud800c\ufffe é 民謠"
    assert xml_text(title) == "abc é 民謠"
    tune = f"X:1\nT:{title}\nM:2/4\nL:1/4\nK:C\nCD|]\n"
    assert root_of(tune).findtext("work/work-title") == "abc é 民謠"


def test_note_chord_and_rest():
    length = Fraction(3, 8)
    note, chord, rest = (
        new_head(Symbol("n0", pitches, length), "n0", length)
        for pitches in ((C,), (C, E), ())
    )
    assert (note.pitch.midi, note.quarterLength) == (60, 1.5)
    assert [one.id for one in chord.notes] == ["n0", "n0.1"]
    assert rest.isRest


def test_tuplets_and_ties():
    symbol = Symbol(
        "n0", (C,), Fraction(1, 8), Fraction(2, 3), "start", tuplet_size=3
    )
    head = new_head(symbol, "n0", symbol.length)
    set_tuplet(head, symbol, 0, 1)
    set_tie(head, symbol, stops=False, starts=True)
    (tuplet,) = head.duration.tuplets
    assert (tuplet.numberNotesActual, tuplet.type) == (3, "start")
    assert head.tie.type == "start"


def test_one_grace_note_is_slashed_and_two_have_beams():
    (alone,) = grace_notes(Symbol("n4", (C,), Fraction(1), graces=(E,)))
    assert alone.id == "n4g0" and alone.duration.slash
    pair = grace_notes(Symbol("n4", (C,), Fraction(1), graces=(E, C)))
    assert [len(grace.beams.beamsList) for grace in pair] == [2, 2]
