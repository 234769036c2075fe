"""The texts that a command is given, checked before anything is loaded."""

from collections.abc import Iterator

import click

from mitseq.cli.texts import check_utf8, given_batches
from mitseq.errors import MitseqError
from mitseq.text.words import cut_words


def check_texts(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the texts.

    Raises:
        click.UsageError: if there is none.
        MitseqError: if one is not UTF-8, or has no word.
    """
    if not texts:
        raise click.UsageError("no text: expected TEXT ...")
    check_utf8(texts)
    for number, text in enumerate(texts, start=1):
        if not cut_words(text):
            raise MitseqError(f"text {number} ({text[:40]!r}) has no word")
    return texts


def checked_batches(texts: tuple[str, ...], most: int) -> Iterator[list[str]]:
    """Yields the texts, with the lines of standard input in the place of "-".

    Lines without a word are left out.

    Args:
        texts: As they were given.
        most: How many are yielded at once.

    Raises:
        click.UsageError: if there is none.
        MitseqError: if one is not UTF-8, or one that is no line has no word.
    """
    check_texts(texts)  # "-" is a sign, which counts as a word
    is_empty = True
    for batch in given_batches(texts, most):
        if with_words := [text for text in batch if cut_words(text)]:
            is_empty = False
            yield with_words
    if is_empty:
        raise MitseqError("standard input has no word")
