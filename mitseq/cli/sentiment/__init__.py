"""`mitseq sentiment`: what does a writer think of it?"""

import click

from mitseq.cli.program import example
from mitseq.cli.verb_or_text import VerbOrText


@click.group(
    epilog=example(
        'mitseq sentiment "the food was good, not bad at all"',
        "mitseq sentiment - < reviews.txt",
        "mitseq sentiment train --data reviews.csv --out runs/sentiment",
        "mitseq sentiment predict --model runs/sentiment "
        '"not what I had hoped for"',
    ),
    cls=VerbOrText,
    verbs={
        name: f"mitseq.cli.sentiment.{name}:{name}"
        for name in (
            "predict explain shard train evaluate diagnose export serve".split()
        )
    },
    default="predict",
    with_text=("--explain",),
    subcommand_metavar="TEXT ... | - | COMMAND [ARGS]...",
)
def sentiment() -> None:
    """Classify texts: label, probability and the words that decided.

    Without a verb, each TEXT is classified by the classifier that comes with
    mitseq, like `mitseq sentiment predict --explain TEXT ...`; "-" reads lines
    from standard input. A text that is a verb is written
    `mitseq sentiment -- train`.
    """
