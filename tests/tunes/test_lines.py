"""Encodings, line ends and old line breaks."""

import pytest

from mitseq.tunes.lines import (
    MAX_CHARACTERS,
    CorpusError,
    field_letter,
    read_lines,
    without_old_break,
)

TUNE = "X:1\nT:Café\nK:D\nabc|\n"


def lines_of(path, data: bytes) -> list[str]:
    path.write_bytes(data)
    return [line for _, line in read_lines(path)]


@pytest.mark.parametrize(
    "data",
    [
        TUNE.encode(),
        TUNE.encode("utf-8-sig"),
        TUNE.encode("latin-1"),
        TUNE.encode("utf-16"),
        b"\xff\xfe" + TUNE.encode("utf-16-le"),
        b"\xfe\xff" + TUNE.encode("utf-16-be"),
        TUNE.replace("\n", "\r\n").encode(),
        TUNE.replace("\n", "\r").encode(),
        TUNE.replace("\n", " \t\r\n ").encode("latin-1"),
        TUNE.encode() + b"\x1a",  # the end of a file under MS-DOS
    ],
)
def test_every_encoding_and_line_end_gives_the_same_lines(tmp_path, data):
    lines = lines_of(tmp_path / "a.abc", data)
    assert [line for line in lines if line] == TUNE.split("\n")[:-1]


def test_latin_1_and_utf_8_in_one_file_are_both_read(tmp_path):
    data = "T:Café\n".encode() + "T:Café\n".encode("latin-1")
    assert lines_of(tmp_path / "a.abc", data) == ["T:Café", "T:Café"]


def test_a_character_cut_by_the_read_buffer_stays_whole(tmp_path):
    lines = lines_of(tmp_path / "a.abc", "é\n".encode() * 50_000)
    assert set(lines) == {"é"} and len(lines) == 50_000


def test_numbers_count_the_lines_of_the_file(tmp_path):
    path = tmp_path / "a.abc"
    path.write_bytes(b"a\r\n\r\n" + b"b" * (3 * MAX_CHARACTERS) + b"\r\nc")
    assert [number for number, _ in read_lines(path)] == [1, 2, 3, 4]


def test_a_long_line_is_cut(tmp_path):
    lines = lines_of(tmp_path / "a.abc", b"a" * (3 * MAX_CHARACTERS) + b"\nb")
    assert [len(line) for line in lines] == [MAX_CHARACTERS + 1, 1]


def test_text_blocks_come_out_empty(tmp_path):
    data = b"%%begintext\nabc|\n%%endtext\n%%beginps x\nd|\n%%endps\ne|\n"
    lines = lines_of(tmp_path / "a.abc", data)
    assert [line for line in lines if line] == ["e|"]


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\0\0", b"abc|\n" * 9999 + b"\0"])
def test_a_binary_file_is_named(tmp_path, data):
    with pytest.raises(CorpusError, match=r"a\.abc: a binary file"):
        lines_of(tmp_path / "a.abc", data)


def test_missing_and_unreadable_files_are_named(tmp_path):
    with pytest.raises(CorpusError, match=r"b\.abc: no such file"):
        list(read_lines(tmp_path / "b.abc"))
    with pytest.raises(CorpusError, match="s a directory"):
        list(read_lines(tmp_path))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("abc|def|!", "abc|def|"),
        ("abc|!def|!", "abc| def|"),
        ("abc|!def!", "abc| def"),
        ("!trill!abc|!", "!trill!abc|"),
        ("ab!p!c !D.C.! d!", "ab!p!c !D.C.! d"),
        # not a line break
        ("abc|!fermata!", "abc|!fermata!"),
        ("ab!mf!c!>!", "ab!mf!c!>!"),
        ("abc !crescendo(!", "abc !crescendo(!"),
        ("!trill!abc", "!trill!abc"),
        ("T:Hurrah!", "T:Hurrah!"),
        ("% so what!", "% so what!"),
        ("", ""),
        ("!", ""),
    ],
)
def test_an_old_line_break_goes_and_a_decoration_stays(line, expected):
    assert without_old_break(line) == expected


def test_field_letter_knows_fields_from_notes():
    assert [field_letter(x) for x in ("T:x", "w:la", "+:x")] == ["T", "w", "+"]
    assert {field_letter(x) for x in ("G:|", "A::", "ab:", ":|", "")} == {""}
