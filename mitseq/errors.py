"""The errors that mitseq raises for a user's mistake.

Every such error is a `MitseqError`: one clear line that names the argument, or
the file and line, what was expected and what came. The command line prints it
and exits with code 2; in Python it is a `ValueError` like any other.
"""


class MitseqError(ValueError):
    """A mistake in what the user passed, told in one clear line.

    Example:

    >>> raise MitseqError("`count` must be at least 1. Received: count=0.")
    Traceback (most recent call last):
    ...
    mitseq.errors.MitseqError: `count` must be at least 1. Received: count=0.
    """
