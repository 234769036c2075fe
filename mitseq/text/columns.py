"""Which column holds the texts and which the labels, in anyone's table.

Files name their columns as they like, or not at all: what is not said is found
by looking. Read tables.py first.
"""

import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from mitseq.arguments import is_int, received
from mitseq.errors import MitseqError
from mitseq.text.tables import Table, read_json_lines, read_table

# Names that columns of texts and of labels have, the likeliest first.
TEXT_NAMES = (
    *("text", "sentence", "review", "review_text", "reviewtext", "tweet"),
    *("content", "comment", "message", "body", "phrase", "document", "title"),
)
LABEL_NAMES = (
    *("label", "labels", "sentiment", "polarity", "target", "class"),
    *("category", "airline_sentiment", "rating", "stars", "score", "y"),
)


class ColumnsError(MitseqError):
    """A table whose columns are not those of labeled texts."""


def read_labeled_table(
    content: str,
    path: str | os.PathLike,
    text_column: str | int | None = None,
    label_column: str | int | None = None,
    tabs: bool = False,
) -> tuple[list[str], list[str], str]:
    r"""Returns texts, their labels, and in words which columns were taken.

    A column is given by its name or its number from 1 on; None to find it.
    `content` is the file's text, `path` its name, for errors.

    Raises:
        MitseqError: if the table is damaged, has no such columns, or a label
            is missing; with file and line.

    Example:

    >>> read_labeled_table("text,mood\nso good,pos\ntoo long,neg\n", "a.csv")
    (['so good', 'too long'], ['pos', 'neg'], 'texts from column "text",
    labels from column "mood"')
    """
    table = read_table(content, str(path), tabs=tabs)
    columns = find_columns(table, path, text_column, label_column)
    names, text_at, label_at = columns.names, columns.text_at, columns.label_at
    skipped = int(columns.is_named)
    rows, lines = table.rows[skipped:], table.lines[skipped:]
    labels_from = f"column {_named(label_at, names)}"
    labels = [row[label_at].strip() for row in rows]
    if not all(labels):
        raise ColumnsError(
            f"{path}: line {lines[labels.index('')]}: the label is missing in "
            f"{labels_from}"
        )
    return [row[text_at] for row in rows], labels, taken_of(table, columns)


@dataclass(frozen=True)
class Columns:
    """Where the texts and the labels of a table stand, from 0 on."""

    names: list[str] | None  # of all columns; None without a header
    text_at: int
    label_at: int

    @property
    def is_named(self) -> bool:
        """Whether the first row is a header."""
        return self.names is not None


def taken_of(table: Table, columns: Columns) -> str:
    """Returns in words which columns are taken, and how quotes are read."""
    names = columns.names
    taken = (
        f"texts from column {_named(columns.text_at, names)}, "
        f"labels from column {_named(columns.label_at, names)}"
    )
    if table.unquoted:
        taken += f'; each " is part of its text ({table.unquoted})'
    return taken


def find_columns(
    table: Table,
    path: str | os.PathLike,
    text_column: str | int | None = None,
    label_column: str | int | None = None,
) -> Columns:
    """Finds the columns of texts and labels; the arguments are as above.

    Raises:
        MitseqError: if there are no such columns.
    """
    rows = table.rows
    names, width = None, len(rows[0])
    wanted = (text_column, label_column)
    if _is_header(rows, wanted):
        names = [cell.strip() for cell in rows[0]]
        rows = rows[1:]
    chosen = [
        _column(text_column, "text_column", names, width, path),
        _column(label_column, "label_column", names, width, path),
    ]
    if not rows:
        raise ColumnsError(f"{path}: a header and no row")
    text_at, label_at = _complete(chosen, names, rows)
    named = names is not None and names[label_at].casefold() in LABEL_NAMES
    if chosen[1] is None and not named:
        _check_found(label_at, names, rows, path)
    for at, wanted in ((text_at, text_column), (label_at, label_column)):
        by_number = wanted is not None and str(wanted).strip().isdigit()
        if names is not None and not by_number and names.count(names[at]) > 1:
            raise ColumnsError(
                f"{path}: line {table.lines[0]}: two columns are called "
                f'"{names[at]}"; a number says which (from 1 on)'
            )
    if text_at == label_at:
        raise ColumnsError(
            f"{path}: texts and labels must be two columns. Received: column "
            f"{_named(text_at, names)} for both."
        )
    return Columns(names, text_at, label_at)


def read_labeled_json_lines(
    content: str,
    path: str | os.PathLike,
    text_column: str | None = None,
    label_column: str | None = None,
) -> tuple[list[str], list[str], str]:
    """Returns texts, their labels, and in words which keys were taken.

    The arguments are as for `read_labeled_table`.

    Raises:
        MitseqError: if a line is damaged or lacks a key; with file and line.

    Example:

    >>> read_labeled_json_lines('{"text": "good", "label": 1}', "a.jsonl")
    (['good'], ['1'], 'texts from "text", labels from "label"')
    """
    records, lines = read_json_lines(content, str(path))
    text_key, label_key = find_keys(records, path, text_column, label_column)
    texts, labels = [], []
    for record, line in zip(records, lines, strict=True):
        for key in (text_key, label_key):
            if record.get(key) is None:
                raise ColumnsError(f'{path}: line {line}: "{key}" is missing')
        text = record[text_key]
        if not isinstance(text, str):
            raise ColumnsError(
                f'{path}: line {line}: "{text_key}" must be a string. '
                f"Received: {type(text).__name__}."
            )
        texts.append(text)
        labels.append(label_of(record[label_key], path, line))
    return texts, labels, f'texts from "{text_key}", labels from "{label_key}"'


def find_keys(
    records: list[dict[str, object]],
    path: str | os.PathLike,
    text_column: str | None = None,
    label_column: str | None = None,
) -> tuple[str, str]:
    """Finds the keys of texts and labels; the arguments are as above.

    Raises:
        MitseqError: if there are no such keys.
    """
    keys: list[str] = list(dict.fromkeys(k for r in records for k in r))
    return (
        _key_of(text_column, "text_column", keys, TEXT_NAMES, path),
        _key_of(label_column, "label_column", keys, LABEL_NAMES, path),
    )


def _is_header(rows: list[list[str]], wanted: Iterable) -> bool:
    """Whether the first row names the columns."""
    if any(isinstance(c, str) and not c.strip().isdigit() for c in wanted):
        return True
    names = [cell.strip().casefold() for cell in rows[0]]
    if any(n in names for n in TEXT_NAMES) and all(len(n) <= 40 for n in names):
        return True
    if any(n in names for n in LABEL_NAMES):
        return True
    if len(rows) < 3:
        return False
    text_at, label_at = _complete([None, None], None, rows[1:])
    labels = Counter(row[label_at].strip() for row in rows[1:])
    first = rows[0][label_at].strip()
    few = len(labels) <= max(2, len(rows) // 4)
    is_number = re.fullmatch(r"[+-]?\d+(\.\d*)?", first)
    return few and first not in labels and not is_number


def _column(column, argument, names, width, path) -> int | None:
    """The index of a column that the user named, None if there is none."""
    if column is None:
        return None
    text = received(column) if is_int(column) else column.strip()
    folded = [name.casefold() for name in names or ()]
    for name, known in ((text, names or ()), (text.casefold(), folded)):
        if name in known:
            return known.index(name)
    if text.isdigit() and 1 <= int(text) <= width:
        return int(text) - 1
    raise ColumnsError(
        f"{path}: `{argument}` must be one of its columns: "
        f"{_listed(names, width)}. Received: {argument}={received(column)}."
    )


def _complete(chosen, names, rows) -> tuple[int, int]:
    """Fills in the columns that the user left open."""
    text_at, label_at = chosen
    if text_at is None:
        text_at = _first_of(TEXT_NAMES, names, label_at)
    if label_at is None:
        label_at = _first_of(LABEL_NAMES, names, text_at)
    columns = range(len(rows[0]))
    if text_at is None:  # the most to read
        text_at = max(
            (c for c in columns if c != label_at),
            key=lambda c: sum(map(len, {row[c] for row in rows})),
        )
    if label_at is None:  # the fewest values, but more than one
        kinds = {
            c: len({row[c] for row in rows}) for c in columns if c != text_at
        }
        label_at = min(kinds, key=lambda c: (kinds[c] < 2, kinds[c]))
    return text_at, label_at


def _check_found(label_at: int, names, rows, path) -> None:
    """A column of labels that was guessed must repeat some of them."""
    kinds = len({row[label_at].strip() for row in rows})
    if kinds > max(2, len(rows) // 2):
        raise ColumnsError(
            f"{path}: no column looks like labels; `label_column` names it. "
            f"Its columns: {_listed(names, len(rows[0]))}."
        )


def _listed(names: list[str] | None, width: int) -> str:
    if names:
        return ", ".join(name or '""' for name in names)
    return f"numbers 1 to {width} (no header)"


def _first_of(known, names, taken) -> int | None:
    folded = [name.casefold() for name in names or ()]
    there = (folded.index(name) for name in known if name in folded)
    return next((place for place in there if place != taken), None)


def _named(index: int, names: list[str] | None) -> str:
    return f'"{names[index]}"' if names else str(index + 1)


def _key_of(column, argument, keys, known, path) -> str:
    if column is not None and str(column) in keys:
        return str(column)
    if column is None:
        folded = {key.casefold(): key for key in reversed(keys)}
        for name in known:
            if name in folded:
                return folded[name]
    received = "none given" if column is None else repr(column)
    raise ColumnsError(
        f"{path}: `{argument}` must be one of its keys: {', '.join(keys)}. "
        f"Received: {argument}={received}."
    )


def label_of(label: object, path: str | os.PathLike, line: int) -> str:
    """Returns a label of a JSON line as a string.

    Raises:
        MitseqError: if it is neither a string nor a number.
    """
    if isinstance(label, bool):
        return str(label).lower()
    if isinstance(label, float) and label.is_integer():
        label = int(label)
    if isinstance(label, (str, int, float)) and str(label).strip():
        return str(label).strip()
    raise ColumnsError(
        f"{path}: line {line}: a label must be a string or a number. "
        f"Received: {label!r}."
    )
