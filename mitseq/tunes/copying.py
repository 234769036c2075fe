r"""Is a tune new, or does it repeat one that the model has learned from?

Two tunes of one tradition share phrases. A tune counts as copied when its
longest run of characters that also stands in the training tunes is at least
`COPY` characters long (about four bars) and at least half of its body.
"""

import re
from collections.abc import Iterable
from contextlib import suppress

from mitseq.errors import MitseqError
from mitseq.tunes.normalize import normalize

COPY = 40  # characters; shorter runs are phrases that everybody uses
_HEADER = re.compile(r"^[A-Za-z]:")


def body_of(text: str) -> str:
    r"""Returns the music of a tune alone, in the spelling of the training text.

    Where it cannot be normalized, this is its body without white space.

    Example:

    >>> body_of("X:1\nM:6/8\nL:1/8\nK:D\n|: dcd e2f :|\n")
    '|:dcde2f:|'
    """
    with suppress(MitseqError):
        text = normalize(text)
    lines = [line for line in text.splitlines() if not _HEADER.match(line)]
    return "".join("".join(lines).split())


def training_text(tunes: Iterable[str]) -> str:
    """Returns the bodies of all training tunes as one text to search in."""
    return "\n".join(body_of(tune) for tune in tunes)


def longest_run(body: str, training: str) -> int:
    """Returns the length of the longest run of `body` that `training` has.

    Example:

    >>> longest_run("abcdefg", "xxcdexx|abx")
    3
    """
    best = 0
    for start in range(len(body)):
        left = len(body) - start
        while best < left and body[start : start + best + 1] in training:
            best += 1
    return best


def is_copy(body: str, run: int) -> bool:
    """Returns whether `run`, the longest run of `body`, makes it a copy.

    Example:

    >>> is_copy("x" * 100, 49), is_copy("x" * 100, 50), is_copy("x" * 10, 10)
    (False, True, False)
    """
    return run >= COPY and 2 * run >= len(body)
