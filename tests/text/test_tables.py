import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.text.tables import read_json_lines, read_table

cells = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12
)
rows = st.integers(2, 4).flatmap(
    lambda width: st.lists(
        st.lists(cells, min_size=width, max_size=width),
        min_size=1,
        max_size=6,
    )
)


@settings(max_examples=200)
@given(rows, st.sampled_from([",", "\t", ";", "|"]))
def test_what_csv_writes_is_read_back(rows, separator):
    text = io.StringIO()
    writer = csv.writer(
        text, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\n"
    )
    writer.writerows(rows)
    table = read_table(text.getvalue(), "f", tabs=separator == "\t")
    assert table.rows == rows
    assert (table.separator, table.lines[0]) == (separator, 1)


@pytest.mark.parametrize(
    "text, separator, expected",
    [
        ("a,b\nc,d\n", ",", [["a", "b"], ["c", "d"]]),
        ("good, really;1\nbad;0\n", ";", [["good, really", "1"], ["bad", "0"]]),
        ("a\tb, c\nd\te\n", "\t", [["a", "b, c"], ["d", "e"]]),
        ('he said "no",0\nyes,1', ",", [['he said "no"', "0"], ["yes", "1"]]),
        ('"a ""b""",0\nyes,1', ",", [['a "b"', "0"], ["yes", "1"]]),
        ('"a,b";1\n"c,d";0', ";", [["a,b", "1"], ["c,d", "0"]]),
        ('"so" good\t1\nbad\t0', "\t", [['"so" good', "1"], ["bad", "0"]]),
        ("a,b\n\n  \nc,d", ",", [["a", "b"], ["c", "d"]]),
    ],
)
def test_separator_and_quotes_are_found(text, separator, expected):
    table = read_table(text, "f")
    assert (table.separator, table.rows) == (separator, expected)


def test_lines_count_those_inside_of_quotes():
    table = read_table('a,b\n"two\nlines",c\n\nd,e\n', "f")
    assert table.lines == [1, 2, 5]


def test_a_cell_of_a_million_characters():
    long = "good " * 200_000
    assert read_table(f"{long},1\nb,0", "f").rows[0][0] == long


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "f: the file is empty"),
        (" \n\n", "f: the file is empty"),
        ("a\nb\n", "f: line 1: one column, expected at least two"),
        ("a,b\nc,d\ne,f,g\n", r"f: line 3: 3 columns, expected 2 .* \",\""),
        ("a,b\nc,d\ne\n", "f: line 3: 1 column, expected 2"),
        ('a,b\nc,d\n"e,f\ng,h,i', "f: line 3: a quote is opened"),
        ('a,b\n"c"d,e,x\n"f,g', "f: line 2: a quote inside"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text, message):
    with pytest.raises(MitseqError, match=message):
        read_table(text, "f")


@settings(max_examples=300)
@given(st.text(st.sampled_from('ab ,;\t|"\n'), max_size=40))
def test_any_text_is_a_table_or_one_clear_error(text):
    try:
        table = read_table(text, "f")
    except MitseqError as error:
        assert "\n" not in str(error) and str(error).startswith("f: ")
    else:
        assert len({len(row) for row in table.rows}) == 1
        assert len(table.rows[0]) > 1
        assert len(table.lines) == len(table.rows)


def test_json_lines_are_read_with_their_lines():
    records, lines = read_json_lines('{"a": 1}\n\n{"b": "é"}\n', "f")
    assert (records, lines) == ([{"a": 1}, {"b": "é"}], [1, 3])


@pytest.mark.parametrize(
    "text, message",
    [
        ("\n", "f: the file is empty"),
        ('{"a": 1}\n{"a": \n', "f: line 2: not JSON"),
        ("[1, 2]\n", "f: line 1: expected a JSON object.*list"),
        ("[" * 100_000, "f: line 1: not JSON"),
    ],
)
def test_what_is_no_json_object_is_told_with_its_line(text, message):
    with pytest.raises(MitseqError, match=message):
        read_json_lines(text, "f")


numbers = st.floats(allow_nan=False, allow_infinity=False)  # JSON has none


@given(st.lists(st.dictionaries(cells, cells | st.none() | numbers)))
def test_what_json_writes_is_read_back(records):
    text = "".join(json.dumps(record) + "\n" for record in records)
    if not records:
        with pytest.raises(MitseqError):
            read_json_lines(text, "f")
    else:
        found, lines = read_json_lines(text, "f")
        assert str(found) == str(records)
        assert lines == list(range(1, len(records) + 1))


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("NaN", "NaN is no number"),
        ("-Infinity", "-Infinity is no number"),
        ("9" * 5000, "a number of too many digits"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_json_cannot_hold_is_told_as_what_it_is(number, why):
    text = '{"text": "a", "label": 1}\n{"text": "b", "label": ' + number + "}"
    with pytest.raises(MitseqError, match=f"x.jsonl: line 2: not JSON.*{why}"):
        read_json_lines(text, "x.jsonl")


def test_that_quotes_are_read_as_they_stand_is_kept():
    assert read_table('a,"b"\nc,d\n', "x.csv").unquoted is None
    table = read_table('a,b\nc,"d\ne,f\n', "x.csv")
    assert table.rows == [["a", "b"], ["c", '"d'], ["e", "f"]]
    assert table.unquoted == "line 2: a quote is opened and never closed"
