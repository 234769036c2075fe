"""The command line: `mitseq music ...` and its siblings, one verb a file.

Sub-commands load when they are asked for, so that `mitseq --help` and
`mitseq music check` answer without TensorFlow.
"""

import click

import mitseq
from mitseq.cli.program import Program, example


@click.group(
    epilog=example(
        "mitseq music",
        'mitseq sentiment "the food was good, not bad at all"',
        'mitseq words "The clouds are in the"',
        'mitseq tag "Time flies like an arrow"',
        'mitseq translate "I am hungry."',
        'mitseq slides show "Vanishing gradients"',
        "mitseq page show music --out tune.html",
        "mitseq exercises start my_exercises",
    ),
    cls=Program,
    verbs={
        "music": "mitseq.cli.music:music",
        "sentiment": "mitseq.cli.sentiment:sentiment",
        "ball": "mitseq.cli.ball:ball",
        "words": "mitseq.cli.words:words",
        "tag": "mitseq.cli.tag:tag",
        "forecast": "mitseq.cli.forecast:forecast",
        "caption": "mitseq.cli.caption:caption",
        "translate": "mitseq.cli.translate:translate",
        "slides": "mitseq.cli.slides:slides",
        "quiz": "mitseq.cli.quiz:quiz",
        "page": "mitseq.cli.page:page",
        "exercises": "mitseq.cli.exercises:exercises",
        "devices": "mitseq.cli.devices:devices",
    },
    invoke_without_command=True,
)
@click.version_option(mitseq.__version__, prog_name="mitseq")
@click.pass_context
def cli(context: click.Context) -> None:
    """Sequence models of the lecture Deep Sequence Modeling, at work.

    The result goes to standard output, progress and remarks to standard
    error. Exit code 0 means success, 2 a mistake in what was given (one line
    says which), 130 an interruption.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def main() -> None:
    """Entry point of the `mitseq` command."""
    cli.main(prog_name="mitseq")
