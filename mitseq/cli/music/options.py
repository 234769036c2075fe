"""What only the commands on tunes take."""

import click

from mitseq.cli.options import Checked, option, paths
from mitseq.tunes.render import parse_formats
from mitseq.tunes.tune import FORMATS

files_argument = click.argument(
    "files", type=paths, nargs=-1, required=True, metavar="FILE ..."
)
formats_option = option(
    "--formats",
    type=Checked("formats", parse_formats),
    metavar="LIST",
    default=",".join(FORMATS),
    help="What to write, separated by commas.",
)
overwrite_option = option(
    "--overwrite", is_flag=True, help="Replace files that are there."
)
