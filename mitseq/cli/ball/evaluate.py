"""`mitseq ball evaluate`: how far off is a model, and how far ahead?"""

import json
from pathlib import Path

import click

from mitseq.cli.ball.options import (
    box_of,
    box_option,
    speed_option,
)
from mitseq.cli.options import (
    data_option,
    device_options,
    json_option,
    model_option,
    option,
    out_option,
    positive,
)
from mitseq.cli.program import ManyPaths, check_out, command, print_json
from mitseq.cli.work import at_work

FILES = ("errors.png", "evaluation.json")  # in --out
DRAWS = 3


@command(
    "mitseq ball evaluate --model runs/ball",
    "mitseq ball evaluate --speed 0.01 0.02 --out figures --json",
    "mitseq ball evaluate --model runs/tracks --data new/ --box 0 0 640 480",
    cls=ManyPaths,
)
@model_option("the model")
@data_option(
    "Paths to measure on, CSV files with columns x and y, or folders of them; "
    "without it, simulated balls."
)
@box_option
@option("--balls", type=positive, default=500, help="Balls of a draw.")
@option(
    "--steps",
    type=click.IntRange(min=1, max=30),
    default=20,
    help="How many steps ahead.",
)
@speed_option
@out_option("Folder for errors.png and evaluation.json.")
@option("--overwrite", is_flag=True, help="Replace files that are there.")
@device_options
@json_option
def evaluate(
    model: Path | None,
    data: tuple[Path, ...],
    box: tuple[float, ...] | None,
    balls: int,
    steps: int,
    speed: tuple[float, float],
    out: Path | None,
    overwrite: bool,
    device: str,
    verbose: bool,
    as_json: bool,
) -> None:
    """Measure a model on balls that it has not learned from.

    Numbers are mean distances in box widths over three draws of balls, with
    the lowest and the highest draw behind them. At the walls are the steps in
    which, or just after which, a ball bounces. 10 positions are seen before
    several steps are predicted. The physical rule knows the walls. With --data
    each path is a draw, and at the walls nothing is told.
    """
    from mitseq.tasks.ball.paths import read_paths

    check_out(out, FILES, overwrite)
    walls = box_of(box)
    tracks = [walls.to_unit(path)[None] for path in read_paths(data, walls)]
    with at_work(device, verbose):
        from mitseq.tasks.ball.evaluation import (
            evaluate_ball_model,
            unseen_paths,
        )
        from mitseq.tasks.ball.model import load_ball_model

        loaded = load_ball_model(model)
        draws = tracks or [
            unseen_paths(balls, draw, speed) for draw in range(DRAWS)
        ]
        errors = evaluate_ball_model(loaded, draws, steps)
    told = {name: each.as_dict() for name, each in errors.items()}
    for each in told.values() if tracks else ():
        del each["at_walls"]  # a path that was measured bends anywhere
    simulated = {"balls": balls, "speed": list(speed)}
    result = {
        "draws": len(draws),
        **({"data": data} if tracks else simulated),
        "errors": told,
    }
    if out is not None:
        result["files"] = _write(out, errors, result)
    if as_json:
        print_json(result)
        return
    click.echo("\n".join(_table(told, steps)))
    for path in result.get("files", ()):
        click.echo(path)


def _table(errors: dict, steps: int) -> list[str]:
    columns = [["", *errors]]
    measures = {"one step ahead": "one_step", "at walls": "at_walls"}
    for heading, measure in measures.items():
        cells = [_told(each.get(measure)) for each in errors.values()]
        columns.append([heading, *cells])
    ahead = [each.get("ahead", [None])[-1] for each in errors.values()]
    columns.append([f"{steps} steps ahead", *map(_told, ahead)])
    widths = [max(map(len, column)) for column in columns]
    return [
        "  ".join(
            cell.ljust(w) for cell, w in zip(row, widths, strict=True)
        ).rstrip()
        for row in zip(*columns, strict=True)
    ]


def _told(spread: dict | None) -> str:
    if spread is None:
        return "-"
    return "{mean:.4f} ({low:.4f} to {high:.4f})".format(**spread)


def _write(out: Path, errors: dict, result: dict) -> list[Path]:
    from mitseq.output import atomic_write
    from mitseq.plots.style import save_figure
    from mitseq.tasks.ball.figures import plot_errors

    picture, figures = (out / name for name in FILES)
    return [
        save_figure(plot_errors(errors), picture),
        atomic_write(figures, json.dumps(result, indent=2, default=str) + "\n"),
    ]
