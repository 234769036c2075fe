"""`mitseq slides show`: equation, lines, example and figure of a slide."""

import dataclasses
import textwrap
from pathlib import Path

import click

from mitseq.cli.options import json_option, option, out_option
from mitseq.cli.program import command, print_json, remark
from mitseq.cli.work import at_work, progress


@command(
    'mitseq slides show "Vanishing gradients"',
    "mitseq slides show lstm --out figures/lstm.svg",
    "mitseq slides show GRU --source --no-run",
)
@click.argument("title", nargs=-1, required=True, metavar="TITLE|NUMBER|WORDS")
@out_option(
    "The figure (.png, .svg, .pdf), or the folder for it. Without it: the "
    "current folder.",
    metavar="FILE|DIR",
)
@option("--overwrite", is_flag=True, help="Replace a figure that is there.")
@option(
    "--source",
    is_flag=True,
    help="The whole class or function and the example, not its idea alone.",
)
@option("--no-run", is_flag=True, help="Neither run the example nor draw it.")
@json_option
def show(
    title: tuple[str, ...],
    out: Path | None,
    overwrite: bool,
    source: bool,
    no_run: bool,
    as_json: bool,
) -> None:
    """Print a slide's equation and code, run its example, write its figure.

    A part of the title is enough, the number that `mitseq slides` gives, the
    name of a class, or words that the slide is about.
    """
    from mitseq.slides.board import board_of, equation_in_rows, lines_of
    from mitseq.slides.find import find_slide
    from mitseq.slides.remarks import remarks_on
    from mitseq.slides.seen import seen_in
    from mitseq.slides.show import code_of, figure_path, run_example

    if no_run and out is not None:
        raise click.UsageError("--no-run draws no figure: no --out with it")
    slide = find_slide(" ".join(title))
    runs = slide.example and not no_run
    path = figure_path(slide, out, overwrite) if runs else None
    board, in_rows = board_of(slide), equation_in_rows(slide)
    lines, see = lines_of(slide), seen_in(slide.example)
    code = ""
    if source or as_json:
        with at_work():
            code = code_of(slide)
    if not as_json:
        click.echo(f"{slide.title}\n  {slide.idea}")
        if board.equation:
            click.echo("\n" + textwrap.indent(board.equation, "    "))
        if in_rows and in_rows != board.equation:
            click.echo("\n  in the code a row is an example of the batch:\n")
            click.echo(textwrap.indent(in_rows, "    "))
        for said in remarks_on(slide.title):
            click.echo("\n" + textwrap.fill(f"remark: {said}", 80))
        for excerpt in () if source else lines:
            click.echo(f"\n# {excerpt.file}: {excerpt.name}\n{excerpt.text}")
        if source:
            click.echo(f"\n{code}")
        click.echo(f"\n{_references(slide)}\n")
    shown = None
    if path is not None:
        with progress():
            shown = run_example(slide, path)
    if as_json:
        print_json(
            dataclasses.asdict(slide)
            | {
                "equation": board.equation,
                "equation_in_rows": in_rows,
                "lines": [dataclasses.asdict(excerpt) for excerpt in lines],
                "source": code,
                "see": see,
                "remarks": remarks_on(slide.title),
                "exercises": _exercises(slide),
                "printed": shown.printed if shown else "",
                "figure_file": shown.figure if shown else None,
            }
        )
        return
    if shown:
        click.echo(shown.printed.rstrip())
        click.echo(f"to see: {see}")
        click.echo(f"figure: {shown.figure}")
    elif not no_run:
        remark("there is no example of it yet")


def _references(slide) -> str:
    from mitseq.slides.references import file_of, name_of, path_here

    lines = []
    if slide.missing:
        lines.append(f"  not built yet: {', '.join(slide.missing)}")
    files = [
        (label, file_of(reference), name_of(reference))
        for label, references in (
            ("code", slide.code),
            ("figure", filter(None, [slide.figure])),
        )
        for reference in references
    ]
    for lab in slide.labs:
        name, _, cell = lab.partition(":")
        files.append(("lab", f"labs/{name}.py", cell))
    for test in slide.tests:
        name, _, function = test.partition(":")
        files.append(("test", f"tests/{name}", function))
    elsewhere = []
    for label, file, name in files:
        shown = f": {name}" * bool(name)
        if (path := path_here(file)) is not None:
            lines.append(f"  {label:8}{path}{shown}")
        else:
            elsewhere.append(f"    {label:8}{file}{shown}")
    if elsewhere:
        lines.append(f"  not installed with mitseq, but in {_sources()}:")
    lines += elsewhere
    if names := _exercises(slide):
        lines.append(
            f"\n  to do   mitseq exercises start DIR {' '.join(names)}"
        )
    return "\n".join(lines)


def _exercises(slide) -> list[str]:
    """Returns the names of a slide's exercises."""
    from mitseq.exercises.catalog import all_exercises

    return [each.name for each in all_exercises() if each.slide == slide.title]


def _sources() -> str:
    """Says where the files are that a wheel has not."""
    from importlib import metadata

    try:
        urls = metadata.metadata("mitseq").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        urls = []
    for name, _, url in (entry.partition(", ") for entry in urls):
        if name.lower() in ("source", "repository", "homepage"):
            return f"its sources, {url}"
    return "its sources"
