"""`mitseq caption train`: a model that captions pictures."""

import click

from mitseq.cli.options import data_option, option, positive
from mitseq.cli.program import ManyPaths, command, remark
from mitseq.cli.training import (
    LENGTH,
    Training,
    training_options,
    was_given,
)


@command(
    "mitseq caption train --out runs/scenes",
    "mitseq caption train --data pictures/ --color --out runs/pictures",
    "mitseq caption train --decoder state --minutes 5",
    "mitseq caption train --out runs/scenes --resume",
    cls=ManyPaths,
)
@data_option(
    "Folders of pictures with a captions.csv (columns file and caption), or "
    "such tables. Without it, scenes that are drawn anew in each epoch."
)
@option(
    "--color",
    is_flag=True,
    help="Of pictures in --data: keep the colors. Else the model sees grey.",
)
@option(
    "--size",
    type=click.IntRange(min=8, max=512),
    default=64,
    help="Pixels of a side that the model sees, a multiple of 8.",
)
@option(
    "--decoder",
    type=click.Choice(["attention", "state", "blind"]),
    default="attention",
    help="It looks at the picture at each word; or begins with it; or does "
    "not see it.",
)
@option("--units", type=positive, default=128, help="Hidden units.")
@option("--batch-size", type=positive, default=32, help="Pictures in a step.")
@training_options(
    "runs/caption",
    epochs="Passes over the pictures; of scenes, so many times 6400 of them. "
    "[default: 24]",
)
def train(training: Training, **options) -> None:
    """Train a model, and keep its best weights in DIR/model.keras.

    After each epoch it writes the loss, in nats a word, to DIR/history.csv. Of
    the pictures in --data a tenth is held out to stop by, and a tenth for
    `mitseq caption evaluate`, in DIR/test.csv. Of the scenes some pairs are
    never drawn: so one sees what it makes of parts that it knows, put together
    anew.
    """
    has_pictures = options["data"] or training.resume
    if was_given(training.context, "color") and not has_pictures:
        raise click.UsageError(
            "--color is for pictures in --data; scenes are grey",
            training.context,
        )
    with training.open(options) as (run, options):
        pictures = _pictures(options)
        with training.at_work() as verbose:
            from mitseq.tasks.caption.train import train_caption_model

            settings = {
                name: value
                for name, value in options.items()
                if name not in ("data", "color", *LENGTH)
            }
            history = train_caption_model(
                run,
                pictures,
                verbose=verbose,
                **{name: options[name] for name in LENGTH},
                **settings,
            )
    training.print_result(
        history,
        "best held-out loss: {val_loss:.4f} nats a word",
        settings=settings,
    )


def _pictures(options: dict):
    """Returns the pictures to learn from; None for scenes."""
    from mitseq.cli.work import progress
    from mitseq.tasks.caption.folders import read_pictures

    if not options["data"]:
        return None
    with progress():
        pictures = read_pictures(
            options["data"],
            options["size"],
            3 if options["color"] else 1,
            options["seed"],
        )
    parts = (pictures.train, pictures.validation, pictures.test)
    counts = [len(part.files) for part in parts]
    remark(
        "{} pictures to learn from, {} to stop by, {} to judge by".format(
            *counts
        )
    )
    return pictures
