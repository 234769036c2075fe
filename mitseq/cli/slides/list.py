"""`mitseq slides list`: every slide, and what is behind it."""

import dataclasses

import click

from mitseq.cli.options import json_option
from mitseq.cli.program import command, print_json, remark


@command("mitseq slides", "mitseq slides --json", name="list")
@json_option
def list_slides(as_json: bool) -> None:
    """List the slides and the sections of the notes, in order."""
    from mitseq.slides.find import numbered

    if as_json:
        print_json(
            [
                {"number": number, "chapter": chapter.title}
                | dataclasses.asdict(slide)
                for number, chapter, slide in numbered()
            ]
        )
        return
    last = None
    for number, chapter, slide in numbered():
        if chapter is not last:
            click.echo(("\n" if last else "") + chapter.title)
            last = chapter
        state = "" if slide.example else "  (no example yet)"
        if slide.missing:
            state = f"  (not built yet: {', '.join(slide.missing)})"
        click.echo(f"  {number:2}  {slide.title}{state}")
    remark('mitseq slides show "TITLE" runs one')
