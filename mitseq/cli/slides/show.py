"""`mitseq slides show`: the code of a slide, its example, its figure."""

import dataclasses
from pathlib import Path

import click

from mitseq.cli.options import json_option, option, out_option
from mitseq.cli.program import command, print_json, remark
from mitseq.cli.work import at_work, progress


@command(
    'mitseq slides show "Vanishing gradients"',
    "mitseq slides show lstm --out figures/lstm.svg",
)
@click.argument("title", nargs=-1, required=True, metavar="TITLE|NUMBER")
@out_option(
    "The figure (.png, .svg, .pdf), or the folder for it. Without it: the "
    "current folder.",
    metavar="FILE|DIR",
)
@option("--overwrite", is_flag=True, help="Replace a figure that is there.")
@json_option
def show(
    title: tuple[str, ...], out: Path | None, overwrite: bool, as_json: bool
) -> None:
    """Print a slide's code, run its example, write its figure.

    A part of the title is enough, or the number that `mitseq slides` gives.
    """
    from mitseq.slides.find import find_slide
    from mitseq.slides.show import code_of, figure_path, run_example

    slide = find_slide(" ".join(title))
    path = figure_path(slide, out, overwrite) if slide.example else None
    code = ""
    if slide.code or slide.example:
        with at_work():
            code = code_of(slide)
    if not as_json:
        click.echo(_heading(slide))
        if code:
            click.echo(f"\n{code}\n")
    shown = None
    if path is not None:
        with progress():
            shown = run_example(slide, path)
    if as_json:
        print_json(
            dataclasses.asdict(slide)
            | {
                "source": code,
                "printed": shown.printed if shown else "",
                "figure_file": shown.figure if shown else None,
            }
        )
        return
    if shown:
        click.echo(shown.printed.rstrip())
        click.echo(f"figure: {shown.figure}")
    else:
        remark("there is no example of it yet")


def _heading(slide) -> str:
    from mitseq.slides.references import file_of, name_of, path_here

    lines = [slide.title, f"  {slide.idea}"]
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
    return "\n".join(lines + elsewhere)


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
