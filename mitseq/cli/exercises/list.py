"""`mitseq exercises list`: every exercise, its slide and its points."""

import click

from mitseq.cli.options import json_option
from mitseq.cli.program import command, print_json, remark


@command("mitseq exercises", "mitseq exercises list --json", name="list")
@json_option
def list_exercises(as_json: bool) -> None:
    """List the exercises in the order of the lecture."""
    from mitseq.exercises.catalog import all_exercises, number

    exercises = all_exercises()
    if as_json:
        print_json(
            [
                {
                    "number": number(each.name),
                    "name": each.name,
                    "title": each.title,
                    "slide": each.slide,
                    "function": each.function,
                    "points": each.points,
                    "mistakes": len(each.mistakes),
                }
                for each in exercises
            ]
        )
        return
    click.echo("    name             points  slide")
    for each in exercises:
        click.echo(
            f"{number(each.name):2}  {each.name:16} {each.points:6}  "
            f"{each.slide}"
        )
    remark("mitseq exercises start DIR writes them, or those named")
