"""A group of verbs that also takes a text, without a verb."""

from typing import Any

import click

from mitseq.cli.program import Verbs, remark
from mitseq.errors import MitseqError

TEXT = "mitseq.cli.verb_or_text.text"  # the first word, if it is no verb


class VerbOrText(Verbs):
    """A group whose first argument may also be a text, for its default verb.

    A verb with a slip in it is a text, too. What is then not understood, such
    as an option of the verb, is a reason to name the verb.

    Args:
        with_text: What is put in front of a text.
        **attributes: Passed to `Verbs`.
    """

    def __init__(self, *args, with_text: tuple[str, ...] = (), **attributes):
        super().__init__(*args, **attributes)
        self.with_text = with_text

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        first = args[0] if args else ""
        completing = context.resilient_parsing and not args
        known = {*self.verbs, *context.help_option_names}
        if first not in known and not completing:
            args = [self.default, *self.with_text, *args]
            if first.isalpha():
                context.meta[TEXT] = first
        return super().parse_args(context, args)

    def invoke(self, context: click.Context) -> Any:
        text = context.meta.get(TEXT)
        close = text and self.closest(context, text)
        try:
            result = super().invoke(context)
        except click.UsageError:
            if not close:
                raise
            self.refuse(context, text)
        if close:
            remark(f"{text!r} is taken for a text; the verb is {close!r}")
        return result


def check_utf8(texts: tuple[str, ...]) -> None:
    """Refuses a text that the shell gave in another encoding."""
    for number, text in enumerate(texts, start=1):
        try:
            text.encode()
        except UnicodeEncodeError:
            raise MitseqError(f"text {number} is not UTF-8") from None
