"""The end of a series, which nothing is learned from: to measure on."""

from mitseq.errors import MitseqError

HELD_OUT = 5  # the last fifth


def held_out_from(length: int) -> int:
    """Returns the first value of a series that is never learned from.

    Example:

    >>> held_out_from(100)
    80
    """
    return length - length // HELD_OUT


def check_length(length: int, horizon: int, source: str = "`values`") -> None:
    """Refuses a series that is too short for a horizon.

    Raises:
        MitseqError: if the part to learn from or the held-out end is too short.
    """
    needed = HELD_OUT * (horizon + 2)
    if length < needed:
        raise MitseqError(
            f"{source}: {length} values are too few to look {horizon} ahead; "
            f"expected at least {needed}, so that the last fifth, which is "
            "held out, can tell how good that is"
        )
