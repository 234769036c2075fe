"""`mitseq ball predict`: a path, where it goes on, and a picture of both."""

from pathlib import Path

import click

from mitseq.cli.ball.options import box_of, box_option
from mitseq.cli.options import (
    device_options,
    json_option,
    model_option,
    option,
    out_option,
    paths,
    positive,
    seed,
)
from mitseq.cli.program import command, print_json, remark
from mitseq.cli.work import at_work

SEEN = 10  # positions of a simulated ball


@command(
    "mitseq ball predict --seed 7",
    "mitseq ball predict track.csv --box 0 0 640 480 --steps 20",
    "mitseq ball predict track.csv --seen 30 --json",
)
@click.argument("file", type=paths, required=False, metavar="[FILE]")
@model_option("the model")
@option("--steps", type=positive, default=20, help="How many steps ahead.")
@option(
    "--seen",
    type=click.IntRange(min=2),
    help="How many positions are seen; the others are compared with the "
    f"prediction. [default: all of FILE; {SEEN} of a simulated ball]",
)
@box_option
@option("--seed", type=seed, default=0, help="Of the simulated ball.")
@out_option("The picture.", metavar="FILE", default="ball.png")
@option("--overwrite", is_flag=True, help="Replace a picture that is there.")
@device_options
@json_option
def predict(
    file: Path | None,
    model: Path | None,
    steps: int,
    seen: int | None,
    box: tuple[float, ...] | None,
    seed: int,
    out: Path,
    overwrite: bool,
    device: str,
    verbose: bool,
    as_json: bool,
) -> None:
    """Predict where a ball goes, and draw it between its walls.

    FILE is a CSV file with columns x and y, a position a line; without it a
    ball is simulated. Prints a line for each step ahead and the path of the
    picture. Where it is known where the ball went, the distances of the model
    are printed beside those of the physical rule, which knows the walls.
    """
    from mitseq.errors import MitseqError
    from mitseq.output import check_new
    from mitseq.plots.style import check_format, save_figure
    from mitseq.tasks.ball.paths import read_path

    walls = box_of(box)
    check_new(out, overwrite)
    check_format(out)
    if file is None:
        if box:
            raise MitseqError("--box is for a FILE; a simulated ball has none")
        seen = seen or SEEN
        points, source = _simulated(seed, seen + steps), f"simulated, {seed=}"
    else:
        points, source = read_path(file, walls), str(file)
        seen = seen or len(points)
    if seen > len(points):
        raise MitseqError(
            f"--seen must be at most the {len(points)} positions of {file}. "
            f"Received: {seen}."
        )
    with at_work(device, verbose):
        from mitseq.by_hand.ball import rule_ahead
        from mitseq.tasks.ball.evaluation import one_step_errors
        from mitseq.tasks.ball.figures import distances, plot_prediction
        from mitseq.tasks.ball.model import load_ball_model
        from mitseq.tasks.ball.predict import predict_ahead

        loaded = load_ball_model(model)
        unit = walls.to_unit(points)[None]
        ahead = {
            "model": predict_ahead(loaded, unit[:, :seen], steps)[0],
            "rule": rule_ahead(unit[:, :seen], steps)[0],
        }
        ahead = {name: walls.from_unit(each) for name, each in ahead.items()}
        known = one_step_errors(loaded, unit[:, :seen])
    truth = points[seen : seen + steps]
    off = {
        name: distances(each[: len(truth)], truth, walls)
        for name, each in ahead.items()
    }
    figure = plot_prediction(
        points[:seen],
        {"model": ahead["model"], "the physical rule": ahead["rule"]},
        truth=truth,
        box=walls,
        title=f"Where will the ball go next? ({source})".replace("$", r"\$"),
    )
    picture = save_figure(figure, out)
    if as_json:
        print_json(
            {
                "source": source,
                "seen": seen,
                "prediction": ahead["model"].tolist(),
                "rule": ahead["rule"].tolist(),
                "truth": truth.tolist(),
                "distance": {k: v.tolist() for k, v in off.items()},
                "one_step_on_seen": known,
                "file": picture,
            }
        )
        return
    click.echo("\n".join(_table(ahead["model"], off)))
    click.echo(picture)
    if known:
        told = ", ".join(f"{name} {value:.4f}" for name, value in known.items())
        remark(f"one step ahead on the positions seen, off by: {told}")


def _simulated(seed: int, length: int):
    from mitseq.by_hand.ball import ball_paths

    # numbers that no training draws its balls from
    return ball_paths(1, length, seed=[0, seed])[0].astype("float64")


def _table(points, off) -> list[str]:
    width = max(len(f"{value:.4f}") for value in points.ravel())
    lines = [f"step  {'x':>{width}}  {'y':>{width}}"]
    if len(off["model"]):
        lines[0] += "  off by  rule's"
    for i, (x, y) in enumerate(points):
        line = f"{i + 1:4}  {x:{width}.4f}  {y:{width}.4f}"
        if i < len(off["model"]):
            line += f"  {off['model'][i]:6.4f}  {off['rule'][i]:6.4f}"
        lines.append(line)
    return lines
