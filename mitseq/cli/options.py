"""Types of options that several commands share, checked before any work."""

import math
from pathlib import Path

import click

from mitseq.errors import MitseqError

positive = click.IntRange(min=1)
seed = click.IntRange(min=0, max=2**32 - 1)
paths = click.Path(path_type=Path)


class PositiveNumber(click.ParamType):
    """A finite number above zero, and not above `most`."""

    name = "number"

    def __init__(self, most: float = math.inf):
        self.most = most

    def convert(self, value, param, context) -> float:
        """The number, or a usage error."""
        try:
            number = float(value)
        except ValueError:
            self.fail(f"{value!r} is not a number", param, context)
        if not (math.isfinite(number) and 0 < number <= self.most):
            most = "" if self.most == math.inf else f", at most {self.most:g}"
            self.fail(f"{value} is not above 0{most}", param, context)
        return number


class Checked(click.ParamType):
    """Text that a function of mitseq has to accept.

    Args:
        name: Shown in the help.
        check: Raises `MitseqError` for text that is not acceptable. What it
            returns is not used.
    """

    def __init__(self, name: str, check):
        self.name = name
        self.check = check

    def convert(self, value, param, context) -> str:
        """The text as it came."""
        try:
            self.check(value)
        except MitseqError as error:
            self.fail(str(error).rstrip("."), param, context)
        return value


def _check_device(text: str) -> None:
    from mitseq.devices import parse_device

    parse_device(text)


def device_option(command):
    """Adds `--device`."""
    return click.option(
        "--device",
        type=Checked("device", _check_device),
        default="auto",
        show_default=True,
        help="auto (the first GPU, else the CPU), cpu, gpu, or with a number, "
        "gpu:1.",
    )(command)


def json_option(command):
    """Adds `--json`."""
    return click.option(
        "--json",
        "as_json",
        is_flag=True,
        help="Print the result as one JSON document.",
    )(command)


def model_option(**attributes):
    """Adds `--model`."""
    return click.option(
        "--model",
        type=paths,
        metavar="DIR|FILE",
        help="A model.keras, or the folder that holds one. "
        + attributes.pop("more", ""),
        **attributes,
    )


def data_option(help: str):
    """Adds `--data`, one path or several."""
    return click.option(
        "--data",
        type=paths,
        multiple=True,
        metavar="PATH ...",
        help=help,
    )
