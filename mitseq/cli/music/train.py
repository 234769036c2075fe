"""`mitseq music train`: a model that learns to continue tunes."""

import json
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
    check_length,
    minutes_option,
    resume_option,
    seed_option,
    was_given,
)

# What a training that is resumed takes over from its snapshot.
_SETTINGS = (
    "level",
    "cell",
    "units",
    "layers",
    "heads",
    "batch_size",
    "sequence_length",
    "seed",
)

_RESULTS = ("model.keras", "history.csv", "snapshot.json")


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
@click.option(
    "--out",
    type=paths,
    default="runs/music",
    show_default=True,
    metavar="DIR",
    help="Folder for model.keras and history.csv.",
)
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
    data: tuple[Path, ...],
    out: Path,
    epochs: int | None,
    minutes: float | None,
    resume: bool,
    tensorboard: Path | None,
    device: str,
    as_json: bool,
    **settings,
) -> None:
    """Train a model, and keep its best weights in DIR/model.keras.

    After each epoch it shows the held-out bits per character and a sample
    tune, and writes a row to DIR/history.csv. Training stops when the held-out
    value no longer gets better. The tunes, as they were split, are kept in
    DIR/corpus.
    """
    check_length(context, epochs, minutes)
    from mitseq.output import check_folder

    check_folder(out)
    if tensorboard is not None:
        check_folder(tensorboard)
    if resume:
        record = _snapshot_of_before(out)
        settings.update(
            (name, record[name])
            for name in _SETTINGS
            if name in record and not was_given(context, name)
        )
        if epochs is None and minutes is None:
            epochs, minutes = record.get("length", (None, None))
        if record.get("finished", ()) == [epochs, minutes]:
            remark(one_line(f"{out}: this training is finished"))
    from mitseq.tunes import corpus

    kept = out / "corpus"
    if resume and not data and corpus.is_split(kept):
        data = (kept,)
    tunes = corpus.prepare(data or None, seed=settings["seed"])
    if not resume and not any((out / name).exists() for name in _RESULTS):
        tunes.save(kept)
    started = time.monotonic()
    with progress() as watched:
        load_tensorflow()
        from mitseq.devices import device as on_device
        from mitseq.tasks.music.model import music_defaults
        from mitseq.tasks.music.train import train_music_model

        settings |= music_defaults(
            settings["cell"],
            units=settings["units"],
            layers=settings["layers"],
        )
        with on_device(device):
            history = train_music_model(
                tunes,
                out,
                epochs=epochs,
                minutes=minutes,
                resume=resume,
                tensorboard=tensorboard,
                verbose=1 if watched else 2,
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


def _snapshot_of_before(out: Path) -> dict:
    """What the snapshot says about the training: settings and length."""
    try:
        return json.loads((out / "snapshot.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}  # train_music_model says what is missing
