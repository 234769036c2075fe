"""Months, workdays, hours: even steps that go on, and gaps with their line."""

import datetime

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.forecast.times import is_time, read_calendar


def days(start, count, step=1, form="%Y-%m-%d"):
    first = datetime.date.fromisoformat(start)
    dates = [first + datetime.timedelta(days=step * i) for i in range(count)]
    return [date.strftime(form) for date in dates]


def read(cells, gaps="refuse"):
    return read_calendar(cells, range(2, len(cells) + 2), "a.csv", gaps)


@pytest.mark.parametrize(
    ("cells", "unit", "following"),
    [
        (["2020-11", "2020-12", "2021-01"], "months", "2021-02"),
        (
            ["2020-01-31", "2020-02-29", "2020-03-31"],
            "month ends",
            "2020-04-30",
        ),
        (["2020-01-15", "2020-02-15"], "months", "2020-03-15"),
        (["2020-01", "2020-04", "2020-07"], "months", "2020-10"),
        (days("2020-02-27", 3), "days", "2020-03-01"),
        (days("2020-01-01", 5, step=7), "days", "2020-02-05"),
        (["1950", "1951", "1952"], "numbers", "1953"),
        (["0", "10", "20"], "numbers", "30"),
        (
            ["2020-01-01 23:00", "2020-01-02 00:00"],
            "seconds",
            "2020-01-02 01:00",
        ),
        (["01.02.2020", "02.02.2020"], "days", "03.02.2020"),
    ],
)
def test_times_go_on_as_they_were_written(cells, unit, following):
    calendar, places = read(cells)
    assert calendar.unit == unit
    assert [calendar.label(i) for i in range(len(cells))] == cells
    assert calendar.label(len(cells)) == following
    np.testing.assert_array_equal(places, np.arange(len(cells)))


def test_a_stock_exchange_is_closed_at_weekends():
    cells = [
        c
        for c in days("2024-01-01", 28)
        if datetime.date.fromisoformat(c).weekday() < 5
    ]
    calendar, _ = read(cells)  # the last one is Friday, 26 January
    assert calendar.unit == "workdays"
    assert [calendar.label(len(cells) + i) for i in range(2)] == [
        *("2024-01-29", "2024-01-30")
    ]
    assert [calendar.label(i) for i in range(len(cells))] == cells
    with pytest.raises(
        MitseqError,
        match="line 7: 2024-01-09 follows 2024-01-05, expected 2024-01-08",
    ):
        read(cells[:5] + cells[6:])


def test_a_day_and_a_month_that_could_be_either_go_on_evenly():
    american = days("2024-01-10", 40, form="%m/%d/%Y")
    european = days("2024-01-10", 40, form="%d/%m/%Y")
    for cells in (european[:3], american, european):
        calendar, _ = read(cells)
        assert calendar.unit == "days"
        assert calendar.label(0) == cells[0]


def test_gaps_leave_places_free_and_skipping_does_not():
    cells = ["2020-01", "2020-02", "2020-04", "2020-05"]
    with pytest.raises(MitseqError, match="a.csv: line 4: 2020-04 follows"):
        read(cells)
    calendar, places = read(cells, "fill")
    assert places.tolist() == [0, 1, 3, 4] and calendar.label(2) == "2020-03"
    calendar, places = read(cells, "skip")
    assert places.tolist() == [0, 1, 2, 3] and calendar.label(2) == "2020-04"
    with pytest.raises(MitseqError, match="line 5"):  # no multiple of two days
        read(["2020-01-01", "2020-01-03", "2020-01-05", "2020-01-06"], "fill")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["2020-01", "2020-01"], "line 3: 2020-01 does not come after 2020-01"),
        (["2020-01", "soon"], "line 3: expected a time like '2020-01'. Rec"),
        (["2020-01", "2020-13"], "line 3: expected a time like"),
    ],
)
def test_what_is_no_later_time_is_refused(cells, words):
    with pytest.raises(MitseqError, match=words):
        read(cells)


def test_which_cells_are_times():
    assert all(map(is_time, ["1999", "2020-01-31", "2020-01-31T10:00:00Z"]))
    assert not any(map(is_time, ["", "Month", "1.5", "2020-31-31"]))
