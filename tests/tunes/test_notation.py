"""What one token means."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.tunes.notation import (
    ABCError,
    default_unit,
    format_length,
    is_bar_line,
    is_compound,
    note_length,
    parse_meter,
    parse_unit,
    piece_length,
    pieces,
    split_bar,
    split_meter,
    tuplet_count,
)
from tests.tunes.tunes_for_tests import CHARACTERS


@pytest.mark.parametrize(
    "text, length",
    [
        ("A", Fraction(1)),
        ("A2", Fraction(2)),
        ("A/", Fraction(1, 2)),
        ("A//", Fraction(1, 4)),
        ("A3/", Fraction(3, 2)),
        ("^f,3/4", Fraction(3, 4)),
        ("z8", Fraction(8)),
        ("/4", Fraction(1, 4)),
        ("", Fraction(1)),
    ],
)
def test_note_length(text, length):
    assert note_length(text) == length


@pytest.mark.parametrize("text", ["A0", "A1/0", "A0/0", "A99999999999", "A0/"])
def test_no_length(text):
    with pytest.raises(ABCError, match="length"):
        note_length(text)


def test_one_spelling_of_each_length():
    for top in range(1, 65):
        for bottom in (1, 2, 4, 8, 16):
            length = Fraction(top, bottom)
            assert note_length("A" + format_length(length)) == length


def test_meters():
    assert split_meter(" C ") == (4, 4)
    assert split_meter("2+3/8") == (5, 8)
    assert parse_meter("12/8") == Fraction(3, 2)
    assert parse_meter("") is None
    for text in ("3", "6/", "6/7", "0/4", "6/8/8", "99/4", "x"):
        with pytest.raises(ABCError, match="`meter` must be"):
            parse_meter(text)


def test_units():
    assert parse_unit("1/16") == Fraction(1, 16)
    assert parse_unit("1") == 1
    for text in ("2/8", "1/3", "1/0", "", "1/128", "a"):
        with pytest.raises(ABCError, match="`L:` must be"):
            parse_unit(text)
    assert default_unit(Fraction(2, 4)) == Fraction(1, 16)
    assert default_unit(Fraction(6, 8)) == Fraction(1, 8)
    assert default_unit(None) == Fraction(1, 8)


def test_tuplets():
    assert tuplet_count("(3") == (3, 2, 3)
    assert tuplet_count("(2") == (2, 3, 2)
    assert tuplet_count("(4", compound=True) == (4, 3, 4)
    assert tuplet_count("(5") == (5, 2, 5)
    assert tuplet_count("(7", compound=True) == (7, 3, 7)
    assert tuplet_count("(9") == (9, 2, 9)
    assert tuplet_count("(3:2:2") == (3, 2, 2)
    assert tuplet_count("(3::2") == (3, 2, 2)
    assert tuplet_count("(3:4") == (3, 4, 3)
    for piece in ("3", "(", "(33", "A", "(3:2:2:2"):
        assert tuplet_count(piece) is None
    assert is_compound(9, 8) and not is_compound(3, 4)
    assert not is_compound(3, 8)


def test_facts_about_pieces():
    assert piece_length("=B,3/4") == Fraction(3, 4)
    assert piece_length("z6") == 6
    for piece in ("|", "|1", "(3", "-", "M:6/8\n", "L:1/8\n", "K:D\n", "\n"):
        assert piece_length(piece) == 0
    bars = ["|", "||", "|]", "|:", ":|", "::", "|1", ":|2", "|1,3"]
    assert all(is_bar_line(bar) for bar in bars)
    assert not any(is_bar_line(p) for p in ("A", "(3", "-", "\n", "K:D\n", ""))
    assert split_bar("|1,3") == ("|", "1,3")
    assert split_bar("::") == ("::", "")


@given(st.text() | st.text(alphabet=CHARACTERS))
@settings(deadline=None)
def test_pieces_are_the_text(text):
    assert "".join(pieces(text)) == text


def test_error_names_the_line():
    error = ABCError("no key", line=3)
    assert (str(error), error.line, error.reason) == (
        "line 3: no key",
        3,
        "no key",
    )
    assert isinstance(error, ValueError)


def test_a_meter_has_from_one_to_sixty_four_beats():
    assert split_meter("1/4") == (1, 4)
    assert split_meter("64/4") == (64, 4)
    for text in ("0/4", "65/4", "32+33/4"):
        with pytest.raises(ABCError, match="`meter` must be"):
            split_meter(text)


def test_errors_say_all_that_came_and_no_more():
    assert str(ABCError("why")) == "why"
    assert str(ABCError("why", 3)) == "line 3: why"
    with pytest.raises(ABCError) as caught:
        parse_unit("1/" + "9" * 50)
    assert str(caught.value) == (
        "`L:` must be 1/1, 1/2, 1/4, 1/8, 1/16, 1/32 or 1/64. "
        f"Received: L='1/{'9' * 38}'."
    )
    with pytest.raises(ABCError) as caught:
        split_meter("x" * 50)
    assert str(caught.value) == (
        "`meter` must be two numbers such as 6/8, or C, C| or none. "
        f"Received: meter='{'x' * 40}'."
    )


def test_bars_shorter_than_three_quarters_have_sixteenths():
    assert default_unit(Fraction(3, 4)) == Fraction(1, 8)
    assert default_unit(Fraction(5, 8)) == Fraction(1, 16)
    assert default_unit(Fraction(2, 3)) == Fraction(1, 16)


def test_a_tuplet_of_one_means_two_whatever_the_meter():
    assert tuplet_count("(1") == (1, 2, 1)
    assert tuplet_count("(1", compound=True) == (1, 2, 1)
