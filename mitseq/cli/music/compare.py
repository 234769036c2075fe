"""`mitseq music compare`: how two collections of tunes differ."""

from pathlib import Path

import click

from mitseq.cli.music.options import overwrite_option
from mitseq.cli.options import (
    json_option,
    option,
    out_option,
    paths,
    seed,
)
from mitseq.cli.program import command, print_json, remark
from mitseq.cli.work import progress


@command(
    "mitseq music compare tunes/ my-tunes.abc --out page.html",
    "mitseq music compare tunes/ test.abc --floor oneill/ ryan/ --json",
)
@click.argument("a", type=paths, metavar="A")
@click.argument("b", type=paths, metavar="B")
@option(
    "--floor",
    type=paths,
    nargs=2,
    metavar="C D",
    help="Two collections of people, which the classifier tells apart from as "
    "many tunes: what A and B can hardly get below.",
)
@option(
    "--most",
    type=click.IntRange(min=20),
    help="Take at most so many tunes of each collection, drawn at random.",
)
@option("--seed", type=seed, default=0, help="Of what is drawn and shuffled.")
@out_option("Write a page with the pictures.", metavar="FILE")
@overwrite_option
@json_option
def compare(
    a: Path,
    b: Path,
    floor: tuple[Path, Path] | None,
    most: int | None,
    seed: int,
    out: Path | None,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Compare two collections of tunes, files or folders of ABC.

    Prints the AUC of a classifier that tells them apart (0.5: it cannot), and
    each measure and distribution in which they differ. Tunes whose bars do not
    add up are counted and left out.
    """
    from mitseq.output import atomic_write, check_folder, check_new

    if out is not None:
        from mitseq.plots.style import new_figure

        check_folder(out.parent)
        check_new(out, overwrite)
        new_figure()  # says that matplotlib is missing, if it is
    with progress():
        from mitseq.tasks.music.compare import compare_collections

        found = compare_collections(a, b, floor=floor, most=most, seed=seed)
        if out is not None:
            from mitseq.tasks.music.compare_page import compare_page

            atomic_write(out, compare_page(found))
    if as_json:
        print_json(found.to_dict() | {"out": out, "seed": seed})
        return
    for letter, side in (("A", found.a), ("B", found.b)):
        click.echo(
            f"{letter}  {side.name}: {len(side.tunes)} tunes measured, "
            f"{side.read} read"
        )
    click.echo(f"{found.shared} tunes of A are in B, too")
    _print_classifier("classifier", found.separation)
    if found.floor is not None:
        _print_classifier("floor", found.floor)
    _print_measures(found)
    _print_distances(found)
    if out is not None:
        click.echo(out)
    else:
        remark("--out FILE.html writes a page with the pictures")


def _print_classifier(what, told) -> None:
    click.echo(
        f"{what}: AUC {told.auc:.3f} ({told.low:.3f} to {told.high:.3f}), "
        f"{told.tunes} tunes each, {told.a} against {told.b}"
    )


def _print_measures(found) -> None:
    width = max(len(one.measure) for one in found.differences)
    click.echo(f"\n{'':{width}}         A        B   A - B, 95 %           q")
    for one in found.differences:
        star = "*" if one.q < 0.05 else ""
        click.echo(
            f"{one.measure:{width}} {one.a:9.3f}{one.b:9.3f}   "
            f"{one.low:+.3f} to {one.high:+.3f}   {one.q:.3f}{star}"
        )


def _print_distances(found) -> None:
    width = max(len(one.what) for one in found.distances)
    click.echo(f"\n{'':{width}}  distance  by chance  p")
    for one in found.distances:
        star = "*" if one.p < 0.05 else ""
        click.echo(
            f"{one.what:{width}}     {one.distance:.3f}      {one.chance:.3f}  "
            f"{one.p:.3f}{star}"
        )
