"""`mitseq exercises start`: a folder of files with TODOs."""

from pathlib import Path

import click

from mitseq.cli.options import json_option, option, paths
from mitseq.cli.program import command, print_json, remark


@command(
    "mitseq exercises start my_exercises",
    "mitseq exercises start homework trace bptt clipping",
    "mitseq exercises start solutions --solutions",
)
@click.argument("folder", type=paths, metavar="DIR")
@click.argument("names", nargs=-1, metavar="[NAME ...]")
@option("--solutions", is_flag=True, help="Write the solutions.")
@option(
    "--overwrite",
    is_flag=True,
    help="Replace files that are there. Without it they stay as they are.",
)
@json_option
def start(
    folder: Path,
    names: tuple[str, ...],
    solutions: bool,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Write exercises into a folder: all of them, or those named.

    Each file has a function with a TODO. README.md says how to go on, and
    test_exercises.py lets pytest check.
    """
    from mitseq.exercises.start import start as write

    written, kept = write(
        folder, names, overwrite=overwrite, solutions=solutions
    )
    if as_json:
        print_json({"out": folder, "written": written, "kept": kept})
        return
    for path in written:
        click.echo(path)
    if kept:
        remark(
            f"{len(kept)} files were there and stay as they are; --overwrite "
            "replaces them"
        )
    remark(f"mitseq exercises check {folder} checks them")
