"""`mitseq music discriminate`: what a model's tunes lack against people's."""

from pathlib import Path

import click

from mitseq.cli.music.options import overwrite_option
from mitseq.cli.music.tunes import corpus_of
from mitseq.cli.options import (
    data_option,
    device_options,
    json_option,
    option,
    paths,
    seed,
)
from mitseq.cli.program import (
    ManyPaths,
    command,
    print_figures,
    print_json,
    remark,
)
from mitseq.cli.work import at_work
from mitseq.errors import MitseqError
from mitseq.tasks.music.choice import FILE


@command(
    "mitseq music discriminate --model runs/music",
    "mitseq music discriminate --model runs/music --data tunes.abc "
    "--count 4000",
    cls=ManyPaths,
)
@option(
    "--model",
    type=paths,
    metavar="DIR|FILE",
    help="A model.keras, or the folder that holds one.",
)
@data_option(
    "Tunes of people: ABC files and folders. Without it, those that the model "
    "was trained on."
)
@option(
    "--count",
    type=click.IntRange(min=200),
    default=2000,
    help="Tunes that the model writes for it to learn from.",
)
@option("--seed", type=seed, default=0, help="Of these tunes, and of weights.")
@overwrite_option
@device_options
@json_option
def discriminate(
    model: Path | None,
    data: tuple[Path, ...],
    count: int,
    seed: int,
    overwrite: bool,
    device: str,
    verbose: bool,
    as_json: bool,
) -> None:
    """Train the discriminator of a music model.

    The model writes tunes, and a small network learns to tell them from those
    of people. It is written beside the model as discriminator.keras, and from
    then on `generate` and `continue` choose by it. auc is how well it tells
    tunes apart that it has not learned from: 0.5 is "cannot". The bundled model
    has one.
    """
    if model is None:
        raise click.UsageError("Missing option '--model'")
    folder = model if model.is_dir() else model.parent
    file = folder / FILE
    if file.exists() and not overwrite:
        raise MitseqError(f"{file} is there; --overwrite replaces it")
    with at_work(device, verbose):
        from mitseq.output import atomic_path
        from mitseq.tasks.music.discriminator import (
            measure_all,
            train_discriminator,
        )
        from mitseq.tasks.music.generate import draw_tunes
        from mitseq.tasks.music.model import load_music_model

        loaded = load_music_model(model)
        people = measure_all(_people(model, data), "measuring tunes of people")
        written = draw_tunes(loaded, count, seed=seed)
        found, auc = train_discriminator(people, written, seed=seed)
        with atomic_path(file) as path:
            found.save(path)
    figures = {
        "people": len(people),
        "written": len(written),
        "auc": auc,
    }
    if as_json:
        print_json(figures | {"file": file})
        return
    print_figures(figures)
    remark(f"{file}: `mitseq music generate --model {model}` chooses by it")


def _people(model: Path, data: tuple[Path, ...]) -> list[str]:
    """Returns tunes of people."""
    from mitseq.tunes.corpus import prepare, read_tunes

    if data:
        return [raw.text for raw in read_tunes(data)]
    return prepare(corpus_of(model)).train
