"""`mitseq exercises`: list, write and check exercises."""

import click

from mitseq.cli.program import Verbs, example


@click.group(
    epilog=example(
        "mitseq exercises start my_exercises",
        "mitseq exercises check my_exercises",
    ),
    cls=Verbs,
    verbs={
        "list": "mitseq.cli.exercises.list:list_exercises",
        "start": "mitseq.cli.exercises.start:start",
        "check": "mitseq.cli.exercises.check:check",
    },
    default="list",
)
def exercises() -> None:
    """Exercises of the lecture that check themselves.

    Without a verb it lists them.
    """
