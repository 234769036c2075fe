"""The forecast as a table: a row for each value to come, and as a file."""

import csv
import io
import os
from pathlib import Path

from mitseq.output import atomic_write
from mitseq.tasks.forecast.evaluation import Evaluation
from mitseq.tasks.forecast.model import INTERVALS, MIDDLE
from mitseq.tasks.forecast.series import Series


def forecast_rows(series: Series, found: Evaluation) -> list[dict]:
    """Returns a dict for each value to come.

    Args:
        series: What was seen.
        found: From `evaluate_forecast`.

    Returns:
        `time`, `forecast` of whoever is relied on with the ends of its
        intervals, and what each of the others says.
    """
    count, best = len(series.values), found.best
    rows = []
    for h, quantiles in enumerate(found.ahead[best]):
        row = {
            "time": series.label(count + h),
            "forecast": float(quantiles[MIDDLE]),
        }
        for share, (low, high) in INTERVALS.items():
            row[f"low_{share}"] = float(quantiles[low])
            row[f"high_{share}"] = float(quantiles[high])
        for name, ahead in found.ahead.items():
            row[name.replace(" ", "_")] = float(ahead[h, MIDDLE])
        rows.append(row)
    return rows


def write_forecast(path: str | os.PathLike, rows: list[dict]) -> Path:
    r"""Writes the rows as a CSV file.

    Example:

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_forecast(Path(folder, "a.csv"), [{"time": "1950-01"}])
    ...     path.read_text()
    'time\n1950-01\n'
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(
            {
                name: f"{cell:.9g}" if isinstance(cell, float) else cell
                for name, cell in row.items()
            }
        )
    return atomic_write(path, text.getvalue())
