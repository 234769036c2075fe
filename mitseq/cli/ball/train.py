"""`mitseq ball train`: a model that predicts the next position."""

from pathlib import Path

import click

from mitseq.cli.ball.options import box_of, box_option, speed_option
from mitseq.cli.options import data_option, option, positive
from mitseq.cli.program import ManyPaths, command, print_json
from mitseq.cli.training import Training, training_options, was_given

CELLS = ("gru", "lstm", "rnn", "window", "present")


@command(
    "mitseq ball train --out runs/ball",
    "mitseq ball train --cell lstm --units 128 --minutes 5",
    "mitseq ball train --speed 0.005 0.05 --noise 0.002",
    "mitseq ball train --data tracks/ --box 0 0 640 480 --out runs/tracks",
    "mitseq ball train --out runs/ball --resume",
    cls=ManyPaths,
)
@data_option(
    "Paths to learn from, CSV files with columns x and y, or folders of them; "
    "without it, simulated balls."
)
@box_option
@option(
    "--cell",
    type=click.Choice(CELLS),
    default="gru",
    help="What reads the positions; window sees the last few only, present the "
    "last one.",
)
@option("--units", type=positive, default=64, help="Hidden units.")
@option("--window", type=positive, default=4, help="Positions of a window.")
@speed_option
@option(
    "--noise",
    type=click.FloatRange(min=0, max=1, max_open=True),
    default=0.0,
    help="How far positions are shaken in training, in box widths: for paths "
    "that were measured.",
)
@training_options(
    "runs/ball", epochs="How often balls are drawn. [default: 30]"
)
def train(training: Training, **options) -> None:
    """Train a model, and write the best to DIR/model.keras.

    Each epoch has 6400 new balls, or pieces of the paths in files. val_loss is
    the mean distance along an axis, in box widths, of 500 balls that are held
    out, or of the last fifth of each path.
    """
    if options["data"] and was_given(training.context, "speed"):
        raise click.UsageError(
            "--speed is for simulated balls, without --data", training.context
        )
    with training.open(options) as (run, options):
        settings = dict(options)
        data = _read(settings.pop("data"), settings.pop("box"))
        with training.at_work() as verbose:
            from mitseq.tasks.ball.train import train_ball_model

            history = train_ball_model(
                run, paths=data, **settings, verbose=verbose
            )
    if not training.is_first:
        return
    model = training.out / "model.keras"
    best = min(history, key=lambda row: row["val_loss"])
    if training.as_json:
        print_json(
            {
                "model": model,
                "best": best,
                "history": history,
                "settings": options,
            }
        )
        return
    click.echo(model)
    click.echo(
        f"held-out distance along an axis: {best['val_loss']:.5f} box widths "
        f"(epoch {int(best['epoch'])} of {len(history)})"
    )


def _read(data: tuple[Path, ...], box: tuple[float, ...] | None) -> list:
    """Returns the paths of files, in a box from 0 to 1."""
    from mitseq.tasks.ball.paths import read_paths

    walls = box_of(box)
    return [walls.to_unit(path) for path in read_paths(data or (), walls)]
