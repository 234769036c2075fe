"""`mitseq ball`: where will the ball go next?"""

from pathlib import Path

import click

from mitseq.cli.program import Verbs, example


class VerbOrFile(Verbs):
    """A group whose first argument may also be a file to predict."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.verbs and Path(args[0]).is_file():
            args = [self.default, *args]
        return super().parse_args(context, args)


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
