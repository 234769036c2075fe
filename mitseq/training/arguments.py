"""The numbers of a training, checked before anything is read or built."""

import math
import numbers

from mitseq.errors import MitseqError

# What is counted, and so is a whole number.
COUNTS = frozenset(
    "epochs patience batch_size batch steps sequence_length num_steps units "
    "layers embedding_dim buckets min_count ngrams characters seed".split()
)
MOST_SEED = 2**32 - 1


def check_positive(**given: float | None) -> None:
    """Refuses a number that is not above 0; None is one that was not given.

    What is counted has to be a whole number.

    Raises:
        MitseqError: with the name of the first that is not.

    Example:

    >>> check_positive(epochs=3, minutes=None, batch_size=0)
    Traceback (most recent call last):
    ...
    mitseq.errors.MitseqError: `batch_size` must be positive. Received:
    batch_size=0.
    """
    for name, value in given.items():
        if value is not None:
            _check(name, value, "positive", lambda number: number > 0)


def check_not_negative(**given: float | None) -> None:
    """Refuses a number below 0; else as `check_positive`."""
    for name, value in given.items():
        if value is not None:
            _check(name, value, "0 or more", lambda number: number >= 0)


def check_share(**given: float) -> None:
    """Refuses a share that is not in [0, 1)."""
    for name, value in given.items():
        _check(name, value, "in [0, 1)", lambda number: 0 <= number < 1)


def check_seed(seed: int | None) -> None:
    """Refuses a seed that NumPy or Keras would not take."""
    if seed is not None:
        _check(
            "seed",
            seed,
            f"from 0 to {MOST_SEED}",
            lambda number: 0 <= number <= MOST_SEED,
        )


def _check(name, value, what, is_right):
    kind = numbers.Integral if name in COUNTS else numbers.Real
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    whole = is_number and isinstance(value, numbers.Integral)
    if is_number and (whole or math.isfinite(value)) and is_right(value):
        if isinstance(value, kind):
            return
        what = "a whole number"
    raise MitseqError(f"`{name}` must be {what}. Received: {name}={value!r}.")
