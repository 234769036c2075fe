"""Which accidental holds for which note."""

import pytest

from mitseq.tunes.accidentals import Accidentals, read_pitch, read_pitches
from mitseq.tunes.keys import parse_key
from mitseq.tunes.notation import ABCError


def sounds(notes, key="C"):
    accidentals = Accidentals(parse_key(key))
    return [accidentals.sound(read_pitch(note)) for note in notes.split()]


def test_a_pitch_has_one_spelling():
    plain = [read_pitch(note).plain for note in ("C'", "c,", "C,'", "c''")]
    assert plain == ["c", "C", "C", "c''"]
    assert [pitch.step for pitch in read_pitches("{C^cD,}")] == [0, 7, -6]


@pytest.mark.parametrize("note", ["C,,,,", "b" + 4 * "'", "C" + 4 * ",'"])
def test_out_of_reach(note):
    with pytest.raises(ABCError, match="out of reach"):
        read_pitch(note)


def test_the_key_and_the_bar():
    assert [pitch.midi for pitch in sounds("F =F f ^^F", "D")] == [
        66, 65, 77, 67,
    ]  # fmt: skip


def test_an_accidental_is_printed_once_in_each_octave():
    shown = [pitch.shown for pitch in sounds("F ^F F f f F")]
    assert shown == [False, True, False, True, False, False]


def test_a_bar_line_clears():
    accidentals = Accidentals(parse_key("C"))
    accidentals.sound(read_pitch("^F"))
    accidentals.clear()
    assert accidentals.sound(read_pitch("F")).midi == 65


def test_what_is_left_out_is_spelled_where_it_is_needed():
    accidentals = Accidentals(parse_key("C"))
    accidentals.sound(read_pitch("^F"))  # of a grace note
    spelled = []
    for note in ("f", "F", "=F", "F", "G"):
        accidentals.sound(read_pitch(note))
        spelled.append(accidentals.spell(read_pitch(note)))
    assert spelled == ["^f", "F", "=F", "F", "G"]
