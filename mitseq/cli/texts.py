"""Texts as a user gives them: in the command line, or on standard input."""

import select
import sys
from collections.abc import Iterable, Iterator

from mitseq.errors import MitseqError
from mitseq.plots.token_labels import shorten

PIECE = 1 << 18  # bytes that are read at once
LONGEST_WORD = 40  # characters of a word in a remark


def check_utf8(texts: tuple[str, ...]) -> None:
    """Refuses a text that the shell gave in another encoding."""
    for number, text in enumerate(texts, start=1):
        try:
            text.encode()
        except UnicodeEncodeError:
            raise MitseqError(f"text {number} is not UTF-8") from None


def listed(words: Iterable[str]) -> str:
    """Returns words as a remark names them, long ones without their middle.

    Example:

    >>> listed(["xyzzy", "a" * 90])
    "'xyzzy', 'aaaaaaaaaaaaaaaaaaaa…aaaaaaaaaaaaaaaaaaa'"
    """
    return ", ".join(repr(shorten(word, LONGEST_WORD)) for word in words)


def standard_input() -> Iterator[list[str]]:
    """Yields the lines of standard input as they come, several at once.

    They may be in whichever encoding.
    """
    from mitseq.text.encodings import decode_pieces

    def pieces():
        while piece := sys.stdin.buffer.read1(PIECE):
            yield piece

    rest: list[str] = []  # of a line whose end has not come
    for text in decode_pieces(pieces(), "standard input", can_be_named=False):
        first, *lines = text.split("\n")
        rest.append(first)
        if lines:
            yield ["".join(rest), *lines[:-1]]
            rest = [lines[-1]]
    if any(rest):
        yield ["".join(rest)]


def given_text(text: str) -> str:
    """Returns the one text, all lines of standard input in the place of "-".

    Raises:
        MitseqError: if it is not UTF-8, or standard input has no text.
    """
    check_utf8((text,))
    if text != "-":
        return text
    text = " ".join(line for lines in standard_input() for line in lines)
    if not text.strip():
        raise MitseqError("standard input is empty")
    return text.strip()


def given_texts(texts: tuple[str, ...]) -> Iterator[str]:
    """Yields the texts, the lines of standard input in the place of "-".

    Raises:
        MitseqError: if one is not UTF-8.
    """
    for some in given_batches(texts, 1):
        yield from some


def given_batches(texts: tuple[str, ...], most: int) -> Iterator[list[str]]:
    """Yields the texts of `given_texts`, at most so many at once.

    Lines that have come are not kept waiting for those that have not.
    """
    check_utf8(texts)
    batch: list[str] = []
    for text in texts:
        for lines in standard_input() if text == "-" else ([text],):
            batch += lines
            while len(batch) >= most:
                yield batch[:most]
                del batch[:most]
            if batch and text == "-" and not _more_waits():
                yield batch
                batch = []
    if batch:
        yield batch


def _more_waits() -> bool:
    """Tells whether standard input can be read at once."""
    try:
        return bool(select.select([sys.stdin.buffer.fileno()], [], [], 0)[0])
    except (OSError, ValueError):  # it is no file, but something in memory
        return True
