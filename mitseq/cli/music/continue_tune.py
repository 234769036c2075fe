"""`mitseq music continue`: a tune goes on where the user's ends."""

import time
from pathlib import Path

import click

from mitseq.cli.music.options import choose_option, formats_option
from mitseq.cli.music.tunes import (
    generated_as_dict,
    print_tunes,
    read_one,
    remark_on,
)
from mitseq.cli.options import (
    PositiveNumber,
    device_options,
    json_option,
    model_option,
    option,
    out_option,
    paths,
    positive,
    seed,
)
from mitseq.cli.program import command, print_json
from mitseq.cli.work import at_work


@command(
    "mitseq music continue tune.abc",
    "mitseq music continue tune.abc --count 3 --temperature 0.8 --json",
    name="continue",
)
@click.argument("file", type=paths)
@model_option("the model")
@option("--count", type=positive, default=1, help="Ways to go on.")
@option("--seed", type=seed, help="The same seed gives the same tunes.")
@option(
    "--temperature",
    type=PositiveNumber(),
    default=1.0,
    help="Below 1 safer tunes, above 1 stranger ones.",
)
@choose_option
@formats_option
@out_option("Folder for the files.", default="tunes")
@device_options
@json_option
def continue_tune(
    file: Path,
    model: Path | None,
    formats: tuple[str, ...],
    out: Path,
    device: str,
    verbose: bool,
    as_json: bool,
    **sampling,
) -> None:
    """Go on where a tune ends, in its key and meter.

    FILE has one tune in ABC; "-" is standard input. A tune that is whole gets
    a further section, one that breaks off goes on in the same bar. What comes
    out begins with the notes of FILE.
    """
    from mitseq.output import check_folder

    check_folder(out)
    abc = read_one(file)
    started = time.monotonic()
    with at_work(device, verbose):
        from mitseq.tasks.music.continue_tune import continue_tune
        from mitseq.tasks.music.discriminator import discriminator_beside
        from mitseq.tasks.music.model import load_music_model
        from mitseq.tunes.render import next_number, render

        loaded = load_music_model(model)
        chooses = sampling["choose_from"] > 1
        discriminator = discriminator_beside(model) if chooses else None
        result = continue_tune(
            loaded, abc, discriminator=discriminator, **sampling
        )
        result = result.numbered(next_number(out))
        files = render(result.tunes, formats, out)
    if as_json:
        print_json(generated_as_dict(result, files))
        return
    print_tunes(result.tunes, files)
    remark_on(result, time.monotonic() - started)
