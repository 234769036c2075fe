"""`mitseq music`: write, learn, judge and render tunes in ABC notation."""

import click

from mitseq.cli.program import Verbs, example


@click.group(
    epilog=example(
        "mitseq music",
        'mitseq music generate --count 4 --key "D major" --meter 6/8',
        "mitseq music check tunes/tune-1.abc",
    ),
    cls=Verbs,
    verbs={
        name.removesuffix("_tune"): f"mitseq.cli.music.{name}:{name}"
        for name in (
            "generate continue_tune vary prepare shard train discriminate "
            "evaluate export check render compare judge".split()
        )
    },
    default="generate",
)
def music() -> None:
    """Tunes in ABC notation: write new ones, learn, judge, render.

    Without a verb it writes one new tune into tunes/, like
    `mitseq music generate --count 1 --out tunes`.
    """
