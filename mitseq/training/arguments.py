"""The numbers of a training, checked before anything is read or built."""

from mitseq.errors import MitseqError


def check_positive(**numbers: float | None) -> None:
    """Refuses a number that is not above 0; None is one that was not given.

    Raises:
        MitseqError: with the name of the first that is not.

    Example:

    >>> check_positive(epochs=3, minutes=None, batch_size=0)
    Traceback (most recent call last):
    ...
    mitseq.errors.MitseqError: `batch_size` must be positive. Received:
    batch_size=0.
    """
    for name, value in numbers.items():
        if value is not None and not value > 0:
            raise MitseqError(
                f"`{name}` must be positive. Received: {name}={value!r}."
            )
