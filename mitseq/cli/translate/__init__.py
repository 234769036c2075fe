"""`mitseq translate`: a sentence in another language."""

import click

from mitseq.cli.program import example
from mitseq.cli.verb_or_text import VerbOrText


@click.group(
    epilog=example(
        'mitseq translate "I am hungry."',
        'mitseq translate sentence --beams 4 --count 3 "Where is the cat?"',
        "mitseq translate train --data pairs.tsv --out runs/translate",
        "mitseq translate evaluate --model runs/translate",
        'mitseq translate align --out map.html "The old cat is hungry."',
    ),
    cls=VerbOrText,
    verbs={
        name: f"mitseq.cli.translate.{name}:{name}"
        for name in ("sentence", "align", "train", "evaluate")
    },
    default="sentence",
    subcommand_metavar="TEXT ... | COMMAND [ARGS]...",
)
def translate() -> None:
    """Translate a sentence.

    Without a verb, each TEXT is translated, like `mitseq translate sentence
    TEXT ...`. The model that comes with mitseq is a small one, from English to
    Spanish; train one on pairs of yours for others. A text that is a verb is
    written `mitseq translate -- align`.
    """
