"""The errors that mitseq raises for a user's mistake.

Every such error is a `MitseqError`: one clear line that names the argument, or
the file and line, what was expected and what came. The command line prints it
and exits with code 2; in Python it is a `ValueError` like any other.
"""

LONGEST = 1600  # characters of a message: a screen


class MitseqError(ValueError):
    """A mistake in what the user passed, told in one clear line.

    Example:

    >>> raise MitseqError("`count` must be at least 1. Received: count=0.")
    Traceback (most recent call last):
    ...
    mitseq.errors.MitseqError: `count` must be at least 1. Received: count=0.
    """

    def __str__(self) -> str:
        text = super().__str__()
        if len(text) <= LONGEST:
            return text
        # what it quotes came from a file or a caller, and may have any length
        half = LONGEST // 2
        return f"{text[:half]} ... {text[-half:]}"
