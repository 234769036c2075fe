"""Options that only the commands on tunes have."""

import click

from mitseq.errors import MitseqError
from mitseq.tunes.render import parse_formats
from mitseq.tunes.tune import FORMATS


class Formats(click.ParamType):
    """Comma-separated names of file formats."""

    name = "formats"

    def convert(self, value, param, context) -> tuple[str, ...]:
        """The names, each once."""
        try:
            return parse_formats(value)
        except MitseqError as error:
            self.fail(str(error).rstrip("."), param, context)


def formats_option(command):
    """Adds `--formats`."""
    return click.option(
        "--formats",
        type=Formats(),
        metavar="LIST",
        default=",".join(FORMATS),
        show_default=True,
        help="What to write, separated by commas.",
    )(command)
