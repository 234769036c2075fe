"""`mitseq exercises`: write exercises, and check them."""

import click

from mitseq.cli.program import Verbs, example


@click.group(
    epilog=example(
        "mitseq exercises start my_exercises",
        "mitseq exercises check my_exercises",
    ),
    cls=Verbs,
    verbs={
        "start": "mitseq.cli.exercises.start:start",
        "check": "mitseq.cli.exercises.check:check",
    },
)
def exercises() -> None:
    """Exercises of the lecture that check themselves."""
