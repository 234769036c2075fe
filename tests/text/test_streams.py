"""Streams of labeled texts say what whole files say, and name each mistake."""

import csv
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.text import streams
from mitseq.text.columns import read_labeled_json_lines, read_labeled_table
from mitseq.text.streams import (
    stream_labeled_json_lines,
    stream_labeled_table,
    stream_lines,
)

cells = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r\x1c\x1d\x1e\x85"),
    min_size=1,
    max_size=20,
).filter(str.strip)


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(st.tuples(cells, st.sampled_from("ab")), min_size=4))
def test_a_stream_of_a_table_is_the_table(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("t") / "a.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "label"), *rows])
    content = path.read_bytes().decode().replace("\r\n", "\n")
    try:
        texts, labels, _ = read_labeled_table(content, path)
    except MitseqError:
        return  # not even the whole file says what it is
    found = [
        (text.replace("\r\n", "\n"), label)
        for text, label in stream_labeled_table(path)
    ]
    assert found == list(zip(texts, labels, strict=True))


def test_columns_are_found_at_the_beginning_of_a_long_file(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(streams, "HEAD", 200)
    path = tmp_path / "a.csv"
    # a cell goes on over lines, also where the beginning ends
    rows = [
        f'{i},"so good\n\n, number {i}",pos\n{i},bad,neg' for i in range(40)
    ]
    path.write_text("id,review,stars\n" + "\n".join(rows) + "\n")
    found = list(stream_labeled_table(path))
    assert len(found) == 80
    assert found[-2:] == [("so good\n\n, number 39", "pos"), ("bad", "neg")]
    named = stream_labeled_table(path, text_column="stars", label_column="id")
    assert next(named) == ("pos", "0")


def test_json_lines_are_those_of_the_whole_file(tmp_path, monkeypatch):
    monkeypatch.setattr(streams, "HEAD", 100)
    rows = [{"text": f"good {i}", "label": i % 2} for i in range(50)]
    content = "\n\n".join(map(json.dumps, rows))
    path = tmp_path / "a.jsonl"
    path.write_text(content)
    texts, labels, _ = read_labeled_json_lines(content, path)
    expected = list(zip(texts, labels, strict=True))
    assert list(stream_labeled_json_lines(path)) == expected


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "a.csv",
            b"text,label\nx,a\ny,b\nz\n",
            "line 4: 1 columns, expected 2",
        ),
        ("a.csv", b"text,label\nx,a\ny,\n", "line 3: the label is missing"),
        ("a.csv", b'text,label\nx,a\n"y,b\n', "line 3"),
        ("a.csv", b"text,label\nx,a\n\xff,b\n", "not utf-8"),
        ("a.csv", b"text,label\nx,a\n\0,b\n", "line 3: a NUL byte"),
        ("a.csv", b"", "empty"),
        ("a.jsonl", b'{"text":"x","label":1}\n{', "line 2: not JSON"),
        ("a.jsonl", b'{"text":"x","label":1}\n[]', "line 2: expected a JSON"),
        (
            "a.jsonl",
            b'{"text":"x","label":1}\n{"text":"y"}',
            "line 2: 'label' is missing",
        ),
        (
            "a.jsonl",
            b'{"text":"x","label":1}\n{"text":3,"label":1}',
            'line 2: "text" must be a string. Received: 3',
        ),
    ],
)
def test_mistakes_behind_the_beginning_are_named(
    tmp_path, monkeypatch, name, content, words
):
    path = tmp_path / name
    path.write_bytes(content)
    # what the beginning shows is right
    first = b"\n".join(content.split(b"\n")[:2])
    monkeypatch.setattr(streams, "HEAD", max(len(first) - 1, 1))
    stream = (
        stream_labeled_json_lines
        if name.endswith("jsonl")
        else stream_labeled_table
    )
    with pytest.raises(MitseqError) as caught:
        list(stream(path))
    assert str(path) in str(caught.value) and words in str(caught.value)


def test_encodings_are_known_by_their_mark_or_named(tmp_path):
    path = tmp_path / "a.txt"
    for encoding in ("utf-16", "utf-8-sig", "utf-8"):
        path.write_bytes("caf\xe9\n".encode(encoding))
        assert list(stream_lines(path)) == ["caf\xe9\n"]
    path.write_bytes(b"caf\xe9\n")
    assert list(stream_lines(path, "latin-1")) == ["caf\xe9\n"]
    with pytest.raises(MitseqError, match="latin-1"):
        list(stream_lines(path))
    with pytest.raises(MitseqError, match="`encoding` must be"):
        list(stream_lines(path, "utf-9"))
    with pytest.raises(MitseqError, match="No such file"):
        list(stream_lines(tmp_path / "none"))


def test_what_is_taken_is_told_as_of_the_whole_file(tmp_path):
    table, lines = tmp_path / "a.csv", tmp_path / "a.jsonl"
    table.write_text('text,mood\n"so good,pos\ntoo long,neg\n')
    lines.write_text('{"text": "a", "label": 1}\n{"text": "b", "label": 2}\n')
    whole = read_labeled_table(table.read_text(), table)
    assert streams.table_taken(table) == whole[2]
    whole = read_labeled_json_lines(lines.read_text(), lines)
    assert streams.json_lines_taken(lines) == whole[2]


def test_whether_a_whole_file_is_in_an_encoding_is_known(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"text,label\n" + b"good,pos\n" * 1000 + b"caf\xe9,neg\n")
    assert not streams.is_readable(path)
    assert streams.is_readable(path, "latin-1")
