"""`mitseq music train`: a model that learns to continue tunes."""

import time
from pathlib import Path

import click

from mitseq.cli.options import data_option, option, paths, positive
from mitseq.cli.program import ManyPaths, command, print_json
from mitseq.cli.training import LENGTH, Training, training_options
from mitseq.cli.work import progress
from mitseq.training.run import TrainingRun


@command(
    "mitseq music train --minutes 15 --out runs/music",
    "mitseq music train --data corpus/ --cell gru --units 256 --epochs 5",
    "mitseq music train --cell transformer --minutes 15 --out runs/blocks",
    "mitseq music train --data shards/ --out runs/large",
    "mitseq music train --minutes 15 --out runs/music --resume",
    cls=ManyPaths,
)
@data_option(
    "ABC files and folders, or a folder of `mitseq music prepare`, whose split "
    "is kept, or of `mitseq music shard`. Without it, the collections in the "
    "installed music21."
)
@option(
    "--level",
    type=click.Choice(["character", "token"]),
    default="token",
    help="What the model reads and writes one at a time.",
)
@option(
    "--cell",
    type=click.Choice(["rnn", "lstm", "gru", "transformer"]),
    default="lstm",
    help="The recurrent layer, or a Transformer.",
)
@option(
    "--units",
    type=positive,
    help="Size of the hidden state, or width of the Transformer. [default: 512 "
    "or 256]",
)
@option(
    "--layers",
    type=positive,
    help="Recurrent layers or Transformer blocks, one over the other. "
    "[default: 2 or 4]",
)
@option(
    "--heads",
    type=positive,
    default=4,
    help="Attention heads of a Transformer block.",
)
@option("--batch-size", type=positive, default=32, help="Rows in each step.")
@option(
    "--sequence-length",
    type=positive,
    help="Tokens or characters in each row. [default: 256 or 512]",
)
@option(
    "--tensorboard",
    type=paths,
    metavar="DIR",
    help="Write logs for TensorBoard into DIR.",
)
@training_options("runs/music", epochs="Passes over the tunes. [default: 30]")
def train(training: Training, tensorboard: Path | None, **options) -> None:
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
    with training.open(options) as (run, options):
        with progress():
            tunes = _tunes(run, options)
        with training.at_work() as verbose:
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
            history = train_music_model(
                tunes,
                run,
                tensorboard=tensorboard,
                verbose=verbose,
                **{name: options[name] for name in LENGTH},
                **settings,
            )
    if not training.is_first:
        return
    out = training.out
    best = min(history, key=lambda row: row["val_bits_per_character"])
    if training.as_json:
        print_json(
            {
                "model": out / "model.keras",
                "history": out / "history.csv",
                "epochs": history,
                "best": best,
                "settings": settings,
                "notes": tunes.notes,
                "seconds": round(time.monotonic() - started, 3),
            }
        )
        return
    click.echo(out / "model.keras")
    click.echo(out / "history.csv")
    bits = best["val_bits_per_character"]
    click.echo(f"best held-out bits per character: {bits:.4f}")


def _tunes(run: TrainingRun, options: dict):
    """Returns the tunes to learn from; those of a resumed run were kept."""
    from mitseq.training.record import is_shards
    from mitseq.tunes import corpus

    kept = run.path("corpus")
    data = [Path(path) for path in options["data"] or ()]
    sharded = [path for path in data if is_shards(path)]
    if sharded:
        from mitseq.tasks.music.shards import MusicShards

        if len(data) > 1:
            raise click.UsageError(
                f"{sharded[0]} holds shards: they are to be the only --data"
            )
        shards = MusicShards(sharded[0])
        if run.writes and not run.resume:
            shards.corpus.save(kept)
            run.keep_inputs("corpus")
        return shards
    if run.resume and run.writes:
        return corpus.Corpus.load(kept)
    tunes = corpus.prepare(data or None, seed=options["seed"])
    if run.writes:
        tunes.save(kept)
        run.keep_inputs("corpus")
    return tunes
