"""`mitseq sentiment shard`: texts of any number, to train on."""

from pathlib import Path

import click

from mitseq.cli.options import json_option, option, out_option, seed
from mitseq.cli.program import command, one_line, print_json, remark
from mitseq.cli.sentiment.data import data_options
from mitseq.cli.work import load_tensorflow, progress


@command(
    "mitseq sentiment shard --data reviews.jsonl --out shards",
    "mitseq sentiment train --data shards --out runs/large",
)
@option(
    "--data",
    required=True,
    metavar="PATH",
    help="Labeled texts, as for `mitseq sentiment train`.",
)
@data_options
@out_option("Folder for the shards.", required=True)
@option(
    "--seed",
    type=seed,
    default=0,
    help="Of what is held out, and of the order.",
)
@option("--overwrite", is_flag=True, help="Replace shards that are there.")
@json_option
def shard(
    data: str, out: Path, seed: int, overwrite: bool, as_json: bool, **columns
) -> None:
    """Write labeled texts as shards, which `train` reads as a stream.

    Neither needs memory for all texts. A tenth is held out, at most 5000
    texts. The part of a model that reads in order learns from all others, the
    linear parts from a sample of 20000.
    """
    with progress():
        load_tensorflow()
        from mitseq.tasks.sentiment.shards import write_sentiment_shards

        report = write_sentiment_shards(
            data, out, seed=seed, overwrite=overwrite, **columns
        )
    for note in report["notes"]:
        remark("  " + one_line(note))
    if as_json:
        print_json(report | {"out": out})
        return
    click.echo(
        f"{out}: {report['train']} texts in {report['shards']} files, "
        f"{report['held_out']} held out"
    )
