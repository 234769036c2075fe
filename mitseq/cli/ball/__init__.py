"""`mitseq ball`: where will the ball go next?"""

import click

from mitseq.cli.program import example
from mitseq.cli.verb_or_file import VerbOrFile


@click.group(
    epilog=example(
        "mitseq ball",
        "mitseq ball predict track.csv --box 0 0 640 480 --steps 20",
        "mitseq ball train --out runs/ball",
    ),
    cls=VerbOrFile,
    verbs={
        name: f"mitseq.cli.ball.{name}:{name}"
        for name in ("predict", "train", "evaluate", "simulate")
    },
    default="predict",
    subcommand_metavar="[FILE] | COMMAND [ARGS]...",
)
def ball() -> None:
    """Predict where a ball flies that bounces off the walls of a box.

    Without a verb it draws the path of FILE, or a simulated ball, and the
    prediction, like `mitseq ball predict`.
    """
