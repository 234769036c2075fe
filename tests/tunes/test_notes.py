"""Notes, rests, chords and their lengths."""

from fractions import Fraction
from itertools import product

import pytest

from mitseq.tunes.notation import TICKS
from mitseq.tunes.reader import read_events

HEADER = "M:6/8\nL:1/8\nK:D\n"


def spelled(body: str, header: str = HEADER) -> str:
    reading = read_events(header + body)
    assert reading.problems == []
    return " ".join(event.piece for event in reading.events)


def test_broken_rhythm_becomes_lengths():
    assert spelled("A>B c<d") == "A3/2 B/2 c/2 d3/2"
    assert spelled("A>>B c<<<d") == "A7/4 B/4 c/8 d15/8"
    assert spelled("A2>B2") == "A3 B"
    assert spelled("A/>B/ z>A") == "A3/4 B/4 z3/2 A/2"
    assert spelled("A>|B") == "A3/2 | B/2"
    assert spelled("A{c}>B") == "A3/2 B/2"


def test_octaves_have_one_spelling():
    assert spelled("C' c, C,' c'' =B,,") == "c C C c'' =B,,"


def test_a_chord_gives_its_highest_note():
    assert spelled("[DFA]2 [d2D]/ [D-A-]A") == "A2 d A - A"


def test_an_accidental_of_a_dropped_note_stays_in_force():
    assert spelled("[^FA]F F|F") == "A ^F F | F"
    assert spelled("{^G}A G G2|G") == "A ^G G2 | G"
    assert spelled("[^FA]=F F") == "A =F F"


def test_tuplets():
    assert spelled("(3ABc (3:2:3ABc (3:2:2AB (5ABcde") == (
        "(3 A B c (3 A B c (3:2:2 A B (5 A B c d e"
    )
    events = read_events(HEADER + "(3ABc d").events
    assert [e.played for e in events[1:]] == [Fraction(2, 3)] * 3 + [1]
    events = read_events(HEADER + "(5ABcde").events
    assert events[1].played == Fraction(3, 5)


@pytest.mark.parametrize("unit", ["1/8", "1/64"])
def test_what_people_write_is_a_whole_number_of_ticks(unit):
    # A tuplet of p notes in the time of q, of a length, under another unit.
    for p, q, text in product(range(2, 10), range(1, 10), ("", "/64", "3/2")):
        body = f"[L:{unit}]({p}:{q}:1A{text}B{text}"
        one, other = read_events(HEADER + body).events[1:]
        length = Fraction("1" + text if text[:1] != "3" else text)
        scale = Fraction(unit) / Fraction(1, 8)
        assert one.played == length * scale * q / p
        assert other.played == length * scale
        assert {type(one.ticks), type(other.ticks)} == {int}


def test_the_played_length_is_exact_where_ticks_are_not():
    (note,) = read_events(HEADER + "A7/11").events
    assert note.played == Fraction(7, 11)
    assert note.ticks == TICKS * Fraction(7, 11)
    first, second = read_events(HEADER + "A/11>B/11").events
    assert first.played == Fraction(3, 22) and second.played == Fraction(1, 22)
    triplet = read_events(HEADER + "(3A/11B/11c/11").events[1:]
    assert sum(note.ticks for note in triplet) * 11 == 2 * TICKS


def test_a_tuplet_counts_in_the_meter_in_force():
    events = read_events("M:2/4\nL:1/8\nK:D\n[M:6/8](5ABcde").events
    assert events[-1].played == Fraction(3, 5)


def test_a_chord_keeps_all_its_pitches():
    (event,) = read_events(HEADER + "[D^FA]2").events
    assert [pitch.midi for pitch in event.detail] == [62, 66, 69]
    assert event.piece == "A2"
