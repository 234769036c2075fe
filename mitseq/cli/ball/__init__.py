"""`mitseq ball`: where will the ball go next?"""

import click

from mitseq.cli.program import Verbs, example


@click.group(
    epilog=example(
        "mitseq ball",
        "mitseq ball predict track.csv --box 0 0 640 480 --steps 20",
        "mitseq ball train --out runs/ball",
    ),
    cls=Verbs,
    verbs={
        name: f"mitseq.cli.ball.{name}:{name}"
        for name in ("predict", "train", "evaluate", "simulate")
    },
    default="predict",
)
def ball() -> None:
    """Predict where a ball flies that bounces off the walls of a box.

    Without a verb it draws a simulated ball and its prediction, like
    `mitseq ball predict`.
    """
