"""Options that verbs of `mitseq ball` share."""

from typing import TYPE_CHECKING

from mitseq.cli.options import PositiveNumber, option

if TYPE_CHECKING:
    from mitseq.tasks.ball.paths import Box

SPEED = (0.02, 0.12)  # of tasks/ball/train.py, which loads TensorFlow

box_option = option(
    "--box",
    type=float,
    nargs=4,
    metavar="LEFT BOTTOM RIGHT TOP",
    help="Where the walls are, in the unit of the file. [default: 0 0 1 1]",
)
speed_option = option(
    "--speed",
    type=PositiveNumber(most=1.0),
    nargs=2,
    default=SPEED,
    metavar="LOW HIGH",
    help="Lowest and highest of simulated balls, in box widths a step.",
)


def box_of(box: "tuple[float, ...] | None") -> "Box":
    """Returns the box that was given, or the one from 0 to 1."""
    from mitseq.tasks.ball.paths import Box

    return Box(*box) if box else Box()
