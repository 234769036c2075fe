"""`mitseq words`: which word comes next?"""

import click

from mitseq.cli.program import example
from mitseq.cli.verb_or_text import VerbOrText


@click.group(
    epilog=example(
        'mitseq words "This morning I took my cat for a"',
        "mitseq words train --data book.txt --out runs/words",
        'mitseq words generate --model runs/words "Once upon"',
        "mitseq words neighbors France",
        "mitseq words embedding --out projector",
    ),
    cls=VerbOrText,
    verbs={
        name: f"mitseq.cli.words.{name}:{name}"
        for name in (
            *("predict", "generate", "train", "evaluate"),
            *("neighbors", "embedding"),
        )
    },
    default="predict",
    subcommand_metavar="TEXT ... | COMMAND [ARGS]...",
)
def words() -> None:
    """Predict the next word of a text.

    Without a verb, the likeliest next words of each TEXT are printed, like
    `mitseq words predict TEXT ...`. The model that comes with mitseq knows the
    few hundred words of a small grammar; train one on a text of yours for
    others. A text that is a verb is written `mitseq words -- train`.
    """
