"""A group of verbs that also takes a file, without a verb."""

import os
from pathlib import Path

import click

from mitseq.cli.program import Verbs


class VerbOrFile(Verbs):
    """A group whose first argument may also be a file, for its default verb.

    What names a file or a folder, or is written like a path, is none of the
    verbs: so a file that is not there is told as that.
    """

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.verbs and _is_path(args[0]):
            args = [self.default, *args]
        return super().parse_args(context, args)


def _is_path(text: str) -> bool:
    if text.startswith("-") or "\0" in text:
        return text == "-"
    path = Path(text)
    in_folder = os.path.basename(text) != text
    return in_folder or bool(path.suffix) or path.exists()
