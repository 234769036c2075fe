"""`mitseq page`: pages in which a network runs."""

import click

from mitseq.cli.program import Verbs, example


@click.group(
    epilog=example(
        "mitseq page --model runs/mine --out page.html",
        "mitseq page show gradient --out gradient.html",
        "mitseq page list",
    ),
    cls=Verbs,
    verbs={
        "save": "mitseq.cli.page.save:save",
        "show": "mitseq.cli.page.show:show",
        "list": "mitseq.cli.page.list:list_pages",
    },
    default="save",
)
def page() -> None:
    """Explorable pages: one file each, which any browser opens offline.

    Without a verb your own model is written, as `mitseq page save`.
    """
