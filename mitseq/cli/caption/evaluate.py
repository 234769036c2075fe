"""`mitseq caption evaluate`: how many captions are exactly right?"""

import json
from pathlib import Path

import click

from mitseq.cli.options import (
    data_option,
    device_options,
    json_option,
    model_option,
    option,
    out_option,
    positive,
)
from mitseq.cli.program import ManyPaths, check_out, command, print_json
from mitseq.cli.work import at_work

FILES = ("grid.png", "evaluation.json")  # in --out


@command(
    "mitseq caption evaluate",
    "mitseq caption evaluate --model runs/pictures --out figures",
    "mitseq caption evaluate --data scenes --json",
    cls=ManyPaths,
)
@model_option("the model")
@data_option(
    "Folders of pictures with a captions.csv, or such tables. Without it, what "
    "the training held out (test.csv beside the model), or new scenes."
)
@option(
    "--count",
    type=positive,
    default=500,
    help="Of scenes: how many of each kind, with pairs that a training sees "
    "and with pairs that none does.",
)
@option(
    "--draw",
    type=click.IntRange(min=0),
    default=0,
    help="Of scenes: another number, other scenes.",
)
@out_option("Folder for grid.png and evaluation.json.")
@option("--overwrite", is_flag=True, help="Replace files that are there.")
@device_options
@json_option
def evaluate(
    model: Path | None,
    data: tuple[Path, ...],
    count: int,
    draw: int,
    out: Path | None,
    overwrite: bool,
    device: str,
    verbose: bool,
    as_json: bool,
) -> None:
    """Measure a model on pictures that it has not learned from.

    A caption counts if all its words are right, in their order. Beside it
    stands what captions by chance reach: drawn from all scenes, or from the
    captions of --data. The interval is Wilson's: where the share may lie, as
    far as so many pictures can tell.
    """
    check_out(out, FILES, overwrite)
    paths = data or _kept(model)
    with at_work(device, verbose):
        from mitseq.tasks.caption.evaluation import (
            evaluate_caption_model,
            evaluate_on_pictures,
            fresh_scenes,
        )
        from mitseq.tasks.caption.folders import read_captioned
        from mitseq.tasks.caption.model import load_caption_model, picture_shape

        loaded = load_caption_model(model)
        shape = picture_shape(loaded)
        if paths:
            parts = [read_captioned(path, *shape) for path in paths]
            scores = evaluate_on_pictures(loaded, parts, draw)
            shown = parts[0].pictures, parts[0].right_captions()
        else:
            scores = evaluate_caption_model(loaded, count, draw)
            shown = _some(fresh_scenes, draw, *shape)
        result = {
            name: {what: score.as_dict() for what, score in each.items()}
            for name, each in scores.items()
        }
        document = {"exact": result}
        if out is not None:
            document["files"] = _write(out, loaded, *shown, result)
    if as_json:
        print_json(document)
        return
    for what in scores["the model"]:
        click.echo(f"exact captions, {what}")
        for name, each in scores.items():
            click.echo(f"  {name:9}  {each[what]}")
    for path in document.get("files", ()):
        click.echo(path)


def _some(fresh_scenes, draw, size, channels):
    """Scenes for the figure, of both kinds, with pairs never seen together."""
    import numpy as np

    pictures, right = [], []
    for kind in ("people", "digits"):
        drawn, captions = fresh_scenes(kind, "unseen", 8, draw, size)
        pictures.append(np.repeat(drawn, channels, axis=-1))
        right += [(caption,) for caption in captions]
    return np.concatenate(pictures), right


def _kept(model: Path | None) -> tuple[Path, ...]:
    """Returns what a training on pictures held out, if there was one."""
    if model is None:
        return ()
    table = (model if model.is_dir() else model.parent) / "test.csv"
    return (table,) if table.exists() else ()


def _write(out: Path, loaded, pictures, right, result: dict) -> list[Path]:
    from mitseq.output import atomic_write
    from mitseq.plots.style import save_figure
    from mitseq.tasks.caption.figures import MOST, plot_grid
    from mitseq.tasks.caption.predict import caption_pictures

    captions = caption_pictures(loaded, pictures[:MOST])
    figure = plot_grid(pictures, captions, right=right[:MOST])
    text = json.dumps(result, indent=2) + "\n"
    return [
        save_figure(figure, out / FILES[0]),
        atomic_write(out / FILES[1], text),
    ]
