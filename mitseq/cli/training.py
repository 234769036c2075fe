"""What the commands that train share: how long, from which seed, and --resume.

A training that was killed goes on in its folder. Options that the user does
not give stay as they were; `was_given` tells them from those that are given.
"""

import click
from click.core import ParameterSource

from mitseq.cli.options import PositiveNumber, seed


def minutes_option(command):
    """Adds `--minutes`."""
    return click.option(
        "--minutes",
        type=PositiveNumber(),
        help="Time budget, instead of --epochs.",
    )(command)


def seed_option(command):
    """Adds `--seed`."""
    return click.option(
        "--seed",
        type=seed,
        default=0,
        show_default=True,
        help="Of weights, order and dropout.",
    )(command)


def resume_option(command):
    """Adds `--resume`."""
    return click.option(
        "--resume",
        is_flag=True,
        help="Continue the training in --out after it was killed. Options that "
        "are not given stay as they were.",
    )(command)


def check_length(
    context: click.Context, epochs: int | None, minutes: float | None
) -> None:
    """Refuses two lengths for one training.

    Args:
        context: Of the command.
        epochs: What `--epochs` gave, or None.
        minutes: What `--minutes` gave, or None.

    Raises:
        click.UsageError: if both are given.
    """
    if epochs is not None and minutes is not None:
        raise click.UsageError(
            "--epochs and --minutes exclude each other", context
        )


def was_given(context: click.Context, name: str) -> bool:
    """Whether the user gave an option, be it with its default value.

    Args:
        context: Of the command.
        name: The parameter's name in Python, as in "batch_size".
    """
    return context.get_parameter_source(name) != ParameterSource.DEFAULT
