import click
from click.testing import CliRunner

from mitseq.cli.music import options


def _convert(kind, text):
    @click.command()
    @click.argument("value", type=kind)
    def command(value):
        click.echo(repr(value), nl=False)

    result = CliRunner().invoke(command, ["--", text])
    return result.output if result.exit_code == 0 else result.exit_code


def test_formats_come_once_and_unknown_ones_are_refused():
    assert _convert(options.Formats(), "png, ABC,png") == "('abc', 'png')"
    assert _convert(options.Formats(), "abc,pdf") == 2
    assert _convert(options.Formats(), "") == 2
