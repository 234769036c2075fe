"""Options that several commands share, and types checked before any work."""

import functools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from mitseq.errors import MitseqError

option = functools.partial(click.option, show_default=True)
positive = click.IntRange(min=1)
seed = click.IntRange(min=0, max=2**32 - 1)
paths = click.Path(path_type=Path)


class PositiveNumber(click.ParamType):
    """A finite number above zero, and not above `most`."""

    name = "number"

    def __init__(self, most: float = math.inf):
        self.most = most

    def convert(self, value, param, context) -> float:
        try:
            number = float(value)
        except ValueError:
            self.fail(f"{value!r} is not a number", param, context)
        if not (math.isfinite(number) and 0 < number <= self.most):
            most = "" if self.most == math.inf else f", at most {self.most:g}"
            self.fail(f"{value} is not above 0{most}", param, context)
        return number


class Checked(click.ParamType):
    """Text that a function of mitseq reads, or says what is wrong with it.

    Args:
        name: Shown in the help.
        read: Gives the value of a text; raises `MitseqError` for one that is
            not acceptable.
    """

    def __init__(self, name: str, read: Callable[[str], Any]):
        self.name = name
        self.read = read

    def convert(self, value, param, context) -> Any:
        try:
            return self.read(value) if isinstance(value, str) else value
        except MitseqError as error:
            self.fail(str(error).rstrip("."), param, context)


def _device(text: str) -> str:
    from mitseq.devices import parse_device

    parse_device(text)
    return text


device_option = option(
    "--device",
    type=Checked("device", _device),
    default="auto",
    help="auto (the first GPU, else the CPU), cpu, gpu, or with a number, "
    "gpu:1.",
)


def device_options(command):
    """Adds `--device` and `--verbose`."""
    return device_option(
        option(
            "--verbose",
            is_flag=True,
            help="Say at the end which operations ran on which device.",
        )(command)
    )


json_option = option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print the result as one JSON document.",
)


def model_option(bundled: str):
    """Returns `--model`; `bundled` is what is used without it."""
    return option(
        "--model",
        type=paths,
        metavar="DIR|FILE",
        help="A model.keras, or the folder that holds one. Without it, "
        f"{bundled} that comes with mitseq.",
    )


def data_option(help: str):
    """Returns `--data`, one path or several."""
    return option(
        "--data", type=paths, multiple=True, metavar="PATH ...", help=help
    )


def out_option(help: str, metavar: str = "DIR", **attributes):
    """Returns `--out`, where files are written."""
    return option("--out", type=paths, metavar=metavar, help=help, **attributes)
