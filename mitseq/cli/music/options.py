"""What only the commands on tunes take."""

import click

from mitseq.cli.options import Checked, option, paths
from mitseq.tasks.music.choice import CHOOSE_FROM, MOST_CHOICES
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
choose_option = option(
    "--choose-from",
    type=click.IntRange(1, MOST_CHOICES),
    default=CHOOSE_FROM,
    help="Write so many tunes for each; the discriminator draws one that it "
    "takes for a person's. 1 takes what comes, and so does a model without "
    "one (see `mitseq music discriminate`).",
)
