"""Which texts a command takes; test_sentence.py has the command line."""

import click
import pytest

from mitseq.cli.translate.texts import check_texts
from mitseq.errors import MitseqError


def test_texts_come_back_as_they_are():
    assert check_texts(("I am hungry.", "¿Qué?")) == ("I am hungry.", "¿Qué?")


@pytest.mark.parametrize(
    ("texts", "error", "message"),
    [
        ((), click.UsageError, "no text: expected TEXT"),
        (("a", "\udc80"), MitseqError, "text 2 is not UTF-8"),
        (("a", " \n"), MitseqError, "text 2 .* has no word"),
    ],
)
def test_a_text_that_is_none_is_named(texts, error, message):
    with pytest.raises(error, match=message):
        check_texts(texts)
