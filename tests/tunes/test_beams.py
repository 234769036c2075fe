"""Beams follow the beat and the spaces of the text."""

from fractions import Fraction

import pytest

from mitseq.tunes.beams import Beamable, beam_group, beam_marks

EIGHTH = Fraction(1, 8)
SIXTEENTH = Fraction(1, 16)


def marks(lengths, meter=(4, 4), pickup=Fraction(0), breaks=(), rests=()):
    heads, position = [], Fraction(0)
    for index, length in enumerate(lengths):
        heads.append(
            Beamable(length, position, index not in rests, index in breaks)
        )
        position += length
    return beam_marks(heads, meter, pickup)


def test_eighths_in_common_time_are_joined_by_half_bars():
    four = [["start"], ["continue"], ["continue"], ["stop"]]
    assert marks([EIGHTH] * 8) == four * 2


def test_a_space_in_the_text_ends_a_beam():
    found = marks([EIGHTH] * 4, breaks={2})
    assert found == [["start"], ["stop"]] * 2


def test_a_rest_and_a_quarter_end_a_beam():
    assert marks([EIGHTH] * 4, rests={1}) == [
        [],
        [],
        ["start"],
        ["stop"],
    ]
    assert marks([EIGHTH, Fraction(1, 4), EIGHTH]) == [[], [], []]


def test_dotted_eighth_and_sixteenth_have_a_stub():
    assert marks([Fraction(3, 16), SIXTEENTH]) == [
        ["start"],
        ["stop", "partial-left"],
    ]
    assert marks([SIXTEENTH, Fraction(3, 16)]) == [
        ["start", "partial-right"],
        ["stop"],
    ]


def test_sixteenths_inside_a_group_of_three():
    found = marks([EIGHTH, SIXTEENTH, SIXTEENTH, EIGHTH], meter=(6, 8))
    assert found == [
        ["start"],
        ["continue", "start"],
        ["continue", "stop"],
        ["stop"],
    ]


def test_a_pickup_is_counted_from_the_bar_line():
    # One eighth before the bar, then a group of two: not joined in 6/8.
    found = marks([EIGHTH] * 4, meter=(6, 8), pickup=Fraction(2, 8))
    assert found == [[], ["start"], ["continue"], ["stop"]]


@pytest.mark.parametrize(
    ("meter", "shortest", "span"),
    [
        ((6, 8), EIGHTH, Fraction(3, 8)),
        ((9, 8), SIXTEENTH, Fraction(3, 8)),
        ((3, 8), EIGHTH, Fraction(3, 8)),
        ((4, 4), EIGHTH, Fraction(1, 2)),
        ((4, 4), SIXTEENTH, Fraction(1, 4)),
        ((3, 4), EIGHTH, Fraction(1, 4)),
        (None, EIGHTH, Fraction(1, 4)),
    ],
)
def test_beam_group(meter, shortest, span):
    assert beam_group(meter, shortest) == span
