"""`mitseq sentiment`: what does a writer think of it?"""

import click

from mitseq.cli.program import Verbs, example


class VerbOrText(Verbs):
    """A group whose first argument may also be a text to classify."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        first = args[0] if args else ""
        if first not in self.verbs and first not in context.help_option_names:
            args = ["predict", "--explain", *args]
        return super().parse_args(context, args)


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
        for name in ("predict", "train", "evaluate", "diagnose", "export")
    },
    subcommand_metavar="TEXT ... | - | COMMAND [ARGS]...",
)
def sentiment() -> None:
    """Classify texts: label, probability and the words that decided.

    Without a verb, each TEXT is classified by the classifier that comes with
    mitseq, like `mitseq sentiment predict --explain TEXT ...`; "-" reads lines
    from standard input. A text that is a verb is written
    `mitseq sentiment -- train`.
    """
