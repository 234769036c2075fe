"""Texts of the command line and of standard input."""

import io

import pytest

from mitseq.cli import texts
from mitseq.errors import MitseqError


def test_a_text_that_is_not_utf_8_is_named():
    texts.check_utf8(("a", "é"))
    with pytest.raises(MitseqError, match="text 2 is not UTF-8"):
        texts.check_utf8(("a", "\udcff"))


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"", []),
        (b"one\r\ntwo\n", ["one", "two"]),
        (b"one\n\ntwo", ["one", "", "two"]),
        ("caf\u00e9".encode("cp1252"), ["caf\u00e9"]),
    ],
)
def test_standard_input_is_its_lines(monkeypatch, content, lines):
    stdin = io.TextIOWrapper(io.BytesIO(content))
    monkeypatch.setattr(texts.sys, "stdin", stdin)
    assert texts.standard_input() == lines


def test_a_dash_stands_for_the_lines_of_standard_input(monkeypatch):
    stdin = io.TextIOWrapper(io.BytesIO(b"one\ntwo\n"))
    monkeypatch.setattr(texts.sys, "stdin", stdin)
    given = texts.given_texts(("a", "-", "b"))
    assert [*given] == ["a", "one", "two", "b"]
    with pytest.raises(MitseqError, match="text 1 is not UTF-8"):
        [*texts.given_texts(("\udcff",))]
