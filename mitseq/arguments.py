"""The arguments of public functions, checked before anything is read or built.

Whoever takes an argument from a user names it here, and what is wrong with it
is told in one line: what it must be, and what came.
"""

import math
import numbers
import os
from collections.abc import Collection, Iterable

from mitseq.errors import MitseqError

# What is counted, and so is a whole number.
COUNTS = frozenset(
    "epochs patience batch_size batch steps sequence_length num_steps units "
    "layers embedding_dim buckets min_count ngrams characters seed".split()
)
MOST_SEED = 2**32 - 1
MOST = 2**31 - 1  # of what is counted: more than fits anywhere
MOST_SIZE = 2**15  # units of a layer: two matrices of so many are 8 GB
LONGEST_PATH = 4096
SHOWN = 80  # characters of what came


def received(value: object) -> str:
    """Returns what came, in a line that is no longer than a screen.

    Example:

    >>> received([0.5] * 1000)
    '[0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, ...'
    """
    try:
        text = value[:SHOWN] if isinstance(value, (str, bytes)) else value
        text = " ".join(repr(text).split())
    except Exception:  # a number of too many digits, or a `repr` that fails
        text = f"a {type(value).__name__}"
    if len(text) > SHOWN:
        text = f"{text[: SHOWN - 4]} ..."
    return text.encode("utf-8", "backslashreplace").decode()


def wrong(name: str, must: str, value: object) -> MitseqError:
    """Returns the error of an argument that is not as it must be.

    Example:

    >>> print(wrong("count", "be a positive int", 0))
    `count` must be a positive int. Received: count=0.
    """
    return MitseqError(
        f"`{name}` must {must}. Received: {name}={received(value)}."
    )


# Numbers


def is_int(value: object) -> bool:
    """Tells whether a value is a whole number and no bool."""
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def is_number(value: object) -> bool:
    """Tells whether a value is a finite real number and no bool."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # more than a float holds
        return False


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


def check_count(least: int = 1, most: int = MOST, **given: int) -> None:
    """Refuses what is no whole number from `least` to `most`.

    Raises:
        MitseqError: with the name of the first that is not.

    Example:

    >>> check_count(beams=4, count=10**12)
    Traceback (most recent call last):
    ...
    mitseq.errors.MitseqError: `count` must be at most 2,147,483,647. Received:
    count=1000000000000.
    """
    for name, value in given.items():
        if not is_int(value) or value < least:
            must = {0: "be an int, 0 or more", 1: "be a positive int"}
            least_of = f"be an int, at least {least}"
            raise wrong(name, must.get(least, least_of), value)
        if value > most:
            raise wrong(name, f"be at most {most:,}", value)


def check_sizes(**given: int) -> None:
    """Refuses a size of a layer that is no positive int, or that fits nowhere.

    Raises:
        MitseqError: with the name of the first that is not.
    """
    check_count(most=MOST_SIZE, **given)


def check_number(
    least: float = -math.inf, most: float = math.inf, **given: float | None
) -> None:
    """Refuses what is no finite number from `least` to `most`; None is none.

    Raises:
        MitseqError: with the name of the first that is not.

    Example:

    >>> check_number(0, 1, change=1.5)
    Traceback (most recent call last):
    ...
    mitseq.errors.MitseqError: `change` must be a number from 0 to 1. Received:
    change=1.5.
    """
    for name, value in given.items():
        if value is None:
            continue
        if not is_number(value) or not least <= value <= most:
            ends = f" from {least} to {most}" if most < math.inf else ""
            if least > -math.inf and not ends:
                ends = f" of at least {least}"
            raise wrong(name, f"be a number{ends}", value)


# Everything else


def check_choice(choices: Collection, **given: object) -> None:
    """Refuses what is not one of the choices.

    Raises:
        MitseqError: with the choices.

    Example:

    >>> check_choice(("lstm", "gru"), cell="rnn")
    Traceback (most recent call last):
    ...
    mitseq.errors.MitseqError: `cell` must be one of ('lstm', 'gru'). Received:
    cell='rnn'.
    """
    choices = tuple(choices)
    for name, value in given.items():
        # an array or a list equals none, and says so in other ways
        is_plain = value is None or isinstance(value, (str, int))
        is_plain = is_plain and not isinstance(value, bool)
        if not is_plain or value not in choices:
            raise wrong(name, f"be one of {choices}", value)


def is_text(value: object, *texts: str) -> bool:
    """Tells whether a value, of whatever kind, is one of some texts."""
    return isinstance(value, str) and value in texts


def check_text(**given: str | None) -> None:
    """Refuses what is no string; None is one that was not given."""
    for name, value in given.items():
        if value is not None and not isinstance(value, str):
            raise wrong(name, "be a string", value)


def check_flag(**given: bool) -> None:
    """Refuses what is neither True nor False."""
    for name, value in given.items():
        is_number = is_int(value) and value in (0, 1)
        # what NumPy has for a bool is no number of Python's
        is_bool = isinstance(value, bool) or type(value).__name__ == "bool"
        if not (is_number or is_bool):
            raise wrong(name, "be True or False", value)


def check_path(**given: str | os.PathLike) -> None:
    """Refuses what cannot name a file.

    Raises:
        MitseqError: an empty name too, which would be the current folder.

    Example:

    >>> check_path(path="")
    Traceback (most recent call last):
    ...
    mitseq.errors.MitseqError: `path` must be the name of a file or folder.
    Received: path=''.
    """
    for name, value in given.items():
        is_path = isinstance(value, (str, os.PathLike))
        text = os.fspath(value) if is_path else b""
        is_path = isinstance(text, str) and text.strip() and "\0" not in text
        if not is_path or not _can_be_encoded(text):
            raise wrong(name, "be the name of a file or folder", value)


def check_column(**given: str | int | None) -> None:
    """Refuses what is neither the name nor the number of a column."""
    for name, value in given.items():
        if value is not None and not is_int(value):
            if not isinstance(value, str):
                raise wrong(name, "be the name or the number of one", value)


def check_kind(kind: type | tuple[type, ...], what: str, **given: object):
    """Refuses what is not of a kind, which `what` describes.

    Example:

    >>> check_kind(dict, "be a dict", options=3)
    Traceback (most recent call last):
    ...
    mitseq.errors.MitseqError: `options` must be a dict. Received: options=3.
    """
    for name, value in given.items():
        if not isinstance(value, kind):
            raise wrong(name, what, value)


def check_texts(texts: Iterable[str], name: str = "texts") -> list[str]:
    """Returns texts as a list; what is no string is an error.

    Raises:
        MitseqError: with the place of what is none.

    Example: one string alone is none, either.

    >>> check_texts("good")
    Traceback (most recent call last):
    ...
    mitseq.errors.MitseqError: `texts` must be a list of str; for one text
    write ["..."]. Received: texts='good'.
    """
    if isinstance(texts, (str, bytes)):
        must = 'be a list of str; for one text write ["..."]'
        raise wrong(name, must, texts)
    try:
        texts = list(texts)
    except TypeError:
        raise wrong(name, "be a list of str", texts) from None
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            raise MitseqError(
                f"`{name}` must be a list of str. Received: "
                f"{type(text).__name__} at index {i}."
            )
    return [str(text) for text in texts]


def check_model(model: object, what: str = "be a Keras model") -> None:
    """Refuses what is no `keras.Model` with layers."""
    import keras

    if not isinstance(model, keras.Model):
        raise wrong("model", what, model)


def _can_be_encoded(text):
    try:
        os.fsencode(text)
    except ValueError:  # half of a pair of surrogates
        return False
    return len(text) <= LONGEST_PATH


def _check(name, value, what, is_right):
    kind = numbers.Integral if name in COUNTS else numbers.Real
    if is_number(value) and is_right(value):
        if isinstance(value, kind):
            return
        what = "a whole number"
    raise wrong(name, f"be {what}", value)
