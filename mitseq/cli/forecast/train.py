"""`mitseq forecast train`: a model of a series, or of sensors with faults."""

from pathlib import Path

import click

from mitseq.cli.forecast.options import (
    cell_option,
    horizon_option,
    series_of,
    series_options,
    units_option,
)
from mitseq.cli.options import paths
from mitseq.cli.program import command, print_json
from mitseq.cli.training import Training, training_options, was_given

SERIES_ONLY = ("column", "gaps", "season")


@command(
    "mitseq forecast train sales.csv --horizon 12 --out runs/forecast",
    "mitseq forecast train --horizon 1 --out runs/sensors",
    "mitseq forecast train --out runs/forecast --resume",
)
@click.argument("file", type=paths, required=False, metavar="[FILE]")
@horizon_option
@series_options
@cell_option
@units_option
@training_options(
    "runs/forecast", epochs="How often pieces are drawn. [default: 12]"
)
def train(training: Training, **options) -> None:
    """Train a model, and write the best to DIR/model.keras.

    FILE is a CSV file with the oldest value first. Its last fifth is not
    learned from: `mitseq forecast evaluate` measures there. Without FILE the
    model learns sensors that are made up, and their faults, for `mitseq
    forecast stream`. val_loss is the pinball loss, in mean changes from a
    value to the next.
    """
    with training.open(options) as (run, options):
        settings = dict(options)
        file = settings.pop("file")
        reading = {name: settings.pop(name) for name in SERIES_ONLY}
        values, season = None, 0
        if file is None:
            for name in SERIES_ONLY:
                if was_given(training.context, name):
                    raise click.UsageError(
                        f"--{name} is for a FILE", training.context
                    )
        else:
            series, season = series_of(Path(file), **reading)
            values = series.values
        with training.at_work() as verbose:
            from mitseq.tasks.forecast.train import train_forecast_model

            history = train_forecast_model(
                run,
                values,
                season=season,
                faults=file is None,
                source=str(file),
                **settings,
                verbose=verbose,
            )
    if not training.is_first:
        return
    out = training.out
    best = min(history, key=lambda row: row["val_loss"])
    if training.as_json:
        print_json(
            {
                "model": out / "model.keras",
                "best": best,
                "history": history,
                "settings": options,
            }
        )
        return
    click.echo(out / "model.keras")
    click.echo(
        f"held-out pinball loss: {best['val_loss']:.4f} "
        f"(epoch {int(best['epoch'])} of {len(history)})"
    )
