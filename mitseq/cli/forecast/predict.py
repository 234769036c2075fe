"""`mitseq forecast predict`: how a series goes on, as a picture and a table."""

from pathlib import Path

import click

from mitseq.cli.forecast.options import (
    cell_option,
    epochs_option,
    file_argument,
    horizon_option,
    series_of,
    series_options,
    units_option,
)
from mitseq.cli.options import (
    device_options,
    json_option,
    option,
    out_option,
    paths,
)
from mitseq.cli.program import command, print_json, remark
from mitseq.cli.training import (
    check_length,
    minutes_option,
    seed_option,
    was_given,
)
from mitseq.cli.work import at_work


@command(
    "mitseq forecast predict sales.csv --horizon 12",
    "mitseq forecast predict sales.csv --column north --season 7",
    "mitseq forecast predict sales.csv --model runs/forecast --json",
)
@file_argument
@horizon_option
@series_options
@option(
    "--model",
    type=paths,
    metavar="DIR|FILE",
    help="A model that `mitseq forecast train` wrote. Without it, one is "
    "trained on the series, in less than a minute.",
)
@cell_option
@units_option
@epochs_option
@minutes_option
@seed_option
@out_option(
    "The picture; the forecast is written beside it, as .csv.",
    metavar="FILE",
    default="forecast.png",
)
@option("--overwrite", is_flag=True, help="Replace files that are there.")
@device_options
@json_option
@click.pass_context
def predict(
    context: click.Context,
    file: Path,
    horizon: int,
    column: str | None,
    gaps: str,
    season: int | None,
    model: Path | None,
    out: Path,
    overwrite: bool,
    device: str,
    verbose: bool,
    as_json: bool,
    **training,
) -> None:
    """Forecast a series, and say how far it is to be trusted.

    FILE is a CSV file with the oldest value first; a column of times may stand
    beside. The model learns from the first four fifths. On the last fifth it
    is compared with the last value, the same time of the last season and a
    linear autoregression, and whoever is the best there is relied on. If none
    is better than the last value by more than chance, that is said, and the
    forecast is the last value.
    """
    from mitseq.errors import MitseqError
    from mitseq.output import check_new
    from mitseq.plots.style import check_format, new_figure, save_figure
    from mitseq.tasks.forecast.output import forecast_rows, write_forecast

    check_length(context, training["epochs"], training["minutes"])
    for name in training if model is not None else ():
        if was_given(context, name):
            raise click.UsageError(
                f"--{name} is for a model that is trained here; --model has "
                "its own",
                context,
            )
    table = out.with_suffix(".csv")
    for path in (out, table):
        check_new(path, overwrite)
        if path.exists() and file.exists() and path.samefile(file):
            raise MitseqError(f"--out would replace {file}, the series itself")
    check_format(out)
    new_figure()  # says at once if matplotlib is missing
    series, season = series_of(file, column, gaps, season)
    with at_work(device, verbose) as watched:
        from mitseq.tasks.forecast.evaluation import evaluate_forecast
        from mitseq.tasks.forecast.figures import plot_forecast
        from mitseq.tasks.forecast.model import horizon_of, load_forecast_model
        from mitseq.tasks.forecast.train import trained_model

        if model is None:
            loaded = trained_model(
                series.values,
                source=str(file),
                horizon=horizon,
                season=season,
                **training,
                verbose=1 if watched else 2,
            )
        else:
            loaded = load_forecast_model(model)
            known = horizon_of(loaded)
            if was_given(context, "horizon") and horizon != known:
                raise click.UsageError(
                    f"--horizon must be that of the model, {known}. Received: "
                    f"{horizon}",
                    context,
                )
        found = evaluate_forecast(loaded, series.values, season, str(file))
    rows = forecast_rows(series, found)
    files = [
        save_figure(plot_forecast(series, found), out),
        write_forecast(table, rows),
    ]
    if as_json:
        print_json(
            {
                "source": str(file),
                "column": series.name,
                "season": season,
                "relied_on": found.best,
                "verdict": found.verdict(),
                "forecast": rows,
                "held_out": {
                    name: scores.as_dict()
                    for name, scores in found.scores.items()
                },
                "files": files,
            }
        )
        return
    width = max(len(row["time"]) for row in rows)
    heads = ("forecast", "low 80", "high 80", "low 95", "high 95")
    click.echo(f"{'time':{width}}  " + "  ".join(f"{h:>10}" for h in heads))
    for row in rows:
        cells = (row[head.replace(" ", "_")] for head in heads)
        told = "  ".join(f"{cell:10.5g}" for cell in cells)
        click.echo(f"{row['time']:{width}}  {told}")
    for path in files:
        click.echo(path)
    remark(found.verdict())
