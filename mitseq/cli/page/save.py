"""`mitseq page save`: a model of one's own as a page in which it runs."""

from pathlib import Path

import click

from mitseq.cli.options import json_option, option, out_option, paths
from mitseq.cli.program import command, print_json


@command(
    "mitseq page --model runs/mine --out page.html",
    'mitseq page save --model runs/mine --out page.html --title "My reels"',
)
@option(
    "--model",
    type=paths,
    metavar="DIR|FILE",
    required=True,
    help="A model of music, words or sentiment: a model.keras, or the folder "
    "that holds one.",
)
@out_option("The page, a file.", metavar="FILE", required=True)
@option("--title", default="", help="Heading of the page.")
@option(
    "--bits",
    type=click.Choice(["8", "16"]),
    default="8",
    help="Of each weight: 8 for a small page, 16 for half precision.",
)
@option("--overwrite", is_flag=True, help="Replace a file that is there.")
@json_option
def save(
    model: Path,
    out: Path,
    title: str,
    bits: str,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Write your own model as one HTML page in which it runs.

    A music model and a model of words write there, token by token; a sentiment
    model reads what is typed. The page needs no network and nothing installed.
    """
    from mitseq.output import check_new
    from mitseq.pages.save import kind_of, load_model, save_page

    check_new(out, overwrite)
    loaded = load_model(model)
    path = save_page(
        loaded, out, title=title, bits=int(bits), overwrite=overwrite
    )
    if as_json:
        size = path.stat().st_size
        print_json({"out": path, "kind": kind_of(loaded), "bytes": size})
        return
    click.echo(path)
