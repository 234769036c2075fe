"""Texts of the command line and of standard input."""

import io
import os

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
    assert sum(texts.standard_input(), []) == lines


def test_a_dash_stands_for_the_lines_of_standard_input(monkeypatch):
    stdin = io.TextIOWrapper(io.BytesIO(b"one\ntwo\n"))
    monkeypatch.setattr(texts.sys, "stdin", stdin)
    given = texts.given_texts(("a", "-", "b"))
    assert [*given] == ["a", "one", "two", "b"]
    with pytest.raises(MitseqError, match="text 1 is not UTF-8"):
        [*texts.given_texts(("\udcff",))]


def test_one_text_is_all_of_standard_input(monkeypatch):
    for sent, read in ((b"one\n two \n", "one  two"), (b"caf\xe9", "café")):
        stdin = io.TextIOWrapper(io.BytesIO(sent))
        monkeypatch.setattr(texts.sys, "stdin", stdin)
        assert texts.given_text("-") == read
    stdin = io.TextIOWrapper(io.BytesIO(b" \n\n"))
    monkeypatch.setattr(texts.sys, "stdin", stdin)
    with pytest.raises(MitseqError, match="standard input is empty"):
        texts.given_text("-")
    assert texts.given_text("- so") == "- so"


def test_lines_come_when_there_are_as_many(monkeypatch):
    stdin = io.TextIOWrapper(io.BytesIO(b"line\n" * 10 + b"end"))
    monkeypatch.setattr(texts.sys, "stdin", stdin)
    batches = list(texts.given_batches(("-", "last"), 4))
    assert batches == [["line"] * 4] * 2 + [["line", "line", "end", "last"]]


def test_lines_that_have_come_do_not_wait_for_more(monkeypatch):
    ours, theirs = os.pipe()
    with open(ours) as stdin, open(theirs, "wb", buffering=0) as writer:
        monkeypatch.setattr(texts.sys, "stdin", stdin)
        batches = texts.given_batches(("-",), 100)
        writer.write(b"one\ntwo\nth")
        assert next(batches) == ["one", "two"]
        writer.write(b"ree\n")
        assert next(batches) == ["three"]
        writer.write("caf\u00e9\n".encode("cp1252"))
        assert next(batches) == ["caf\u00e9"]
