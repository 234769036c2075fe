"""`mitseq music vary`: a tune as a second fiddler plays it."""

from pathlib import Path

import click

from mitseq.cli.music.options import formats_option
from mitseq.cli.music.tunes import print_tunes, read_one, tune_as_dict
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
from mitseq.cli.program import command, print_json, remark
from mitseq.cli.work import at_work


@command(
    "mitseq music vary tune.abc --change 0.3",
    "mitseq music vary tune.abc --change 0.5 --count 3 --seed 7 --json",
)
@click.argument("file", type=paths)
@model_option("the model")
@option(
    "--change",
    type=click.FloatRange(0, 1),
    default=0.3,
    help="Share of the notes that is to change, as near as whole bars come.",
)
@option("--count", type=positive, default=1, help="Versions.")
@option("--seed", type=seed, help="The same seed gives the same versions.")
@option(
    "--temperature",
    type=PositiveNumber(),
    default=1.0,
    help="Below 1 safer bars, above 1 stranger ones.",
)
@formats_option
@out_option("Folder for the files.", default="tunes")
@device_options
@json_option
def vary(
    file: Path,
    model: Path | None,
    seed: int | None,
    formats: tuple[str, ...],
    out: Path,
    device: str,
    verbose: bool,
    as_json: bool,
    **wishes,
) -> None:
    """Write versions of a tune: some bars anew, the rest as it is.

    FILE has one tune in ABC; "-" is standard input. Meter, key and form stay,
    and so do the bars that end a section. Says what share of the notes changed.
    """
    from mitseq.generation.arguments import random_seed
    from mitseq.output import check_folder

    check_folder(out)
    abc = read_one(file)
    with at_work(device, verbose):
        from mitseq.tasks.music.model import load_music_model
        from mitseq.tasks.music.vary import vary_tune
        from mitseq.tunes.render import render

        seed = random_seed() if seed is None else seed
        found = vary_tune(load_music_model(model), abc, seed=seed, **wishes)
        tunes = [one.tune for one in found]
        files = render(tunes, formats, out)
    if as_json:
        print_json(
            {
                "tunes": [
                    tune_as_dict(one.tune) | {"changed": one.changed}
                    for one in found
                ],
                "files": files,
                "seed": seed,
            }
        )
        return
    print_tunes(tunes, files)
    shares = ", ".join(f"{one.changed:.0%}" for one in found)
    remark(f"{shares} of the notes changed, seed {seed}")
