from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mitseq.tunes.melody import read_melody
from mitseq.tunes.sections import (
    TICKS,
    alike,
    content,
    form,
    letters,
    phrases,
    sections,
)

HEAD = "M:2/4\nL:1/8\nK:D\n"
A = "d2A2|f3e|d2A2|d4"
B = "g2b2|a2f2|g2e2|d4"
contents = st.lists(
    st.tuples(st.integers(50, 80), st.integers(1, 4)), max_size=6
).map(
    lambda notes: tuple(
        (sum(n for _, n in notes[:i]), pitch, length)
        for i, (pitch, length) in enumerate(notes)
    )
)


@pytest.mark.parametrize(
    "body, sizes, played",
    [
        (f"|:{A}:||:{B}:|", [4, 4], "AABB"),
        (f"{A}||{B}|]", [4, 4], "AB"),
        (f"|:{A}:|{B}|]", [4, 4], "AAB"),
        (f"|:{A}:||:{A}:|", [4, 4], "AAAA"),
        (f"{A}||{B}||{A}|]", [4, 4, 4], "ABA"),
        # a pickup belongs to its section and is no bar
        ("A|:d2A2|f3e|d2A2|d3:||:f|g2b2|a2f2|g2e2|d3:|", [4, 4], "AABB"),
        ("|:A|d2A2|f3e|d2A2|d3:|", [4], "AA"),
        # a second ending is no section, and its bar not counted twice
        ("|:d2A2|f3e|d2A2|1d4:|2f4||g2b2|a2f2|g2e2|d4|]", [4, 4], "AAB"),
    ],
)
def test_sections_and_form_by_hand(body, sizes, played):
    melody = read_melody(f"{HEAD}{body}\n")
    assert [part.size for part in sections(melody)] == sizes
    assert form(melody) == played


def test_sections_hold_every_bar_once():
    melody = read_melody(f"{HEAD}A|:{A}:||:{B}|1g4:|2d4||{A}|]\n")
    parts = sections(melody)
    bars = [bar for part in parts for bar in part.bars]
    assert bars == melody.bars
    assert [part.first for part in parts][0] == 0


def test_contents_leave_out_pickup_and_later_endings():
    melody = read_melody(f"{HEAD}|:A|d2A2|1f3:|2f3|]\n")
    (part,) = sections(melody)
    half = TICKS // 4
    assert part.contents == [((0, 74, half), (half, 69, half))]


def test_phrases_are_letters_of_four_bars():
    melody = read_melody(f"{HEAD}|:{A}|{B}|{A}|e4|c4|e4|c4:|\n")
    assert phrases(sections(melody)) == "ABAC"


def test_a_tune_without_a_meter_is_one_section():
    melody = read_melody("M:none\nL:1/8\nK:D\nd2A2|f3|]\n")
    (part,) = sections(melody)
    assert part.full == Fraction(1, 2) and part.size == 2


def test_alike_is_the_share_of_the_time_of_one_pitch():
    melody = read_melody(f"{HEAD}d2A2|dAAA|A2d2|z2A2|]\n")
    first, second, third, fourth = map(content, melody.bars)
    assert alike(first, second) == 0.75
    assert alike(first, third) == 0.0
    assert alike(first, fourth) == 0.5


@given(contents, contents)
def test_alike_is_symmetric_and_one_with_itself(one, other):
    assert alike(one, other) == alike(other, one)
    assert 0 <= alike(one, other) <= 1
    assert alike(one, one) == (1 if one else 0)


@given(st.lists(st.lists(contents, min_size=1, max_size=3), max_size=6))
def test_letters_begin_with_a_and_none_is_left_out(parts):
    found = letters(parts)
    assert len(found) == len(parts)
    seen = sorted(set(found))
    assert seen == [chr(ord("A") + i) for i in range(len(seen))]
