"""`mitseq music train`: a model that learns to continue tunes."""

import time
from pathlib import Path

import click

from mitseq.cli.options import (
    data_option,
    device_option,
    json_option,
    paths,
    positive,
)
from mitseq.cli.program import (
    ManyPaths,
    example,
    load_tensorflow,
    one_line,
    print_json,
    progress,
    remark,
)
from mitseq.cli.training import (
    LENGTH,
    minutes_option,
    out_option,
    resume_option,
    seed_option,
    training_run,
)
from mitseq.training.run import TrainingRun


@click.command(
    cls=ManyPaths,
    epilog=example(
        "mitseq music train --minutes 15 --out runs/music",
        "mitseq music train --data corpus/ --cell gru --units 256 --epochs 5",
        "mitseq music train --cell transformer --minutes 15 --out runs/blocks",
        "mitseq music train --minutes 15 --out runs/music --resume",
    ),
)
@data_option(
    "ABC files and folders, or a folder of `mitseq music prepare`, whose split "
    "is kept. Without it, the collections in the installed music21."
)
@click.option(
    "--level",
    type=click.Choice(["character", "token"]),
    default="token",
    show_default=True,
    help="What the model reads and writes one at a time.",
)
@click.option(
    "--cell",
    type=click.Choice(["rnn", "lstm", "gru", "transformer"]),
    default="lstm",
    show_default=True,
    help="The recurrent layer, or a Transformer.",
)
@click.option(
    "--units",
    type=positive,
    help="Size of the hidden state, or width of the Transformer. [default: 512 "
    "or 256]",
)
@click.option(
    "--layers",
    type=positive,
    help="Recurrent layers or Transformer blocks, one over the other. "
    "[default: 2 or 4]",
)
@click.option(
    "--heads",
    type=positive,
    default=4,
    show_default=True,
    help="Attention heads of a Transformer block.",
)
@click.option(
    "--epochs", type=positive, help="Passes over the tunes. [default: 30]"
)
@minutes_option
@click.option(
    "--batch-size",
    type=positive,
    default=32,
    show_default=True,
    help="Rows in each step.",
)
@click.option(
    "--sequence-length",
    type=positive,
    help="Tokens or characters in each row. [default: 256 or 512]",
)
@seed_option
@out_option("runs/music")
@resume_option
@click.option(
    "--tensorboard",
    type=paths,
    metavar="DIR",
    help="Write logs for TensorBoard into DIR.",
)
@device_option
@json_option
@click.pass_context
def train(
    context: click.Context,
    out: Path,
    resume: bool,
    tensorboard: Path | None,
    device: str,
    as_json: bool,
    **options,
) -> None:
    """Train a model, and keep its best weights in DIR/model.keras.

    After each epoch it shows the held-out bits per character and a sample
    tune, and writes a row to DIR/history.csv. Training stops when the held-out
    value no longer gets better. The tunes, as they were split, are kept in
    DIR/corpus.
    """
    from mitseq.output import check_folder

    if tensorboard is not None:
        check_folder(tensorboard)
    started = time.monotonic()
    with training_run(context, out, resume, options) as (run, options):
        length = {name: options[name] for name in LENGTH}
        if run.is_finished(**length):
            remark(one_line(f"{out}: this training is finished"))
        tunes = _tunes(run, options)
        with progress() as watched:
            load_tensorflow()
            from mitseq.devices import device as on_device
            from mitseq.tasks.music.model import music_defaults
            from mitseq.tasks.music.train import train_music_model

            settings = {
                k: v for k, v in options.items() if k not in ("data", *LENGTH)
            }
            settings |= music_defaults(
                settings["cell"],
                units=settings["units"],
                layers=settings["layers"],
            )
            with on_device(device):
                history = train_music_model(
                    tunes,
                    run,
                    tensorboard=tensorboard,
                    verbose=1 if watched else 2,
                    **length,
                    **settings,
                )
    best = min(history, key=lambda row: row["val_bits_per_character"])
    if as_json:
        print_json(
            {
                "model": out / "model.keras",
                "history": out / "history.csv",
                "epochs": history,
                "best": best,
                "settings": settings,
                "seconds": round(time.monotonic() - started, 3),
            }
        )
        return
    click.echo(out / "model.keras")
    click.echo(out / "history.csv")
    click.echo(
        f"best held-out bits per character: "
        f"{best['val_bits_per_character']:.4f}"
    )


def _tunes(run: TrainingRun, options: dict):
    """The tunes to learn from; those of a resumed training were kept."""
    from mitseq.tunes import corpus

    kept = run.path("corpus")
    if run.resume and corpus.is_split(kept):
        return corpus.Corpus.load(kept)
    data = [Path(path) for path in options["data"]]
    tunes = corpus.prepare(data or None, seed=options["seed"])
    tunes.save(kept)
    return tunes
