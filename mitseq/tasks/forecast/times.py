"""The times of a series: do they go on evenly, and which come next?

Dates as they are usually written, years, or numbers. Months are of unequal
length, and a stock exchange is closed at weekends: both are even steps here.
"""

import calendar as months
import dataclasses
import datetime
from collections import Counter

import numpy as np

from mitseq.errors import MitseqError

FORMS = (
    *("%Y-%m-%d", "%Y-%m", "%Y/%m/%d", "%Y/%m", "%d.%m.%Y"),
    *("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%b %Y", "%Y%m%d"),
    *("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f"),
    *("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"),
    *("%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"),
)
NUMBERS, MONTHS, MONTH_ENDS = "numbers", "months", "month ends"
DAYS, WORKDAYS, SECONDS = "days", "workdays", "seconds"
FEWEST_WORKDAYS = 10  # dates without a weekend, to think there is none
_EPOCH = datetime.datetime(1970, 1, 1)


@dataclasses.dataclass(frozen=True)
class Calendar:
    """The times of the values of a series, and how they go on.

    Args:
        places: `(T,)` of int, the time of each value in units.
        step: Units from a value to the next.
        unit: What is counted, such as "months".
        form: How a time is written, for `strftime`; empty for numbers.
        day: The day of the month, where months are counted.

    Example:

    >>> cells, lines = ["1949-01", "1949-02", "1949-03"], [2, 3, 4]
    >>> calendar, places = read_calendar(cells, lines, "a.csv")
    >>> calendar.label(0), calendar.label(3), calendar.unit
    ('1949-01', '1949-04', 'months')
    """

    places: np.ndarray
    step: int
    unit: str
    form: str
    day: int = 1

    def label(self, index: int) -> str:
        """Returns a time as text, also of a value that is yet to come."""
        ahead = max(0, index - len(self.places) + 1)
        place = int(self.places[min(index, len(self.places) - 1)])
        place += ahead * self.step
        if self.unit == NUMBERS:
            return str(place)
        return self._moment(place).strftime(self.form)

    def _moment(self, place: int) -> datetime.datetime:
        if self.unit in (MONTHS, MONTH_ENDS):
            year, month = divmod(place, 12)
            longest = months.monthrange(year, month + 1)[1]
            day = longest if self.unit == MONTH_ENDS else self.day
            return datetime.datetime(year, month + 1, min(day, longest))
        if self.unit == WORKDAYS:
            week, day = divmod(place, 5)
            return _EPOCH + datetime.timedelta(days=7 * week + day - 3)
        if self.unit == DAYS:
            return _EPOCH + datetime.timedelta(days=place)
        return _EPOCH + datetime.timedelta(seconds=place)

    def keep(self, chosen: np.ndarray) -> "Calendar":
        """Returns the calendar of some of the values.

        Args:
            chosen: `(T,)` of bool, or the numbers of the values.
        """
        return dataclasses.replace(self, places=self.places[chosen])


def is_time(cell: str) -> bool:
    """Tells whether a cell holds a date in one of the usual ways, or a year.

    Example:

    >>> is_time("1949-01"), is_time("31.12.2020"), is_time("Month")
    (True, True, False)
    """
    cell = cell.strip()
    return _whole(cell) or any(_parsed(cell, form) for form in FORMS)


def read_calendar(
    cells: list[str], lines: list[int], source: str, gaps: str = "refuse"
) -> tuple[Calendar, np.ndarray]:
    """Reads the times of values, in the order of the file.

    Args:
        cells: A time each.
        lines: The line of each, for errors.
        source: The file, for errors.
        gaps: What happens to a time that is missing, as in `read_series`.

    Returns:
        The calendar, and the place of each value in it: 0, 1, 2, ..., where
        gaps are filled with a number left out for each time that is missing.

    Raises:
        MitseqError: if a cell is no time, or times do not go on evenly.
    """
    form, moments = _moments(cells, lines, source)
    unit, units = _units(form, moments)
    steps = np.diff(units)
    for i in np.flatnonzero(steps <= 0)[:1]:
        raise MitseqError(
            f"{source}: line {lines[i + 1]}: {cells[i + 1]} does not come "
            f"after {cells[i]}, expected the oldest value first"
        )
    step = Counter(steps.tolist()).most_common(1)[0][0] if len(steps) else 1
    day = moments[0].day if form else 1
    calendar = Calendar(units, step, unit, form, day)
    uneven = np.flatnonzero(steps != step)
    if not len(uneven) or gaps == "skip":
        return calendar, np.arange(len(units))
    first = int(uneven[0])
    expected = calendar.keep(slice(first + 1)).label(first + 1)
    off = np.flatnonzero(steps % step)
    if gaps == "fill" and not len(off):
        places = (units - units[0]) // step
        whole = units[0] + step * np.arange(places[-1] + 1)
        return dataclasses.replace(calendar, places=whole), places
    if gaps == "fill":
        first = int(off[0])
        expected = calendar.keep(slice(first + 1)).label(first + 1)
    raise MitseqError(
        f"{source}: line {lines[first + 1]}: {cells[first + 1]} follows "
        f"{cells[first]}, expected {expected}; `gaps` (--gaps): fill puts "
        "values that are missing on a straight line, skip takes those that "
        "are there as they follow each other"
    )


def _moments(cells, lines, source):
    """Returns how the times are written, and what they are."""
    if all(map(_whole, cells)) and not all(
        _parsed(cell, "%Y%m%d") for cell in cells
    ):
        return "", [int(cell) for cell in cells]
    found = {form: [_parsed(cell, form) for cell in cells] for form in FORMS}
    whole = {form: each for form, each in found.items() if all(each)}
    if not whole:
        form = max(found, key=lambda form: sum(map(bool, found[form])))
        wrong = next(i for i, each in enumerate(found[form]) if not each)
        like = next(
            (c for c, each in zip(cells, found[form], strict=True) if each),
            "1949-01",
        )
        raise MitseqError(
            f"{source}: line {lines[wrong]}: expected a time like {like!r}. "
            f"Received: {cells[wrong]!r}."
        )

    # a day and a month that could be either are those that go on evenly
    def jumps(form):
        return len(set(np.diff(_units(form, whole[form])[1]).tolist()))

    form = min(whole, key=jumps)
    return form, whole[form]


def _units(form: str, moments: list) -> tuple[str, np.ndarray]:
    if not form:
        return NUMBERS, np.array(moments)
    in_months = np.array([12 * m.year + m.month - 1 for m in moments])
    if "%H" in form:
        seconds = [round((m - _EPOCH).total_seconds()) for m in moments]
        return SECONDS, np.array(seconds)
    if "%d" not in form or len({m.day for m in moments}) == 1:
        return MONTHS, in_months
    if all(m.day == months.monthrange(m.year, m.month)[1] for m in moments):
        return MONTH_ENDS, in_months
    days = np.array([(m - _EPOCH).days for m in moments])
    weeks, weekdays = np.divmod(days + 3, 7)  # day 0 was a Thursday
    daily = len(days) > 1 and np.median(np.diff(days)) == 1
    if daily and len(days) >= FEWEST_WORKDAYS and weekdays.max() < 5:
        return WORKDAYS, 5 * weeks + weekdays
    return DAYS, days


def _whole(cell: str) -> bool:
    return cell.lstrip("+-").isdecimal() and len(cell) < 16


def _parsed(cell: str, form: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.strptime(cell, form)
    except ValueError:
        return None
