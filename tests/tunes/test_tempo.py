"""How fast: what `Q:` says, or what is usual."""

from fractions import Fraction

import pytest

from mitseq.tunes.tempo import read_tempo, usual_tempo


@pytest.mark.parametrize(
    ("text", "tempo"),
    [
        ("1/4=90", 90),
        ("3/8=100", 150),
        ('"Lively" 1/2=60', 120),
        ("1/8 1/8=60", 60),
        ("80", 40),
        ("C3=80", 120),
        ("1/4=99999", None),
        ("1/0=100", 400),
        ("fast", None),
        ("", None),
    ],
)
def test_read_tempo(text, tempo):
    assert read_tempo(text, Fraction(1, 8)) == tempo


def test_usual_tempo_knows_rhythms_before_meters():
    assert usual_tempo("Slip Jig", (9, 8)) == 168
    assert usual_tempo("", (9, 8)) == 168
    assert usual_tempo("hornpipe", (4, 4)) == 152
