"""Pitches, printed lengths and bars."""

from fractions import Fraction

import pytest

from mitseq.tunes.bars import (
    Bar,
    MelodyError,
    Pitch,
    Symbol,
    chord_id,
    printed_lengths,
)


def test_pitch_midi():
    assert Pitch("C", 0, 4).midi == 60
    assert Pitch("B", -1, 3).midi == 58


@pytest.mark.parametrize(
    ("length", "printed"),
    [
        ("1/8", ["1/8"]),
        ("3/16", ["3/16"]),
        ("5/8", ["1/2", "1/8"]),
        ("7/16", ["3/8", "1/16"]),
        ("3", ["3"]),
        ("5", ["3", "2"]),
    ],
)
def test_printed_lengths(length, printed):
    found = printed_lengths(Fraction(length))
    assert found == tuple(Fraction(one) for one in printed)


@pytest.mark.parametrize("length", ["1/24", "1/3", "1/512"])
def test_a_length_without_a_sign_is_refused(length):
    with pytest.raises(MelodyError, match="printed with heads"):
        printed_lengths(Fraction(length))


def test_heads_of_a_symbol_have_names_of_their_own():
    symbol = Symbol("n4", (Pitch("A", 0, 4),), Fraction(5, 8))
    assert symbol.heads() == [("n4", Fraction(1, 2)), ("n4b", Fraction(1, 8))]
    assert [chord_id("n4b", number) for number in (0, 1)] == ["n4b", "n4b.1"]


def test_a_bar_is_as_long_as_its_symbols_sound():
    triplet = [Symbol("n", (), Fraction(1, 8), Fraction(2, 3))] * 3
    assert Bar(triplet).length == Fraction(1, 4)
    assert Bar().length == 0
