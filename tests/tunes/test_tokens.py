"""Cutting text into tokens."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.tunes.tokens import field_value, header_fields, scan
from tests.tunes.tunes_for_tests import CHARACTERS, TUNES, damaged


@given(st.text() | st.text(alphabet=CHARACTERS))
@settings(deadline=None)
def test_tokens_are_the_text(text):
    assert "".join(content for _, content, _, _ in scan(text)) == text


@given(st.sampled_from(TUNES), st.integers(0, 10**6))
@settings(deadline=None)
def test_tokens_of_a_damaged_tune_are_its_text(tune, seed):
    text = damaged(tune, seed)
    contents = [content for _, content, _, _ in scan(text)]
    assert "".join(contents) == text
    assert all(contents)


def test_every_token_stands_where_it_says():
    for tune in TUNES:
        lines = tune.split("\n")
        for kind, content, line, column in scan(tune):
            if kind != "newline":
                assert lines[line - 1][column - 1 :].startswith(content)


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
    assert [token[:2] for token in scan(text)] == [(kinds, text)]


def test_fields_and_repeats_at_the_start_of_a_line():
    tokens = scan("K:G\nG:|\nw: la la\nA::\n")
    assert [kind for kind, *_ in tokens if kind != "newline"] == [
        "field",
        "note",
        "bar",
        "field",
        "note",
        "bar",
    ]


def test_all_line_ends_count():
    tokens = scan("K:G\r\nA\rB\nc")
    assert [token for token in tokens if token[0] == "note"] == [
        ("note", "A", 2, 1),
        ("note", "B", 3, 1),
        ("note", "c", 4, 1),
    ]


def test_garbage_takes_linear_time():
    for unit in ("[", "{", '"', "!a", "+", "(3", "[K:", "^"):
        tokens = scan(unit * 30_000)
        assert sum(len(content) for _, content, _, _ in tokens) == 30_000 * len(
            unit
        )


def test_fields_of_the_header_leave_the_body():
    tokens = scan("X:1\nM:6/8 % jig\nK:D\nw:no\n")
    assert list(header_fields(tokens)) == [
        ("X", "1", 1),
        ("M", "6/8", 2),
        ("K", "D", 3),
    ]
    assert [content for _, content, _, _ in tokens] == ["\n", "w:no", "\n"]
    assert field_value("[L: 1/8 ]") == "1/8"
