"""Tables in text files: CSV, TSV and JSON Lines, as rows with line numbers.

The separator, the quoting and the header are found by looking at the whole
table: the right reading is the one in which all rows have as many columns.
"""

import csv
import io
import json
from collections import Counter
from dataclasses import dataclass, field

from mitseq.errors import MitseqError

SEPARATORS = ("\t", ",", ";", "|")  # the likeliest first


@dataclass
class Table:
    """Rows of text cells, as one separator and one way of quoting read them."""

    separator: str  # what stands between the cells
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)  # on which each row begins
    width: int = 0  # the columns that most rows have
    share: float = 0.0  # of the rows that have so many
    problem: str | None = None  # the first thing wrong with this reading
    quoting: int = csv.QUOTE_MINIMAL
    # why quotes are read as they stand, where they are no quotes
    unquoted: str | None = None


def read_table(text: str, source: str, *, tabs: bool = False) -> Table:
    r"""Reads separated values; blank lines are left out.

    An error names the `source`; `tabs` is whether the file says that tabs
    separate it.

    Raises:
        MitseqError: if there is no row, rows have different numbers of columns,
            or a quote is not closed; with the line.

    Example:

    >>> table = read_table('a;"b;c"\nd;e\n', "x.csv")
    >>> table.rows, table.lines
    ([['a', 'b;c'], ['d', 'e']], [1, 2])
    >>> read_table("a,b\nc,d\ne,f,g\n", "x.csv")
    Traceback (most recent call last):
    ...
    mitseq.errors.MitseqError: x.csv: line 3: 3 columns, expected 2 as in the
    rows before (a cell that holds "," needs quotes)
    """
    if not text.strip():
        raise MitseqError(f"{source}: the file is empty")
    candidates = ("\t",) if tabs else SEPARATORS
    candidates = [s for s in candidates if s in text]
    failed = []
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        found = []
        for separator in candidates:
            reading = _read(text, separator, quoting)
            if reading.width > 1 and reading.problem is None:
                found.append(reading)
            elif quoting == csv.QUOTE_MINIMAL and reading.width != 1:
                failed.append(reading)
        if found:
            best = min(found, key=_is_punctuation)  # the first one of equals
            best.unquoted = next(
                (
                    reading.problem
                    for reading in failed
                    if reading.separator == best.separator
                ),
                None,
            )
            return best
    if not failed:
        expected = "a tab" if tabs else "a comma, tab, semicolon or bar"
        raise MitseqError(
            f"{source}: line 1: one column, expected at least two with "
            f"{expected} between them"
        )
    best = max(failed, key=lambda reading: reading.share)
    raise MitseqError(f"{source}: {best.problem}")


def read_json_lines(
    text: str, source: str
) -> tuple[list[dict[str, object]], list[int]]:
    r"""Reads one JSON object a line; blank lines are left out.

    Returns:
        The objects, and the line of each.

    Raises:
        MitseqError: if there is none, or a line is not a JSON object.

    Example:

    >>> read_json_lines('{"text": "good", "label": 1}\n', "x.jsonl")
    ([{'text': 'good', 'label': 1}], [1])
    """
    records, lines = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            reason = _why_not_json(error)
            raise MitseqError(
                f"{source}: line {number}: not JSON: {reason}. Expected one "
                'object a line, such as {"text": "good", "label": "pos"}.'
            ) from None
        if not isinstance(record, dict):
            raise MitseqError(
                f"{source}: line {number}: expected a JSON object, such as "
                '{"text": "good", "label": "pos"}. Received: '
                f"{type(record).__name__}."
            )
        records.append(record)
        lines.append(number)
    if not records:
        raise MitseqError(f"{source}: the file is empty")
    return records, lines


def _no_number(name: str):
    raise ValueError(name)


def _why_not_json(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return error.msg
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if str(error) in ("NaN", "Infinity", "-Infinity"):
        return f"{error} is no number"
    return "a number of too many digits"


def _is_punctuation(reading: Table) -> bool:
    """Whether a space follows each separator, as in a sentence."""
    return all(row[-1].startswith(" ") for row in reading.rows)


def _read(text: str, separator: str, quoting: int) -> Table:
    reading = Table(separator, quoting=quoting)
    limit = csv.field_size_limit(2**31 - 1)
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=separator,
        quoting=quoting,
        strict=True,
    )
    line = 1
    try:
        for row in reader:
            if row and (len(row) > 1 or row[0].strip()):
                reading.rows.append(row)
                reading.lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        reason = str(error)
        if "unexpected end" in reason:
            reason = "a quote is opened and never closed"
        elif "expected after" in reason:
            reason = "a quote inside a quoted cell is not doubled"
        reading.problem = f"line {line}: {reason}"
    finally:
        csv.field_size_limit(limit)
    widths = Counter(map(len, reading.rows))
    if widths:
        reading.width, count = widths.most_common(1)[0]
        reading.share = count / len(reading.rows)
    if reading.problem is None and len(widths) > 1:
        expected, *counts = map(len, reading.rows)
        at, count = next(
            (i, n) for i, n in enumerate(counts, 1) if n != expected
        )
        name = "a tab" if separator == "\t" else f'"{separator}"'
        reading.problem = (
            f"line {reading.lines[at]}: {count} column{'s' * (count != 1)}, "
            f"expected {expected} as in the rows before (a cell that holds "
            f"{name} needs quotes)"
        )
    return reading
