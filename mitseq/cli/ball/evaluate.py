"""`mitseq ball evaluate`: how far off is a model, and how far ahead?"""

import json
from pathlib import Path

import click

from mitseq.cli.ball.options import check_new, speed_option
from mitseq.cli.options import (
    device_option,
    json_option,
    model_option,
    option,
    out_option,
    positive,
)
from mitseq.cli.program import command, print_json
from mitseq.cli.work import at_work

FILES = ("errors.png", "evaluation.json")  # in --out
DRAWS = 3


@command(
    "mitseq ball evaluate --model runs/ball",
    "mitseq ball evaluate --speed 0.01 0.02 --out figures --json",
)
@model_option("the model")
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
@device_option
@json_option
def evaluate(
    model: Path | None,
    balls: int,
    steps: int,
    speed: tuple[float, float],
    out: Path | None,
    overwrite: bool,
    device: str,
    as_json: bool,
) -> None:
    """Measure a model on simulated balls that it has not learned from.

    Numbers are mean distances in box widths over three draws of balls, with
    the lowest and the highest draw behind them. At the walls are the steps in
    which, or just after which, a ball bounces. 10 positions are seen before
    several steps are predicted. The physical rule knows the walls.
    """
    if out is not None:
        from mitseq.output import check_folder
        from mitseq.plots.style import new_figure

        check_folder(out)
        for name in FILES:
            check_new(out / name, overwrite)
        new_figure()  # says at once if matplotlib is missing
    with at_work(device):
        from mitseq.tasks.ball.evaluation import (
            evaluate_ball_model,
            unseen_paths,
        )
        from mitseq.tasks.ball.model import load_ball_model

        loaded = load_ball_model(model)
        draws = [unseen_paths(balls, draw, speed) for draw in range(DRAWS)]
        errors = evaluate_ball_model(loaded, draws, steps)
    result = {
        "balls": balls,
        "draws": DRAWS,
        "speed": list(speed),
        "errors": {name: each.as_dict() for name, each in errors.items()},
    }
    if out is not None:
        result["files"] = _write(out, errors, result)
    if as_json:
        print_json(result)
        return
    click.echo("\n".join(_table(errors, steps)))
    for path in result.get("files", ()):
        click.echo(path)


def _table(errors: dict, steps: int) -> list[str]:
    columns = [
        ["", *errors],
        ["one step ahead", *(_told(each.next) for each in errors.values())],
        ["at walls", *(_told(each.walls) for each in errors.values())],
        [
            f"{steps} steps ahead",
            *(
                "-" if each.ahead is None else _told(each.ahead[:, -1])
                for each in errors.values()
            ),
        ],
    ]
    widths = [max(map(len, column)) for column in columns]
    return [
        "  ".join(
            cell.ljust(w) for cell, w in zip(row, widths, strict=True)
        ).rstrip()
        for row in zip(*columns, strict=True)
    ]


def _told(values) -> str:
    return f"{values.mean():.4f} ({values.min():.4f} to {values.max():.4f})"


def _write(out: Path, errors: dict, result: dict) -> list[Path]:
    from mitseq.output import atomic_write
    from mitseq.plots.style import save_figure
    from mitseq.tasks.ball.figures import plot_errors

    picture, figures = (out / name for name in FILES)
    return [
        save_figure(plot_errors(errors), picture),
        atomic_write(figures, json.dumps(result, indent=2) + "\n"),
    ]
