"""`mitseq forecast train`: a model of a series, or of sensors with faults."""

from pathlib import Path

import click

from mitseq.cli.forecast.options import (
    cell_option,
    epochs_option,
    horizon_option,
    series_of,
    series_options,
    units_option,
)
from mitseq.cli.options import device_options, json_option, paths
from mitseq.cli.program import command, one_line, print_json, remark
from mitseq.cli.training import (
    minutes_option,
    resume_option,
    run_option,
    seed_option,
    training_run,
    was_given,
)
from mitseq.cli.work import at_work

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
@epochs_option
@minutes_option
@seed_option
@run_option("runs/forecast")
@resume_option
@device_options
@json_option
@click.pass_context
def train(
    context: click.Context,
    out: Path,
    resume: bool,
    device: str,
    verbose: bool,
    as_json: bool,
    **options,
) -> None:
    """Train a model, and write the best to DIR/model.keras.

    FILE is a CSV file with the oldest value first. Its last fifth is not
    learned from: `mitseq forecast evaluate` measures there. Without FILE the
    model learns sensors that are made up, and their faults, for `mitseq
    forecast stream`. val_loss is the pinball loss, in mean changes from a
    value to the next.
    """
    with training_run(context, out, resume, options) as (run, options):
        settings = dict(options)
        file = settings.pop("file")
        reading = {name: settings.pop(name) for name in SERIES_ONLY}
        values, season = None, 0
        if file is None:
            for name in SERIES_ONLY:
                if was_given(context, name):
                    raise click.UsageError(f"--{name} is for a FILE", context)
        else:
            series, season = series_of(Path(file), **reading)
            values = series.values
        finished = run.is_finished(options["epochs"], options["minutes"])
        if finished and resume:
            remark(one_line(f"{out}: this training is finished"))
        with at_work(device, verbose) as watched:
            from mitseq.tasks.forecast.train import train_forecast_model

            history = train_forecast_model(
                run,
                values,
                season=season,
                faults=file is None,
                source=str(file),
                **settings,
                verbose=1 if watched else 2,
            )
    best = min(history, key=lambda row: row["val_loss"])
    if as_json:
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
