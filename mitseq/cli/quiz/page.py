"""`mitseq quiz page`: questions and cards as one page without a network."""

from pathlib import Path

import click

from mitseq.cli.options import json_option, option, out_option
from mitseq.cli.program import command, print_json


@command(
    "mitseq quiz page --out quiz.html",
    "mitseq quiz page --out gradients.html --chapter gradients",
)
@out_option("The page, a file.", metavar="FILE", required=True)
@option(
    "--chapter",
    metavar="NAME|NUMBER",
    help="One chapter only; see mitseq quiz --help.",
)
@option("--overwrite", is_flag=True, help="Replace a file that is there.")
@json_option
def page(
    out: Path, chapter: str | None, overwrite: bool, as_json: bool
) -> None:
    """Write questions and cards as one HTML page, to use offline."""
    from mitseq.output import atomic_write, check_new
    from mitseq.quiz.chapters import find_chapters
    from mitseq.quiz.page import quiz_page

    chapters = find_chapters(chapter)
    check_new(out, overwrite)
    path = atomic_write(out, quiz_page(chapters))
    if as_json:
        print_json(
            {
                "out": path,
                "questions": sum(len(part.questions) for part in chapters),
                "cards": sum(len(part.cards) for part in chapters),
            }
        )
        return
    click.echo(path)
