"""`mitseq sentiment export`: a classifier for programs without mitseq."""

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
    "mitseq sentiment export --model runs/sentiment --out served",
    "mitseq sentiment export --format onnx --out onnx",
    "mitseq sentiment export --model runs/plain --format litert --out lite",
)
@model_option("the classifier")
@option(
    "--format",
    "form",
    type=click.Choice(["savedmodel", "onnx", "litert"]),
    default="savedmodel",
    help="savedmodel takes strings, wherever TensorFlow runs. onnx takes the "
    "indices of words and code points; classify.py, which is written beside "
    "it, makes them of texts (needs mitseq[onnx]). litert takes the indices of "
    "words, on phones; only a model trained with --plain has that form.",
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
    """Write a classifier as a SavedModel, or for ONNX or LiteRT.

    In Python, without mitseq:

    served = tf.saved_model.load(DIR)

    served.serve(tf.constant(["a text"]))

    or, with numpy and onnxruntime alone: python DIR/classify.py "a text"
    """
    from mitseq.output import check_folder

    check_folder(out)
    with at_work(device, verbose):
        from mitseq.tasks.sentiment.export import export_model
        from mitseq.tasks.sentiment.model import load_sentiment_model

        folder = export_model(load_sentiment_model(model), out, form)
    print_files(folder, as_json, format=form)
