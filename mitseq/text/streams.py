"""Labeled texts of a file, one after the other: for files of any size.

columns.py and tables.py look at a whole file before they say what is in it.
Here its beginning says where texts and labels stand, and the rest has to go on
so. Read them first.
"""

import csv
import json
import os
from collections.abc import Iterator

from mitseq.errors import MitseqError
from mitseq.input import input_path
from mitseq.text.columns import find_columns, find_keys, label_of, taken_of
from mitseq.text.encodings import MARKS
from mitseq.text.tables import Table, read_json_lines, read_table

HEAD = 1 << 20  # characters that the columns are found by
WIDEST = 1 << 24  # characters of a cell

Labeled = tuple[str, str]  # a text, and its label


def stream_lines(
    path: str | os.PathLike, encoding: str | None = None
) -> Iterator[str]:
    """Yields the lines of a text file, each with its end.

    Args:
        path: The file.
        encoding: Its encoding; None for UTF-8, or what its mark says.

    Raises:
        MitseqError: if it cannot be read, or is not in that encoding.
    """
    try:
        if encoding is None:
            with open(path, "rb") as file:
                start = file.read(4)
            encoding = next(
                (name for mark, name in MARKS if start.startswith(mark)),
                "utf-8",
            )
        number = 0
        with open(path, encoding=encoding, newline="") as file:
            for number, line in enumerate(file, start=1):  # noqa: B007
                if "\0" in line:
                    raise MitseqError(f"{path}: line {number}: a NUL byte")
                yield line
    except OSError as error:
        raise MitseqError(f"{path}: {error.strerror}") from error
    except UnicodeError:
        raise MitseqError(
            f"{path}: after line {number}: not {encoding}. Expected text in "
            "that encoding; another one can be named, such as latin-1."
        ) from None
    except LookupError:
        raise MitseqError(
            "`encoding` must be the name of an encoding, such as utf-8 or "
            f"latin-1. Received: encoding={encoding!r}."
        ) from None


def is_readable(path: str | os.PathLike, encoding: str | None = None) -> bool:
    """Tells whether all of a file is text in an encoding, as `stream_lines`."""
    try:
        for _ in stream_lines(path, encoding):
            pass
    except MitseqError:
        return False
    return True


def stream_labeled_table(
    path: str | os.PathLike,
    text_column: str | int | None = None,
    label_column: str | int | None = None,
    encoding: str | None = None,
    tabs: bool = False,
) -> Iterator[Labeled]:
    r"""Yields the text and the label of each row of a table.

    The arguments are as of `read_labeled_table` and `stream_lines`.

    Raises:
        MitseqError: if the table is damaged, or has no such columns; with
            file and line.

    Example:

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "a.csv")
    ...     with open(path, "w") as file:
    ...         size = file.write("text,mood\nso good,pos\ntoo long,neg\n")
    ...     list(stream_labeled_table(path))
    [('so good', 'pos'), ('too long', 'neg')]
    """
    path = input_path(path)
    table = _head(path, encoding, tabs)
    columns = find_columns(table, path, text_column, label_column)
    limit = csv.field_size_limit(WIDEST)
    reader = csv.reader(
        stream_lines(path, encoding),
        delimiter=table.separator,
        quoting=table.quoting,
        strict=True,
    )
    skips, line = int(columns.is_named), 1
    try:
        for row in reader:
            first, line = line, reader.line_num + 1
            if not row or (len(row) == 1 and not row[0].strip()):
                continue
            if skips:
                skips = 0
                continue
            if len(row) != table.width:
                raise MitseqError(
                    f"{path}: line {first}: {len(row)} columns, expected "
                    f"{table.width} as in the rows before"
                )
            label = row[columns.label_at].strip()
            if not label:
                raise MitseqError(f"{path}: line {first}: the label is missing")
            yield row[columns.text_at], label
    except csv.Error as error:
        raise MitseqError(f"{path}: line {line}: {error}") from None
    finally:
        csv.field_size_limit(limit)


def stream_labeled_json_lines(
    path: str | os.PathLike,
    text_column: str | None = None,
    label_column: str | None = None,
    encoding: str | None = None,
) -> Iterator[Labeled]:
    r"""Yields the text and the label of each line, a JSON object.

    The arguments are as of `read_labeled_json_lines` and `stream_lines`.

    Raises:
        MitseqError: if a line is damaged or lacks a key; with file and line.
    """
    path = input_path(path)
    keys = _keys(path, text_column, label_column, encoding)
    for number, line in enumerate(stream_lines(path, encoding), start=1):
        if not line.strip():
            continue
        try:
            (record,), _ = read_json_lines(line, str(path))
            text, label = (record[key] for key in keys)
            if not isinstance(text, str):
                raise TypeError
            yield text, label_of(label, path, number)
        except KeyError as error:
            raise MitseqError(
                f"{path}: line {number}: {error} is missing"
            ) from None
        except TypeError:
            raise MitseqError(
                f'{path}: line {number}: "{keys[0]}" must be a string. '
                f"Received: {json.dumps(text)[:40]}."
            ) from None
        except MitseqError as error:
            # of a line for itself: its number is that in the file
            told = str(error).replace("line 1:", f"line {number}:")
            raise MitseqError(told) from None


def table_taken(
    path: str | os.PathLike,
    text_column: str | int | None = None,
    label_column: str | int | None = None,
    encoding: str | None = None,
    tabs: bool = False,
) -> str:
    """Returns in words which columns `stream_labeled_table` takes."""
    table = _head(path, encoding, tabs)
    return taken_of(table, find_columns(table, path, text_column, label_column))


def json_lines_taken(
    path: str | os.PathLike,
    text_column: str | None = None,
    label_column: str | None = None,
    encoding: str | None = None,
) -> str:
    """Returns in words which keys `stream_labeled_json_lines` takes."""
    text, label = _keys(path, text_column, label_column, encoding)
    return f'texts from "{text}", labels from "{label}"'


def _keys(path, text_column, label_column, encoding) -> tuple[str, str]:
    head, size = [], 0
    for line in stream_lines(path, encoding):
        head.append(line)
        size += len(line)
        if size > HEAD:
            break
    records, _ = read_json_lines("".join(head), str(path))
    return find_keys(records, path, text_column, label_column)


def _head(path, encoding, tabs) -> Table:
    """The table at the beginning of a file, cut between two rows."""
    lines, size = [], 0
    for line in stream_lines(path, encoding):
        lines.append(line)
        size += len(line)
        if size > HEAD:
            break
    is_whole = size <= HEAD
    while True:
        try:
            table = read_table("".join(lines), str(path), tabs=tabs)
        except MitseqError:
            # a cell may go on behind the cut: it, and its row, are left out
            if is_whole or len(lines) < 3:
                raise
            del lines[-max(1, len(lines) // 64) :]
            continue
        return table
