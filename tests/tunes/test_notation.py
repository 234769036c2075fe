from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.tunes.notation import (
    ABCError,
    Token,
    default_unit,
    field_value,
    fields,
    format_length,
    is_bar_line,
    is_compound,
    note_length,
    parse_key,
    parse_meter,
    parse_unit,
    piece_length,
    pieces,
    split_bar,
    split_header,
    split_meter,
    title,
    tokenize,
    tuplet_count,
)
from tests.tunes.tunes_for_tests import CHARACTERS, TUNES, damaged


@given(st.text() | st.text(alphabet=CHARACTERS))
@settings(deadline=None)
def test_tokens_are_the_text(text):
    assert "".join(token.text for token in tokenize(text)) == text


@given(st.sampled_from(TUNES), st.integers(0, 10**6))
@settings(deadline=None)
def test_tokens_of_a_damaged_tune_are_its_text(tune, seed):
    text = damaged(tune, seed)
    tokens = tokenize(text)
    assert "".join(token.text for token in tokens) == text
    assert all(token.text for token in tokens)


def test_every_token_stands_where_it_says():
    for tune in TUNES:
        lines = tune.split("\n")
        for token in tokenize(tune):
            if token.kind != "newline":
                line = lines[token.line - 1]
                assert line[token.column - 1 :].startswith(token.text)


@pytest.mark.parametrize(
    "text, kinds",
    [
        ("^f'3/2", "note"),
        ("__B,,//", "note"),
        ("z2", "rest"),
        ("x", "rest"),
        ("Z4", "multirest"),
        ("|:", "bar"),
        (":|2", "bar"),
        ("::", "bar"),
        ("|]", "bar"),
        ("[|", "bar"),
        (":||", "bar"),
        ("[1", "ending"),
        ("[1,3", "ending"),
        ("[CEG]2", "chord"),
        ("{cd}", "grace"),
        ('"Am"', "chord_symbol"),
        ("!trill!", "decoration"),
        ("~", "decoration"),
        ("(3", "tuplet"),
        ("(3:2:4", "tuplet"),
        ("(", "slur"),
        ("-", "tie"),
        (">>", "broken"),
        ("[K:G]", "field"),
        ("&", "overlay"),
        ("`", "beam"),
        ("#", "text"),
    ],
)
def test_kind_of_a_token(text, kinds):
    assert [(t.kind, t.text) for t in tokenize(text)] == [(kinds, text)]


def test_fields_and_repeats_at_the_start_of_a_line():
    tokens = tokenize("K:G\nG:|\nw: la la\nA::\n")
    assert [t.kind for t in tokens if t.kind != "newline"] == [
        "field",
        "note",
        "bar",
        "field",
        "note",
        "bar",
    ]


def test_all_line_ends_count():
    tokens = tokenize("K:G\r\nA\rB\nc")
    assert [t for t in tokens if t.kind == "note"] == [
        Token("note", "A", 2, 1),
        Token("note", "B", 3, 1),
        Token("note", "c", 4, 1),
    ]


def test_garbage_takes_linear_time():
    for unit in ("[", "{", '"', "!a", "+", "(3", "[K:", "^"):
        tokens = tokenize(unit * 30_000)
        assert sum(len(t.text) for t in tokens) == 30_000 * len(unit)


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


@pytest.mark.parametrize(
    "text, key, sharps",
    [
        ("G", "G", 1),
        ("D major", "D", 2),
        ("dmaj", "D", 2),
        ("E minor", "Em", 1),
        ("Aeolian", None, 0),
        ("Am", "Am", 0),
        ("AMIN", "Am", 0),
        ("A aeolian", "Am", 0),
        ("C ionian", "C", 0),
        ("ADor", "Ador", 1),
        ("D Mixolydian", "Dmix", 1),
        ("E phrygian", "Ephr", 0),
        ("F lydian", "Flyd", 0),
        ("B locrian", "Bloc", 0),
        ("Bb", "Bb", -2),
        ("F#m", "F#m", 3),
        ("none", "C", 0),
        ("D clef=treble", "D", 2),
        ("G bass", "G", 1),
        ("Gm treble-8", None, 0),
        ("G#", None, 0),
        ("Fbm", None, 0),
        ("Hp", None, 0),
        ("D exp ^f", None, 0),
        ("D ^f", None, 0),
        ("H", None, 0),
        ("", None, 0),
        ("Dx", None, 0),
        ("G octave=-1", None, 0),
    ],
)
def test_keys(text, key, sharps):
    if key is None:
        with pytest.raises(ABCError, match="`key` must be"):
            parse_key(text)
    else:
        assert str(parse_key(text)) == key
        assert parse_key(text).sharps == sharps
        assert parse_key(key) == parse_key(text)


def test_key_signature():
    assert parse_key("D").signature == {"F": "^", "C": "^"}
    assert parse_key("Gm").signature == {"B": "_", "E": "_"}
    assert parse_key("Am").signature == {}


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


def test_fields_and_title():
    assert list(fields("X:1\nM:6/8 % jig\nK:D\nw:no\n")) == [
        ("X", "1", 1),
        ("M", "6/8", 2),
        ("K", "D", 3),
    ]
    assert title(TUNES[1]) == "A Reel"
    assert title("K:D\nABc|") == ""
    assert field_value("[L: 1/8 ]") == "1/8"


def test_split_header():
    for tune in TUNES:
        header, body = split_header(tune)
        assert header + body == tune
        assert header.splitlines()[-1].startswith("K:")
    assert split_header("no key at all") == ("no key at all", "")


def test_error_names_the_line():
    error = ABCError("no key", line=3)
    assert (str(error), error.line, error.reason) == (
        "line 3: no key",
        3,
        "no key",
    )
    assert isinstance(error, ValueError)
