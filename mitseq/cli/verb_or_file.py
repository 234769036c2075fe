"""A group of verbs that also takes a file, without a verb."""

from pathlib import Path

import click

from mitseq.cli.program import Verbs


class VerbOrFile(Verbs):
    """A group whose first argument may also be a file, for its default verb."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.verbs and Path(args[0]).is_file():
            args = [self.default, *args]
        return super().parse_args(context, args)
