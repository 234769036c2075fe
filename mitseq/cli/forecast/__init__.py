"""`mitseq forecast`: how does a series go on?"""

import click

from mitseq.cli.program import example
from mitseq.cli.verb_or_file import VerbOrFile


@click.group(
    epilog=example(
        "mitseq forecast simulate --out season.csv",
        "mitseq forecast predict season.csv --horizon 12",
        "mitseq forecast train season.csv --out runs/forecast",
        "mitseq forecast evaluate season.csv --model runs/forecast",
        "mitseq forecast stream < sensor.txt",
    ),
    cls=VerbOrFile,
    verbs={
        name: f"mitseq.cli.forecast.{name}:{name}"
        for name in ("predict", "train", "evaluate", "stream", "simulate")
    },
    default="predict",
    subcommand_metavar="FILE | COMMAND [ARGS]...",
)
def forecast() -> None:
    """Forecast a series of numbers, with intervals.

    Without a verb a model is trained on the series in FILE and says how it goes
    on, like `mitseq forecast predict FILE`. `stream` answers values that arrive
    one at a time, with a model that comes with mitseq.
    """
