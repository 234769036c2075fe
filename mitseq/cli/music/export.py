"""`mitseq music export`: a model for programs without mitseq."""

from pathlib import Path

import click

from mitseq.cli.options import (
    device_options,
    json_option,
    model_option,
    option,
    out_option,
)
from mitseq.cli.program import command, print_files
from mitseq.cli.work import at_work


@command(
    "mitseq music export --format onnx --out onnx",
    "mitseq music export --model runs/music --out served",
)
@model_option("the model")
@option(
    "--format",
    "form",
    type=click.Choice(["savedmodel", "onnx"]),
    default="savedmodel",
    help="savedmodel runs wherever TensorFlow does, onnx wherever onnxruntime "
    "does (needs mitseq[onnx]).",
)
@out_option("Folder to write; there must be nothing in it.", required=True)
@device_options
@json_option
def export(
    model: Path | None,
    form: str,
    out: Path,
    device: str,
    verbose: bool,
    as_json: bool,
) -> None:
    """Write a model as a SavedModel, or for ONNX.

    It takes the ids of the tokens so far and gives the logits of the next one,
    at every step; vocabulary.json beside it has the token of each id. With
    numpy and onnxruntime alone, python DIR/write.py writes a tune.
    """
    from mitseq.output import check_folder

    check_folder(out)
    with at_work(device, verbose):
        from mitseq.tasks.music.export import export_model
        from mitseq.tasks.music.model import load_music_model

        folder = export_model(load_music_model(model), out, form)
    print_files(folder, as_json, format=form)
