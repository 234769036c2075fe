"""`mitseq slides find`: every slide that fits some words."""

import click

from mitseq.cli.options import json_option
from mitseq.cli.program import command, print_json, remark


@command(
    "mitseq slides find clipping",
    'mitseq slides find "forget gate" --json',
)
@click.argument("words", nargs=-1, required=True, metavar="WORDS")
@json_option
def find(words: tuple[str, ...], as_json: bool) -> None:
    """List the slides that have these words: in title, code or text.

    Those whose title has them come first.
    """
    from mitseq.slides.find import all_fits, find_slide

    text = " ".join(words)
    fits = all_fits(text)
    if not fits:
        find_slide(text)  # raises the error that says what is near
    if as_json:
        print_json(
            [
                {"number": fit.number, "title": fit.slide.title}
                | {"where": fit.where, "idea": fit.slide.idea}
                for fit in fits
            ]
        )
        return
    width = max(len(fit.slide.title) for fit in fits)
    for fit in fits:
        click.echo(f"  {fit.number:2}  {fit.slide.title:{width}}  {fit.where}")
    remark("mitseq slides show NUMBER runs one")
