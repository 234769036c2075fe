"""`mitseq forecast evaluate`: how far off is a model in the held-out end?"""

import json
from pathlib import Path

import click

from mitseq.cli.forecast.options import series_of, series_options
from mitseq.cli.options import (
    device_options,
    json_option,
    option,
    out_option,
    paths,
)
from mitseq.cli.program import check_out, command, print_json, remark
from mitseq.cli.work import at_work

FILES = ("forecast.png", "evaluation.json")  # in --out
SENSORS, VALUES = 300, 1000  # without a file


@command(
    "mitseq forecast evaluate sales.csv --model runs/forecast",
    "mitseq forecast evaluate sales.csv --model runs/forecast --out figures",
    "mitseq forecast evaluate --model runs/sensors --json",
)
@click.argument("file", type=paths, required=False, metavar="[FILE]")
@option(
    "--model",
    type=paths,
    metavar="DIR|FILE",
    help="A model.keras, or the folder that holds one. Without FILE and "
    "without it, the model of sensors that comes with mitseq.",
)
@series_options
@out_option("Folder for forecast.png and evaluation.json.")
@option("--overwrite", is_flag=True, help="Replace files that are there.")
@device_options
@json_option
@click.pass_context
def evaluate(
    context: click.Context,
    file: Path | None,
    model: Path | None,
    column: str | None,
    gaps: str,
    season: int | None,
    out: Path | None,
    overwrite: bool,
    device: str,
    verbose: bool,
    as_json: bool,
) -> None:
    """Measure a model on the last fifth of a series.

    After each value of it the next ones are forecast, as far as the model
    looks. Beside it stand the last value, the same time of the last season,
    and a linear autoregression that was fitted to the first four fifths. MASE
    is the mean absolute error in mean changes from a value to the next. The
    share of values within the intervals follows. Without FILE the faults that
    the model finds are counted, on 300 sensors that are made up.
    """
    if file is None:
        _sensors(context, model, out, device, verbose, as_json)
        return
    if model is None:
        raise click.UsageError(
            "--model is needed: what `mitseq forecast train FILE` wrote. "
            "`mitseq forecast FILE` trains and measures at once",
            context,
        )
    check_out(out, FILES, overwrite)
    series, season = series_of(file, column, gaps, season)
    with at_work(device, verbose):
        from mitseq.tasks.forecast.evaluation import evaluate_forecast
        from mitseq.tasks.forecast.model import load_forecast_model

        loaded = load_forecast_model(model)
        found = evaluate_forecast(loaded, series.values, season, str(file))
    result = {
        "source": str(file),
        "season": season,
        "forecasts": len(found.scores[found.best].errors),
        "relied_on": found.best,
        "verdict": found.verdict(),
        "scores": {
            name: scores.as_dict() for name, scores in found.scores.items()
        },
    }
    if out is not None:
        from mitseq.output import atomic_write
        from mitseq.plots.style import save_figure
        from mitseq.tasks.forecast.figures import plot_forecast

        text = json.dumps(result, indent=2) + "\n"
        result["files"] = [
            save_figure(plot_forecast(series, found), out / FILES[0]),
            atomic_write(out / FILES[1], text),
        ]
    if as_json:
        print_json(result)
        return
    width = max(map(len, found.scores))
    heads = ("MAE", "MASE", "RMSE", "in 80 %", "in 95 %")
    click.echo(" " * width + "".join(f"  {head:>9}" for head in heads))
    for name, scores in found.scores.items():
        cells = [f"{v:.5g}" for v in (scores.mae, scores.mase, scores.rmse)]
        shares = (scores.coverage or {}).values()
        cells += [f"{share:.1%}" for share in shares] or ["-", "-"]
        click.echo(f"{name:{width}}" + "".join(f"  {c:>9}" for c in cells))
    for path in result.get("files", ()):
        click.echo(path)
    remark(found.verdict())


def _sensors(context, model, out, device, verbose, as_json) -> None:
    if out is not None:
        raise click.UsageError("--out is for a FILE", context)
    with at_work(device, verbose):
        from mitseq.tasks.forecast.faults import evaluate_faults
        from mitseq.tasks.forecast.model import load_forecast_model
        from mitseq.tasks.forecast.sensors import TEST, sensors

        loaded = load_forecast_model(model)
        made = sensors(SENSORS, VALUES, [TEST, 0])
        found = evaluate_faults(loaded, made).as_dict()
    if as_json:
        print_json({"sensors": SENSORS, "values": VALUES, **found})
        return
    for kind, each in found["faults"].items():
        low, high = each["interval"]
        delay = each["median_delay"]
        told = "" if delay is None else f", after {delay:g} values (median)"
        click.echo(
            f"{kind:5}  {each['found']} of {each['of']} found: "
            f"{each['share']:.1%} ({low:.1%} to {high:.1%}){told}"
        )
    click.echo(
        f"false alarms: {found['false_alarms']} on {found['normal_values']} "
        f"values of whole sensors, {found['alarms_per_thousand']:.2f} a "
        "thousand"
    )
