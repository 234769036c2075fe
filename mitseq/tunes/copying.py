r"""Is a tune new, or does it repeat one that the model has learned from?

Two tunes of one tradition share phrases. A tune counts as copied when its
longest run of characters that also stands in the training tunes is at least
`COPY` characters long (about four bars) and at least half of its body.
"""

import re
from collections.abc import Iterable

from mitseq.errors import MitseqError
from mitseq.tunes.normalize import normalize

COPY = 40  # characters; shorter runs are phrases that everybody uses
_HEADER = re.compile(r"^[A-Za-z]:")


def body_of(text: str) -> str:
    r"""Return the music alone, in the spelling of the training text.

    Args:
        text: One tune.

    Returns:
        Its normalized body, or, where it cannot be normalized, its body
        without white space.

    Example:

    >>> body_of("X:1\nM:6/8\nL:1/8\nK:D\n|: dcd e2f :|\n")
    '|:dcde2f:|'
    """
    try:
        text = normalize(text)
    except MitseqError:
        pass
    lines = [line for line in text.splitlines() if not _HEADER.match(line)]
    return "".join("".join(lines).split())


def training_text(tunes: Iterable[str]) -> str:
    """Return the bodies of all training tunes as one text to search in."""
    return "\n".join(body_of(tune) for tune in tunes)


def longest_run(body: str, training: str) -> int:
    """Return the longest run of characters of `body` that `training` has.

    Args:
        body: What is looked up.
        training: What may have been copied, one long text.

    Returns:
        Number of characters.

    Example:

    >>> longest_run("abcdefg", "xxcdexx|abx")
    3
    """
    best = 0
    for start in range(len(body)):
        while (
            start + best < len(body)
            and body[start : start + best + 1] in training
        ):
            best += 1
    return best


def is_copy(body: str, run: int) -> bool:
    """Tell whether a run of that length makes a tune a copy.

    Args:
        body: The tune's body.
        run: Its `longest_run`.

    Returns:
        True if the run is at least `COPY` characters and half of the body.

    Example:

    >>> is_copy("x" * 100, 49), is_copy("x" * 100, 50), is_copy("x" * 10, 10)
    (False, True, False)
    """
    return run >= COPY and 2 * run >= len(body)
