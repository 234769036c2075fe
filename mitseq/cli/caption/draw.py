"""`mitseq caption draw`: scenes to caption, as files."""

from pathlib import Path

import click

from mitseq.cli.options import (
    json_option,
    option,
    out_option,
    positive,
    seed,
)
from mitseq.cli.program import command, print_json

TABLE = "captions.csv"


@command(
    "mitseq caption draw --out scenes",
    "mitseq caption draw --kind people --pairs unseen --count 6 --seed 7",
)
@option("--count", type=positive, default=12, help="Pictures.")
@option(
    "--kind",
    type=click.Choice(["digits", "people", "both"]),
    default="both",
    help="Two digits, people with balls, or in turns.",
)
@option(
    "--pairs",
    type=click.Choice(["seen", "unseen", "all"]),
    default="all",
    help="Who does what, and which digits: unseen are those that no training "
    "on scenes has seen together.",
)
@option(
    "--size",
    type=click.IntRange(min=32, max=2048),
    default=256,
    help="Pixels of a side.",
)
@option("--seed", type=seed, default=0, help="Another seed, other pictures.")
@out_option(
    "Folder for 01.png, 02.png, ... and captions.csv.", default="scenes"
)
@option("--overwrite", is_flag=True, help="Replace files that are there.")
@json_option
def draw(
    count: int,
    kind: str,
    pairs: str,
    size: int,
    seed: int,
    out: Path,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Draw scenes, a PNG file each, and their captions in captions.csv.

    They are what the model that comes with mitseq knows, and what `mitseq
    caption train --data` reads. The digits are of images that no training has
    seen.
    """
    from mitseq.output import check_new, output_folder
    from mitseq.tasks.caption.scenes import KINDS, scene_files

    kinds = KINDS if kind == "both" else (kind,)
    width = max(2, len(str(count)))
    files = [out / f"{i:0{width}}.png" for i in range(1, count + 1)]
    for file in (*files, out / TABLE):
        check_new(file, overwrite)
    output_folder(out)
    captions = scene_files(files, out / TABLE, pairs, kinds, seed, size)
    if as_json:
        print_json(
            {
                "table": out / TABLE,
                "pictures": [
                    {"file": file, "caption": caption}
                    for file, caption in zip(files, captions, strict=True)
                ],
            }
        )
        return
    for file, caption in zip(files, captions, strict=True):
        click.echo(f"{file}: {caption}")
    click.echo(out / TABLE)
