"""`mitseq caption predict`: a caption for each picture."""

from pathlib import Path

import click

from mitseq.cli.options import (
    device_options,
    json_option,
    model_option,
    option,
    paths,
)
from mitseq.cli.program import command, one_line, print_json, remark
from mitseq.cli.work import at_work


@command(
    "mitseq caption predict picture.png",
    "mitseq caption predict scenes --grid grid.png",
    "mitseq caption predict a.png b.jpg --json",
)
@click.argument("pictures", type=paths, nargs=-1, metavar="PICTURE ...")
@model_option("the model")
@option(
    "--grid",
    type=paths,
    metavar="FILE",
    help="Draw the pictures with their captions, 24 at most.",
)
@option(
    "--looks",
    type=paths,
    metavar="FILE",
    help="Draw where the model looks in the first picture, word by word.",
)
@option("--overwrite", is_flag=True, help="Replace files that are there.")
@device_options
@json_option
def predict(
    pictures: tuple[Path, ...],
    model: Path | None,
    grid: Path | None,
    looks: Path | None,
    overwrite: bool,
    device: str,
    verbose: bool,
    as_json: bool,
) -> None:
    """Print the caption of each picture, with its probability.

    PICTURE is a file of any size that Pillow reads, or a folder of them. The
    probability is that of all words together, as the model sees it. It only
    compares captions within the world that the model knows: a picture from
    outside gets a caption like any other. One that cannot be read is told,
    and the others get theirs.
    """
    from mitseq.errors import MitseqError
    from mitseq.tasks.caption.pictures import find_pictures

    if not pictures:
        raise click.UsageError("no picture: expected PICTURE ...")
    for out in (grid, looks):
        if out is not None:
            _check_figure(out, overwrite)
    files = find_pictures(pictures)
    with at_work(device, verbose):
        from mitseq.tasks.caption.model import load_caption_model
        from mitseq.tasks.caption.predict import DOUBT, caption_files

        found, errors = caption_files(load_caption_model(model), files)
        if not found:
            raise errors[0]
        drawn = _draw(found, grid, looks)
    if as_json:
        print_json(
            {
                "pictures": [
                    {
                        "file": each.file,
                        "caption": each.caption.text,
                        "probability": each.caption.probability,
                        "words": each.caption.words,
                        "probabilities": each.caption.probabilities,
                    }
                    for each in found
                ],
                "errors": list(map(str, errors)),
                "figures": drawn,
            }
        )
    else:
        for each in found:
            name = f"{one_line(str(each.file))}: " if len(files) > 1 else ""
            told = f"{100 * each.caption.probability:.1f} %"
            click.echo(f"{name}{one_line(each.caption.text)} ({told})")
        for path in drawn:
            click.echo(path)
    doubted = [each for each in found if each.caption.probability < DOUBT]
    if doubted:
        names = ", ".join(str(each.file) for each in doubted[:5])
        names += f" and {len(doubted) - 5} more" if len(doubted) > 5 else ""
        remark(
            one_line(
                f"doubtful, below {DOUBT:.0%}: {names}; maybe it is nothing "
                "that the model knows"
            )
        )
    for error in errors:
        remark(one_line(str(error)))
    if errors:
        raise MitseqError(
            f"{len(errors)} of {len(files)} pictures could not be read"
        )


def _draw(found, grid: Path | None, looks: Path | None) -> list[Path]:
    from mitseq.errors import MitseqError
    from mitseq.plots.style import save_figure
    from mitseq.tasks.caption.figures import plot_grid, plot_looks

    drawn = []
    if grid is not None:
        figure = plot_grid(
            [each.picture for each in found], [each.caption for each in found]
        )
        drawn.append(save_figure(figure, grid))
    if looks is not None:
        first = found[0]
        if first.caption.looks is None:
            raise MitseqError(
                "--looks needs a model that looks: one of `mitseq caption "
                "train --decoder attention`"
            )
        title = f"{first.caption.text} Where does it look?"
        figure = plot_looks(first.picture, first.caption, title=title)
        drawn.append(save_figure(figure, looks))
    return drawn


def _check_figure(path: Path, overwrite: bool) -> None:
    from mitseq.output import check_new
    from mitseq.plots.style import check_format

    check_new(path, overwrite)
    check_format(path)
