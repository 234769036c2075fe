"""The texts that a command is given, checked before anything is loaded."""

import click

from mitseq.cli.texts import check_utf8
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
