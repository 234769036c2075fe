"""`mitseq page list`: the explorable pages."""

import click

from mitseq.cli.options import json_option
from mitseq.cli.program import command, print_json, remark


@command("mitseq page list", "mitseq page list --json", name="list")
@json_option
def list_pages(as_json: bool) -> None:
    """List the explorable pages."""
    from mitseq.pages.gallery import PAGES

    if as_json:
        print_json(
            [
                {"name": name, "title": page.title, "about": page.about}
                for name, page in PAGES.items()
            ]
        )
        return
    width = max(map(len, PAGES))
    for name, page in PAGES.items():
        click.echo(f"  {name:{width}}  {page.title}: {page.about}")
    remark("mitseq page show NAME --out FILE writes one")
