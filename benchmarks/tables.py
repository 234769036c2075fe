"""One result table: Markdown for people, JSON for programs."""

import json
from collections.abc import Mapping, Sequence


def format_table(
    columns: Mapping[str, str], rows: Sequence[Mapping[str, object]]
) -> str:
    """The rows as a Markdown table with columns of equal width.

    Args:
        columns: Key of the row -> heading. A heading may end in a format
            specification after a bar, as in `"bits|.3f"`.
        rows: One mapping a line; a missing key or `None` prints as "-".

    Returns:
        The table's text, without a line feed at the end.

    Example:

    >>> print(format_table(
    ...     {"peer": "peer", "bits": "bits|.2f"},
    ...     [{"peer": "bz2", "bits": 3.0}, {"peer": "n-gram"}],
    ... ))
    | peer   | bits |
    |--------|------|
    | bz2    | 3.00 |
    | n-gram |    - |
    """
    headings = [heading.partition("|")[0] for heading in columns.values()]
    formats = [heading.partition("|")[2] for heading in columns.values()]
    cells = [headings]
    for row in rows:
        values = [row.get(key) for key in columns]
        cells.append(
            [
                "-" if value is None else format(value, spec)
                for value, spec in zip(values, formats, strict=True)
            ]
        )
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = []
    for line in cells:
        padded = [
            cell.rjust(width) if spec else cell.ljust(width)
            for cell, width, spec in zip(line, widths, formats, strict=True)
        ]
        lines.append("| " + " | ".join(padded) + " |")
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def print_results(
    title: str,
    columns: Mapping[str, str],
    rows: Sequence[Mapping[str, object]],
    notes: Sequence[str] = (),
    as_json: bool = False,
) -> None:
    """Print one table with its notes, or the same as one JSON object.

    Args:
        title: The first line.
        columns: As for `format_table`.
        rows: As for `format_table`.
        notes: Lines below the table: definitions, data, machine.
        as_json: Print JSON only.
    """
    if as_json:
        result = {"title": title, "rows": list(rows), "notes": list(notes)}
        print(json.dumps(result, indent=2))
        return
    print(f"{title}\n\n{format_table(columns, rows)}\n")
    for note in notes:
        print(f"- {note}")
