"""`mitseq quiz`: the questions of the notes, and flash cards."""

import click

from mitseq.cli.program import Verbs, example


@click.group(
    epilog=example(
        "mitseq quiz",
        "mitseq quiz --chapter gradients --count 5",
        "mitseq quiz cards",
        "mitseq quiz page --out quiz.html",
    ),
    cls=Verbs,
    verbs={
        "ask": "mitseq.cli.quiz.ask:ask",
        "cards": "mitseq.cli.quiz.cards:cards",
        "page": "mitseq.cli.quiz.page:page",
    },
    default="ask",
)
def quiz() -> None:
    """Questions on the lecture, and a flash card for each concept.

    Without a verb it asks the questions, as `mitseq quiz ask`.
    """
