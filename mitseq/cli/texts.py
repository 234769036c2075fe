"""Texts as a user gives them: in the command line, or on standard input."""

import sys
from collections.abc import Iterator

from mitseq.errors import MitseqError


def check_utf8(texts: tuple[str, ...]) -> None:
    """Refuses a text that the shell gave in another encoding."""
    for number, text in enumerate(texts, start=1):
        try:
            text.encode()
        except UnicodeEncodeError:
            raise MitseqError(f"text {number} is not UTF-8") from None


def standard_input() -> list[str]:
    """Returns the lines of standard input, in whichever encoding it is."""
    from mitseq.text.encodings import decode

    content, _ = decode(
        sys.stdin.buffer.read(), source="standard input", can_be_named=False
    )
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    return content.removesuffix("\n").split("\n") if content else []


def given_texts(texts: tuple[str, ...]) -> Iterator[str]:
    """Yields the texts, the lines of standard input in the place of "-".

    Raises:
        MitseqError: if one is not UTF-8.
    """
    check_utf8(texts)
    for text in texts:
        if text == "-":
            yield from standard_input()
        else:
            yield text
