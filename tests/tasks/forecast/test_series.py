"""A series in anyone's file: read, or refused in one line with its place."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.tasks.forecast.series import Series, check_values, read_series

MONTHS = [f"20{10 + i // 12}-{1 + i % 12:02}" for i in range(40)]


def write(path, lines):
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def table(values, names="Month,Sales", times=MONTHS):
    rows = zip(times, values, strict=False)
    return [names, *(f"{time},{value}" for time, value in rows)]


def test_times_and_values_are_read_and_go_on(tmp_path):
    path = write(tmp_path / "a.csv", table(range(40)))
    series = read_series(path)
    np.testing.assert_array_equal(series.values, np.arange(40))
    assert (series.name, series.filled) == ("Sales", 0)
    assert [series.label(i) for i in (0, 39, 40, 52)] == [
        *("2010-01", "2013-04", "2013-05", "2014-05")
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["1.5", *map(str, range(40))], 1.5),
        (["value", "1.5", *map(str, range(40))], 1.5),
        (["value", "1,5", *(f"{i},25" for i in range(40))], 1.5),
        (["t;x", "0;1,5", *(f"{i};{i},250" for i in range(1, 40))], 1.5),
        (["t;x", "0;1.234,5", *(f"{i};{i},5" for i in range(1, 40))], 1234.5),
        (["a,b", *(f'x,"{i + 1},50"' for i in range(40))], 1.5),
        (["\ufeffx\ty", *(f"text\t{i + 1.5}" for i in range(40))], 1.5),
        (["x", "1e3", *map(str, range(40))], 1000),
    ],
)
def test_columns_and_decimal_commas(tmp_path, lines, expected):
    series = read_series(write(tmp_path / "a.csv", lines))
    assert series.values[0] == expected and len(series.values) >= 40


def test_a_column_is_chosen_by_name_or_number(tmp_path):
    lines = ["day,a,b", *(f"{i},{i},{2 * i}" for i in range(40))]
    path = write(tmp_path / "a.csv", lines)
    with pytest.raises(MitseqError, match="2 columns of numbers: a, b; `col"):
        read_series(path)
    for column in ("b", "3"):
        assert read_series(path, column).values[5] == 10
    with pytest.raises(MitseqError, match="no column 'c'; there are day, a, b"):
        read_series(path, "c")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("twelve", "line 7: column 'Sales' must hold numbers. .*'twelve'"),
        ("", "line 7: no value in column 'Sales'; `gaps`"),
        ("NaN", "line 7: no value in column 'Sales'"),
        ("inf", "line 7: .*numbers up to 1e.30. Received: 'inf'"),
        ("1e200", "line 7: .*Received: '1e200'"),
    ],
)
def test_a_cell_that_is_no_number_is_told_with_its_line(tmp_path, value, words):
    values = [*range(5), value, *range(34)]
    path = write(tmp_path / "a.csv", table(values))
    with pytest.raises(MitseqError, match=f"a.csv: {words}"):
        read_series(path)


def test_a_comma_that_could_be_either_is_refused(tmp_path):
    lines = ["a,b", *(f'x,"{i},500"' for i in range(1, 40))]
    with pytest.raises(MitseqError, match="line 2: '1,500' .* a thousand to"):
        read_series(write(tmp_path / "a.csv", lines))


@pytest.mark.parametrize("missing", ["", "NA", None])
def test_gaps_are_refused_filled_or_skipped(tmp_path, missing):
    lines = table(range(40))
    if missing is None:
        del lines[6]  # 2010-06
        words = "line 7: 2010-07 follows 2010-05, expected 2010-06; `gaps`"
    else:
        lines[6] = f"2010-06,{missing}"
        words = "line 7: no value"
    path = write(tmp_path / "a.csv", lines)
    with pytest.raises(MitseqError, match=words):
        read_series(path)
    filled = read_series(path, gaps="fill")
    np.testing.assert_array_equal(filled.values, np.arange(40))
    assert filled.filled == 1 and filled.label(5) == "2010-06"
    skipped = read_series(path, gaps="skip")
    assert len(skipped.values) == 39 and skipped.label(5) == "2010-07"
    assert skipped.label(39) == "2013-05"


def test_a_blank_line_among_single_values_is_a_gap(tmp_path):
    lines = [*map(str, range(20)), "", *map(str, range(21, 40))]
    path = write(tmp_path / "a.csv", lines)
    with pytest.raises(MitseqError, match="line 21: no value"):
        read_series(path)
    assert read_series(path, gaps="fill").values[20] == 20


def test_what_is_missing_at_the_ends_is_left_out(tmp_path):
    path = write(tmp_path / "a.csv", table(["", *range(38), ""]))
    series = read_series(path, gaps="fill")
    assert len(series.values) == 38 and series.filled == 0
    assert series.label(0) == "2010-02"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([""], "the file is empty"),
        (["Month,Sales"], "a header and no value"),
        (table(range(12)), "12 values, expected at least 30"),
        (table([7] * 40), "all 40 values are 7: there is nothing"),
        (["a,b,c", *["x,y,z"] * 40], "no column of numbers; there are a, b, c"),
        (table(range(40), times=MONTHS[::-1]), "line 3: 2013-03 does not come"),
        (["Month,S", *(f"{m},{i},1" for i, m in enumerate(MONTHS))], "line 2"),
    ],
)
def test_files_that_nothing_can_be_learned_from(tmp_path, lines, words):
    with pytest.raises(MitseqError, match=words) as raised:
        read_series(write(tmp_path / "a.csv", lines))
    assert "a.csv: " in str(raised.value) and "\n" not in str(raised.value)


def test_no_such_file_and_an_unknown_way_of_gaps(tmp_path):
    with pytest.raises(MitseqError, match="none.csv: No such file"):
        read_series(tmp_path / "none.csv")
    with pytest.raises(MitseqError, match="`gaps` must be one of"):
        read_series(tmp_path / "none.csv", gaps="ignore")


def test_a_series_without_times_counts():
    series = Series(np.arange(3.0))
    assert series.label(2) == "3" and series.label(5) == "6"
    with pytest.raises(MitseqError, match="a: 1 value, expected at least 2"):
        check_values(np.ones(1), "a", 2)


CELLS = st.text("0123456789.,;-+eENaninf \t\"'\n/:|x", max_size=120)


@settings(max_examples=60, deadline=None)
@given(CELLS)
def test_any_text_is_a_series_or_one_line(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    path.write_text(text, encoding="utf-8")
    for gaps in ("refuse", "fill", "skip"):
        try:
            series = read_series(path, gaps=gaps, shortest=2)
        except MitseqError as error:
            assert "fuzz.csv" in str(error) and "\n" not in str(error)
        else:
            assert np.isfinite(series.values).all()
            assert series.label(len(series.values) + 3)
