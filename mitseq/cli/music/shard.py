"""`mitseq music shard`: a collection larger than memory, to train on."""

from pathlib import Path

import click

from mitseq.cli.options import (
    data_option,
    json_option,
    option,
    out_option,
    positive,
    seed,
)
from mitseq.cli.program import ManyPaths, command, print_json, remark
from mitseq.cli.work import load_tensorflow, progress


@command(
    "mitseq music shard --data archive/ --out shards",
    "mitseq music train --data shards --out runs/large",
    cls=ManyPaths,
)
@data_option("ABC files and folders.")
@out_option("Folder for the shards.", required=True)
@option(
    "--level",
    type=click.Choice(["character", "token"]),
    default="token",
    help="What the model reads and writes one at a time.",
)
@option(
    "--sequence-length",
    type=positive,
    help="Tokens or characters in each row. [default: 256 or 512]",
)
@option("--seed", type=seed, default=0, help="Of the split and of the order.")
@option("--overwrite", is_flag=True, help="Replace shards that are there.")
@json_option
def shard(
    data: tuple[Path, ...],
    out: Path,
    level: str,
    sequence_length: int | None,
    seed: int,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Write tunes as shards, which `train` reads as a stream.

    Neither needs memory for all tunes. Equal tunes are dropped. At most 1000
    tunes are held out to stop by and 1000 to judge by, and what is a
    near-duplicate of one of them is not learned from.
    """
    if not data:
        raise click.UsageError("Missing option '--data'")
    with progress():
        load_tensorflow()
        from mitseq.tasks.music.shards import write_music_shards
        from mitseq.tasks.music.train import SEQUENCE_LENGTH

        report = write_music_shards(
            data,
            out,
            level=level,
            sequence_length=sequence_length or SEQUENCE_LENGTH[level],
            seed=seed,
            overwrite=overwrite,
        )
    if as_json:
        print_json(report | {"out": out})
        return
    click.echo(
        f"{out}: {report['rows']} rows of tunes in {report['shards']} files"
    )
    remark(f"read {report['read']} tunes, kept {report['kept']}")
    for reason, count in report["dropped"].items():
        remark(f"  {count} x {reason}")
