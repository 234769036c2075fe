import codecs
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.text.encodings import decode, decode_pieces, read_text

texts = st.text(
    st.characters(exclude_characters="\0\ufeff", exclude_categories=["Cs"])
)


@given(texts)
def test_every_text_comes_back_from_each_unicode_encoding(text):
    assert decode(text.encode("utf-8"))[0] == text
    assert decode(text.encode("utf-8-sig"))[0] == text
    marks = {
        "utf-16-le": codecs.BOM_UTF16_LE,
        "utf-16-be": codecs.BOM_UTF16_BE,
        "utf-32-le": codecs.BOM_UTF32_LE,
    }
    for name, mark in marks.items():
        assert decode(mark + text.encode(name))[0] == text


@pytest.mark.parametrize(
    "data, expected",
    [
        (b"caf\xe9", ("café", "cp1252")),
        (b"\x93so\x94 \x97 good", ("“so” — good", "cp1252")),
        (b"\x81\xe9", ("\x81é", "latin-1")),  # 0x81 is no cp1252
        (b"", ("", "utf-8")),
        ("naïve".encode(), ("naïve", "utf-8")),
    ],
)
def test_what_is_not_utf8_is_read_as_windows_wrote_it(data, expected):
    assert decode(data) == expected


def test_damaged_utf8_is_not_taken_for_another_encoding():
    data = "schön, très bon\nça va\n".encode() + b"\xff\n"
    line = "f: line 3: 0xff is not utf-8. Expected text in that encoding"
    with pytest.raises(MitseqError, match=line + "; another one can be named"):
        decode(data, source="f")
    with pytest.raises(MitseqError, match=line + r"\.$"):
        decode(data, source="f", can_be_named=False)


def test_a_named_encoding_is_obeyed_or_named_in_the_error(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"good\r\nbad\rcaf\xe9\n")
    assert read_text(path, "latin-1") == ("good\nbad\ncafé\n", "latin-1")
    with pytest.raises(MitseqError, match="line 2: 0xe9 is not utf-8"):
        read_text(path, "utf-8")
    with pytest.raises(MitseqError, match="line 2: 0xe9 is not ascii"):
        read_text(path, "ascii")
    for name in ("klingon", "", "a\0b", "rot13"):
        with pytest.raises(MitseqError, match="`encoding` must be the name"):
            read_text(path, name)


def test_nul_bytes_and_missing_files_are_named(tmp_path):
    with pytest.raises(MitseqError, match="x: line 2: a NUL byte"):
        decode(b"a\r\nb\0", source="x")
    with pytest.raises(MitseqError, match="UTF-16 without"):
        decode("good".encode("utf-16-le"))
    with pytest.raises(MitseqError, match="none.txt: No such file"):
        read_text(tmp_path / "none.txt")


@given(st.binary(max_size=40), st.sampled_from([None, "utf-8", "utf-16"]))
def test_any_bytes_are_text_or_one_clear_error(data, encoding):
    try:
        text, _ = decode(data, encoding, "f")
    except MitseqError as error:
        assert "\n" not in str(error) and str(error).startswith("f: line ")
    else:
        assert isinstance(text, str) and "\0" not in text


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"]),
    st.lists(st.sampled_from(["good", "caf\u00e9 \u2013", "\r\n", "\n", "\r"])),
    st.lists(st.integers(0, 60)),
)
def test_pieces_give_the_text_of_the_whole(encoding, parts, cuts):
    data = "".join(parts).encode(encoding)
    edges = sorted({0, len(data), *(min(cut, len(data)) for cut in cuts)})
    pieces = [data[a:b] for a, b in itertools.pairwise(edges)]
    text = "".join(decode_pieces(pieces))
    assert text == decode(data)[0].replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("size", [1, 3, 100])
@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"good\nba\0d\n", "line 2: a NUL byte"),
        (b"caf\xc3\xa9 \xc3\xa9\n\nb\xff\n", "line 3: 0xff is not utf-8"),
        (b"caf\xc3\xa9\nb\xc3", "line 2: 0xc3 is not utf-8"),
    ],
)
def test_pieces_that_are_no_text_are_refused_with_the_line(data, told, size):
    pieces = [data[i : i + size] for i in range(0, len(data), size)]
    with pytest.raises(MitseqError, match=told):
        list(decode_pieces(pieces, "input"))


def test_the_first_lines_are_decoded_before_the_rest_is_there():
    def pieces():
        yield b"good\ncaf\xc3"
        yield b"\xa9\n"
        raise RuntimeError("too far")

    found = decode_pieces(pieces())
    assert next(found) + next(found, "") == "good\ncaf\xe9\n"


def test_a_text_that_the_memory_does_not_hold_is_told(tmp_path, monkeypatch):
    path = tmp_path / "large.txt"
    path.write_text("good")

    def full(*arguments):
        raise MemoryError

    monkeypatch.setattr("mitseq.text.encodings.decode", full)
    with pytest.raises(MitseqError, match="large.txt: a text of 4 bytes, more"):
        read_text(path)
