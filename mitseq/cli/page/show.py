"""`mitseq page show`: one of the explorable pages."""

from pathlib import Path

import click

from mitseq.cli.options import json_option, option, out_option
from mitseq.cli.program import command, print_json


@command(
    "mitseq page show gradient --out gradient.html",
    "mitseq page show music --out tune.html --overwrite",
)
@click.argument("name", metavar="NAME")
@out_option("The page, a file.", metavar="FILE", required=True)
@option("--overwrite", is_flag=True, help="Replace a file that is there.")
@json_option
def show(name: str, out: Path, overwrite: bool, as_json: bool) -> None:
    """Write an explorable page; `mitseq page list` names them."""
    from mitseq.output import atomic_write, check_new
    from mitseq.pages.gallery import find_page

    found = find_page(name)
    check_new(out, overwrite)
    path = atomic_write(out, found.write())
    if as_json:
        size = path.stat().st_size
        print_json({"out": path, "title": found.title, "bytes": size})
        return
    click.echo(path)
