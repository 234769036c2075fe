"""`mitseq words embedding`: the trained vectors of the words."""

from pathlib import Path

import click

from mitseq.cli.options import (
    device_options,
    json_option,
    model_option,
    option,
    out_option,
)
from mitseq.cli.program import command, print_json
from mitseq.cli.work import at_work

PICTURE = "embedding.png"


@command(
    "mitseq words embedding --out projector",
    "mitseq words embedding --model runs/words --out projector --overwrite",
)
@model_option("the model")
@out_option(
    "Folder for vectors.tsv, metadata.tsv, projector_config.pbtxt and "
    "embedding.png.",
    required=True,
)
@option("--overwrite", is_flag=True, help="Replace files that are there.")
@device_options
@json_option
def embedding(
    model: Path | None,
    out: Path,
    overwrite: bool,
    device: str,
    verbose: bool,
    as_json: bool,
) -> None:
    """Write the vectors of all words for TensorBoard, and a picture.

    `tensorboard --logdir DIR` shows them in its tab Projector. The picture has
    the words in the two directions in which they differ most; without
    matplotlib it is left out by an error that says so.
    """
    from mitseq.errors import MitseqError
    from mitseq.output import check_folder
    from mitseq.plots.style import new_figure, save_figure

    check_folder(out)
    new_figure()  # says at once if matplotlib is missing
    if (out / PICTURE).exists() and not overwrite:
        raise MitseqError(f"{out / PICTURE} exists; --overwrite replaces it")
    with at_work(device, verbose):
        from mitseq.tasks.words.embedding import vectors_of, write_projector
        from mitseq.tasks.words.figures import plot_embedding
        from mitseq.tasks.words.lexicon import group_of
        from mitseq.tasks.words.model import load_words_model

        loaded = load_words_model(model)
        files = write_projector(loaded, out, overwrite=overwrite)
        words, vectors = vectors_of(loaded)
        groups = [group_of(word) for word in words]
        if set(groups) == {"other"}:  # a text with none of the grammar's words
            groups = ["word"] * len(words)
        figure = plot_embedding(words, vectors, groups)
        files.append(save_figure(figure, out / PICTURE))
    if as_json:
        print_json({"files": files, "words": len(words)})
        return
    for path in files:
        click.echo(path)
