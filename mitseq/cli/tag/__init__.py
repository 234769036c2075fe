"""`mitseq tag`: which part of speech is each word?"""

import click

from mitseq.cli.program import example
from mitseq.cli.verb_or_text import VerbOrText


@click.group(
    epilog=example(
        'mitseq tag "Time flies like an arrow"',
        "mitseq tag --file sentences.txt --conllu",
        "mitseq tag train --data en_ewt-ud-train.conllu --out runs/tag",
        "mitseq tag evaluate --model runs/tag",
    ),
    cls=VerbOrText,
    verbs={
        name: f"mitseq.cli.tag.{name}:{name}"
        for name in ("predict", "train", "evaluate")
    },
    default="predict",
    subcommand_metavar="TEXT ... | COMMAND [ARGS]...",
)
def tag() -> None:
    """Tag each word of a sentence with its part of speech.

    Without a verb, each TEXT is tagged, like `mitseq tag predict TEXT ...`. The
    model that comes with mitseq learned from a small grammar of English; train
    one on a treebank for better tags and other languages. A text that is a
    verb is written `mitseq tag -- train`.
    """
