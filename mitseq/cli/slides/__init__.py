"""`mitseq slides`: the lecture, slide by slide."""

import click

from mitseq.cli.program import Verbs, example


@click.group(
    epilog=example(
        "mitseq slides",
        'mitseq slides show "Vanishing gradients"',
        "mitseq slides find clipping",
    ),
    cls=Verbs,
    verbs={
        "list": "mitseq.cli.slides.list:list_slides",
        "show": "mitseq.cli.slides.show:show",
        "find": "mitseq.cli.slides.find:find",
    },
    default="list",
)
def slides() -> None:
    """The lecture slide by slide: list them, find one, run what it says.

    Without a verb it lists them.
    """
