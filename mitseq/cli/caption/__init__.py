"""`mitseq caption`: what is to be seen in a picture?"""

import click

from mitseq.cli.program import example
from mitseq.cli.verb_or_file import VerbOrFile


@click.group(
    epilog=example(
        "mitseq caption draw --out scenes",
        "mitseq caption scenes/ --grid grid.png",
        "mitseq caption scenes/01.png --looks looks.png",
        "mitseq caption train --data pictures/ --out runs/caption",
    ),
    cls=VerbOrFile,
    verbs={
        name: f"mitseq.cli.caption.{name}:{name}"
        for name in ("predict", "draw", "train", "evaluate")
    },
    default="predict",
    subcommand_metavar="PICTURE ... | COMMAND [ARGS]...",
)
def caption() -> None:
    """Say in words what is to be seen in a picture.

    Without a verb, each PICTURE, or each one in a folder, gets a caption, like
    `mitseq caption predict PICTURE ...`. The model that comes with mitseq
    knows the scenes of `mitseq caption draw`: two digits beside each other,
    and people with balls; train one on pictures of yours for others.
    """
