"""A series of numbers in a CSV file: one column, and the times if there are.

    Month,Passengers
    1949-01,112
    1949-02,118

The times are read by times.py. What a file can have wrong is one line, with
the line of the file.
"""

import dataclasses
import math
import os
import re

import numpy as np

from mitseq.arguments import (
    check_choice,
    check_column,
    check_count,
    is_int,
    received,
)
from mitseq.errors import MitseqError
from mitseq.input import input_path
from mitseq.tasks.forecast.times import Calendar, is_time, read_calendar
from mitseq.text.encodings import read_text
from mitseq.text.tables import SEPARATORS, read_table

GAPS = ("refuse", "fill", "skip")
SHORTEST = 30  # values
# Above this, squares and sums of values are no longer sure to be numbers.
LARGEST = 1e30
# What stands in files where a value is missing.
MISSING = {"", "na", "n/a", "nan", "null", "none", "-", "?", "."}
TIME_NAMES = {
    *("date", "time", "datetime", "timestamp", "month", "day", "year", "week"),
    *("quarter", "hour", "index", "step", "t", "no", "nr", "id"),
}
# 1,234 is a thousand to some, and a bit more than one to others.
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
_DECIMAL_COMMA = re.compile(r"\s*[+-]?\d+,\d+\s*")


@dataclasses.dataclass(frozen=True)
class Series:
    """The values of a series, in the order of time.

    Args:
        values: `(T,)`, finite numbers.
        name: Of the column.
        source: Where they come from, for titles and errors.
        calendar: The times of the values; None if there are none.
        filled: How many values were missing and are now on a straight line
            between their neighbors.

    Example:

    >>> series = Series(np.arange(3.0), "Passengers", "airline.csv")
    >>> series.label(0), series.label(4)
    ('1', '5')
    """

    values: np.ndarray
    name: str = "value"
    source: str = "series"
    calendar: Calendar | None = None
    filled: int = 0

    def label(self, index: int) -> str:
        """Returns the time of a value, also of one that is yet to come.

        Without times it is the number of the value, from 1 on.
        """
        if self.calendar is None:
            return str(index + 1)
        return self.calendar.label(index)


def read_series(
    path: str | os.PathLike,
    column: str | None = None,
    *,
    gaps: str = "refuse",
    shortest: int = SHORTEST,
) -> Series:
    """Reads a series: a value a line, the oldest first.

    A column of times is found by its name or by what is in it; the file may
    have none. Decimal commas are read where they cannot be anything else.

    Args:
        path: A CSV or TSV file, or one value a line.
        column: Name of the column, or its number from 1 on; None for the only
            one that holds numbers.
        gaps: What happens if a value or a time is missing: "refuse" it, "fill"
            it on a straight line between its neighbors, or "skip" it, and take
            the values as they follow each other.
        shortest: Fewest values.

    Returns:
        The `Series`.

    Raises:
        MitseqError: if the file cannot be read, there is no such column or it
            is not clear which, a cell is no number, times do not go on, there
            are too few values or all are the same; with file and line.
    """
    check_choice(GAPS, gaps=gaps)
    check_count(shortest=shortest)
    check_column(column=column)
    column = received(column) if is_int(column) else column
    path = input_path(path)
    text, _ = read_text(path)
    names, rows, lines, separator = _rows(text, str(path))
    at = _column(names, rows, column, path)
    cells = [row[at].strip() for row in rows]
    values = _numbers(cells, lines, separator, names[at], path)
    times = _times(names, rows, at)
    missing = np.isnan(values)
    if gaps == "refuse" and missing.any():
        line = lines[int(missing.argmax())]
        raise MitseqError(
            f"{path}: line {line}: no value in column {names[at]!r}; "
            "`gaps` (--gaps): fill puts it on a straight line between its "
            "neighbors, skip leaves it out"
        )
    calendar, filled = None, 0
    if times is not None:
        calendar, places = read_calendar(times, lines, str(path), gaps)
        if gaps == "fill":
            wide = np.full(places[-1] + 1, np.nan)
            wide[places] = values
            values = wide
    if gaps == "fill":
        first, values, filled = _fill(values, path)
        if calendar is not None:
            within = np.arange(first, first + len(values))
            calendar = calendar.keep(within)
    elif gaps == "skip":
        keep = ~np.isnan(values)
        values = values[keep]
        if calendar is not None:
            calendar = calendar.keep(keep)
    check_values(values, str(path), shortest)
    return Series(values, names[at], str(path), calendar, filled)


def check_values(values: np.ndarray, source: str, shortest: int) -> None:
    """Refuses a series that nothing can be learned from.

    Raises:
        MitseqError: if it is too short, or always the same.

    Example:

    >>> check_values(np.ones(40), "a.csv", 30)
    Traceback (most recent call last):
    ...
    mitseq.errors.MitseqError: a.csv: all 40 values are 1: there is nothing to
    forecast
    """
    if len(values) < shortest:
        raise MitseqError(
            f"{source}: {len(values)} value{'s' * (len(values) != 1)}, "
            f"expected at least {shortest}"
        )
    if np.ptp(values) == 0:
        raise MitseqError(
            f"{source}: all {len(values)} values are {values[0]:g}: there is "
            "nothing to forecast"
        )


def _rows(text: str, source: str):
    """Returns names, rows, the line of each, and what separates the cells."""
    if not text.strip():
        raise MitseqError(f"{source}: the file is empty")
    whole = text.split("\n")
    numbered = [(i, line) for i, line in enumerate(whole, 1) if line.strip()]
    if _is_one_column([line for _, line in numbered]):
        # a line without a value has nothing on it: it is a gap
        last = numbered[-1][0]
        rows = [[line.strip().strip('"')] for line in whole[:last]]
        lines, separator = list(range(1, last + 1)), ";"
    else:
        table = read_table(text, source)
        rows, lines, separator = table.rows, table.lines, table.separator
    named = not any(map(_is_number, rows[0])) and not is_time(rows[0][0])
    if not named:
        return _unnamed(rows[0]), rows, lines, separator
    if len(rows) == 1:
        raise MitseqError(f"{source}: a header and no value")
    names = [cell.strip().lstrip("\ufeff") for cell in rows[0]]
    return names, rows[1:], lines[1:], separator


def _is_one_column(lines: list[str]) -> bool:
    if not any(s in line for line in lines for s in SEPARATORS):
        return True
    body = lines if _DECIMAL_COMMA.fullmatch(lines[0]) else lines[1:]
    no_other = "," not in lines[0] or body is lines
    return (
        no_other
        and bool(body)
        and all(
            _DECIMAL_COMMA.fullmatch(line) or _is_number(line) for line in body
        )
    )


def _unnamed(first: list[str]) -> list[str]:
    names = [f"column {number}" for number in range(1, len(first) + 1)]
    return ["value"] if len(names) == 1 else names


def _is_number(cell: str) -> bool:
    try:
        float(cell.strip().replace(",", "."))
    except ValueError:
        return False
    return cell.strip().casefold() not in MISSING


def _column(names, rows, column, path) -> int:
    if column is not None:
        if names.count(column) == 1:
            return names.index(column)
        if column.isdecimal() and 1 <= int(column) <= len(names):
            return int(column) - 1
        raise MitseqError(
            f"{path}: no column {column!r}; there are {', '.join(names)}"
        )
    known = range(len(names))
    values = [at for at in known if _is_value_column(names, rows, at)]
    if len(values) == 1:
        return values[0]
    if not values:
        if len(names) <= 2:
            return len(names) - 1  # the line of its first text is told
        raise MitseqError(
            f"{path}: no column of numbers; there are {', '.join(names)}"
        )
    told = ", ".join(names[at] for at in values)
    raise MitseqError(
        f"{path}: {len(values)} columns of numbers: {told}; `column` "
        "(--column) says which"
    )


def _is_value_column(names, rows, at) -> bool:
    if names[at].casefold() in TIME_NAMES and len(names) > 1:
        return False
    cells = [row[at].strip() for row in rows]
    there = [cell for cell in cells if cell.casefold() not in MISSING]
    numbers = sum(map(_is_number, there))
    times = all(map(is_time, there)) and not all(map(_is_number, there))
    return not times and numbers > len(there) / 2


def _numbers(cells, lines, separator, name, path) -> np.ndarray:
    """Returns the numbers of a column, NaN where one is missing."""
    commas = [cell for cell in cells if "," in cell]
    decimal = separator != "," or any(
        not _THOUSANDS.fullmatch(cell) for cell in commas
    )
    values = np.full(len(cells), np.nan)
    for i, (cell, line) in enumerate(zip(cells, lines, strict=True)):
        if cell.casefold() in MISSING:
            continue
        if "," in cell and not decimal:
            raise MitseqError(
                f"{path}: line {line}: {cell!r} in column {name!r} is a "
                "thousand to some and a fraction to others; write it with a "
                "point, or without the comma"
            )
        values[i] = _number(cell, f"{path}: line {line}", name)
    return values


def _number(cell: str, where: str, name: str) -> float:
    plain = cell
    if "," in cell:  # a decimal comma; points before it part thousands
        head, _, tail = cell.rpartition(",")
        plain = f"{head.replace('.', '')}.{tail}"
    try:
        value = float(plain)
    except ValueError:
        raise MitseqError(
            f"{where}: column {name!r} must hold numbers. Received: {cell!r}."
        ) from None
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise MitseqError(
            f"{where}: column {name!r} must hold numbers up to {LARGEST:g}. "
            f"Received: {cell!r}."
        )
    return value


def _times(names, rows, at) -> list[str] | None:
    """Returns the cells of the time column; None if there is none."""
    for other in range(len(names)):
        if other == at:
            continue
        cells = [row[other].strip() for row in rows]
        named = names[other].casefold() in TIME_NAMES
        if all(map(is_time, cells)) and (
            named or not all(map(_is_number, cells))
        ):
            return cells
        if named and any(map(is_time, cells)):
            return cells  # the one that is none is told with its line
    return None


def _fill(values: np.ndarray, path) -> tuple[int, np.ndarray, int]:
    """Returns where the values begin, the values, and how many were missing."""
    there = np.flatnonzero(~np.isnan(values))
    if not len(there):
        raise MitseqError(f"{path}: no value in any line")
    values = values[there[0] : there[-1] + 1]
    missing = np.isnan(values)
    at = np.arange(len(values))
    values[missing] = np.interp(at[missing], at[~missing], values[~missing])
    return int(there[0]), values, int(missing.sum())
