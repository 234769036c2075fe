import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.text.encodings import decode, read_text

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
