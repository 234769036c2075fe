"""Options that verbs of `mitseq forecast` share, and how a file is read."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mitseq.cli.options import option, paths
from mitseq.cli.program import remark

if TYPE_CHECKING:
    from mitseq.tasks.forecast.series import Series

GAPS = ("refuse", "fill", "skip")  # of tasks/forecast/series.py
CELLS = ("lstm", "gru", "rnn")

file_argument = click.argument("file", type=paths, metavar="FILE")
horizon_option = option(
    "--horizon",
    type=click.IntRange(1, 1000),
    default=12,
    help="How many values ahead.",
)
epochs_option = option(
    "--epochs",
    type=click.IntRange(min=1),
    help="How often pieces of the series are drawn. [default: 12]",
)
cell_option = option(
    "--cell",
    type=click.Choice(CELLS),
    default="lstm",
    help="What reads the values.",
)
units_option = option(
    "--units", type=click.IntRange(min=1), default=32, help="Hidden units."
)


def series_options(command):
    """Adds `--column`, `--gaps` and `--season`."""
    for add in (
        option(
            "--season",
            type=click.IntRange(min=0),
            help="Values of a season; 0 for none. Without it, it is found.",
        ),
        option(
            "--gaps",
            type=click.Choice(GAPS),
            default="refuse",
            help="What happens where a value or a time is missing: refuse it, "
            "fill it on a straight line between its neighbors, or skip it and "
            "take the values as they follow each other.",
        ),
        option(
            "--column",
            metavar="NAME|NUMBER",
            help="Which column; without it, the only one that holds numbers.",
        ),
    ):
        command = add(command)
    return command


def series_of(
    file: Path, column: str | None, gaps: str, season: int | None
) -> "tuple[Series, int]":
    """Reads a series, finds its season, and says what was found.

    Returns:
        The series, and the values of a season, or 0.
    """
    from mitseq.errors import MitseqError
    from mitseq.tasks.forecast.held_out import held_out_from
    from mitseq.tasks.forecast.season import find_season
    from mitseq.tasks.forecast.series import read_series

    series = read_series(file, column, gaps=gaps)
    count = len(series.values)
    times = f", {series.label(0)} to {series.label(count - 1)}"
    times = times if series.calendar is not None else ""
    filled = f", {series.filled} filled in" if series.filled else ""
    remark(f"{count} values of {series.name!r}{times}{filled}")
    if season is None:
        season = find_season(series, held_out_from(count))
        found = f"found: {season} values" if season else "none was found"
        remark(f"season: {found}; --season sets it")
    if season and season >= held_out_from(count):
        raise MitseqError(
            f"--season must be shorter than the {held_out_from(count)} values "
            f"before the held-out end of {file}. Received: {season}."
        )
    return series, 0 if season == 1 else season
