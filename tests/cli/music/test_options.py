import click
from click.testing import CliRunner

from mitseq.cli.music import options


@click.command()
@options.formats_option
def command(formats):
    click.echo(repr(formats), nl=False)


def _convert(text):
    result = CliRunner().invoke(command, ["--formats", text])
    return result.output if result.exit_code == 0 else result.exit_code


def test_formats_come_once_and_unknown_ones_are_refused():
    assert _convert("png, ABC,png") == "('abc', 'png')"
    assert _convert("abc,pdf") == 2
    assert _convert("") == 2
