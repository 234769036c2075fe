"""`mitseq sentiment`: what does a writer think of it?"""

from typing import Any

import click

from mitseq.cli.program import Verbs, example, remark

TEXT = "mitseq.cli.sentiment.text"  # the first word, if it is no verb


class VerbOrText(Verbs):
    """A group whose first argument may also be a text to classify.

    A verb with a slip in it is a text, too. What is then not understood, such
    as an option of the verb, is a reason to name the verb.
    """

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        first = args[0] if args else ""
        completing = context.resilient_parsing and not args
        known = {*self.verbs, *context.help_option_names}
        if first not in known and not completing:
            args = [self.default, "--explain", *args]
            if first.isalpha():
                context.meta[TEXT] = first
        return super().parse_args(context, args)

    def invoke(self, context: click.Context) -> Any:
        text = context.meta.get(TEXT)
        close = text and self.closest(context, text)
        try:
            result = super().invoke(context)
        except click.UsageError:
            if not close:
                raise
            self.refuse(context, text)
        if close:
            remark(f"{text!r} is taken for a text; the verb is {close!r}")
        return result


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
    default="predict",
    subcommand_metavar="TEXT ... | - | COMMAND [ARGS]...",
)
def sentiment() -> None:
    """Classify texts: label, probability and the words that decided.

    Without a verb, each TEXT is classified by the classifier that comes with
    mitseq, like `mitseq sentiment predict --explain TEXT ...`; "-" reads lines
    from standard input. A text that is a verb is written
    `mitseq sentiment -- train`.
    """
