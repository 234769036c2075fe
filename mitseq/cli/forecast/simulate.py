"""`mitseq forecast simulate`: a series that is made up, as a file."""

from pathlib import Path

import click

from mitseq.cli.options import json_option, option, out_option, seed
from mitseq.cli.program import command, print_json

KINDS = ("season", "walk", "sensor")


@command(
    "mitseq forecast simulate --out season.csv",
    "mitseq forecast simulate --kind walk --count 500 --out walk.csv",
    "mitseq forecast simulate --kind sensor --count 2000 --out sensor.csv",
)
@option(
    "--kind",
    type=click.Choice(KINDS),
    default="season",
    help="A season of 12 and a trend; a random walk; or a sensor that breaks "
    "now and then, whose second column says how.",
)
@option("--count", type=click.IntRange(30, 10**7), default=240, help="Values.")
@option("--seed", type=seed, default=0, help="Another seed, another series.")
@out_option("The file.", metavar="FILE", default="series.csv")
@option("--overwrite", is_flag=True, help="Replace a file that is there.")
@json_option
def simulate(
    kind: str, count: int, seed: int, out: Path, overwrite: bool, as_json: bool
) -> None:
    """Write a series that is made up, to try the other verbs with."""
    from mitseq.output import atomic_write, check_new
    from mitseq.tasks.forecast import sensors

    check_new(out, overwrite)
    if kind == "sensor":
        made = sensors.sensors(1, count, [sensors.SHOWN, seed])
        names = ("", *sensors.KINDS)
        rows = [
            f"{value:.9g},{names[fault]}"
            for value, fault in zip(made.values[0], made.faults[0], strict=True)
        ]
        text = "\n".join(["value,fault", *rows, ""])
    else:
        series = (sensors.random_walk if kind == "walk" else sensors.seasonal)(
            count, [sensors.SHOWN, seed]
        )
        text = "\n".join(["value", *(f"{v:.9g}" for v in series), ""])
    file = atomic_write(out, text)
    if as_json:
        print_json({"file": file, "kind": kind, "count": count, "seed": seed})
        return
    click.echo(file)
