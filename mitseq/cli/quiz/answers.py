"""Answers, a line each, from a person or a file; and where one leads."""

import secrets
import sys

import click

from mitseq.cli.options import option, positive
from mitseq.cli.options import seed as seed_type
from mitseq.cli.program import one_line
from mitseq.quiz.links import links_of

LEAVE = ("q", "quit", "exit")


def round_options(command):
    """Adds `--chapter`, `--seed` and `--count`."""
    for each in (
        option("--count", type=positive, help="How many; without it, all."),
        option(
            "--seed",
            type=seed_type,
            help="Decides the order; without it, another each time.",
        ),
        option(
            "--chapter",
            metavar="NAME|NUMBER",
            help="recurrence, criteria, gradients, applications, attention or "
            "lesson, or 1 to 6. Without it, all.",
        ),
    ):
        command = each(command)
    return command


def seed_of(seed: int | None) -> int:
    """Returns the seed that was given, or a new one."""
    return secrets.randbelow(10_000) if seed is None else seed


def next_line(prompt: str, to_stderr: bool) -> str | None:
    """Asks for a line; returns None at the end of the input or for `q`."""
    click.echo(prompt, nl=False, err=to_stderr)
    line = sys.stdin.buffer.readline().decode("utf-8", "replace")
    given = one_line(line)
    if not sys.stdin.isatty():  # nobody has typed it onto the screen
        click.echo(given, err=to_stderr)
    elif not line:
        click.echo(err=to_stderr)
    return None if not line or given.lower() in LEAVE else given


def say_links(item, to_stderr: bool = False) -> None:
    """Prints where an answer leads, a line each."""
    links = links_of(item)
    number = links["slide"].partition(",")[0]
    links["slide"] += f" (mitseq slides show {number})"
    if "measured" in links:
        links["measured"] += f" ({links.pop('where')})"
    for kind, text in links.items():
        click.echo(f"   {kind}: {text}", err=to_stderr)
