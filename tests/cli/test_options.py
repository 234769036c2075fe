import click
import pytest
from click.testing import CliRunner

from mitseq.cli import options
from mitseq.errors import MitseqError


def _convert(kind, text):
    @click.command()
    @click.argument("value", type=kind)
    def command(value):
        click.echo(repr(value), nl=False)

    result = CliRunner().invoke(command, ["--", text])
    return result.output if result.exit_code == 0 else result.exit_code


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "-inf", "x", ""])
def test_positive_number_refuses(text):
    assert _convert(options.PositiveNumber(), text) == 2


def test_positive_number_has_an_upper_limit():
    assert _convert(options.PositiveNumber(most=1.0), "1.0") == "1.0"
    assert _convert(options.PositiveNumber(most=1.0), "1.001") == 2
    assert _convert(options.PositiveNumber(), "1e-3") == "0.001"


@pytest.mark.parametrize("text", ["0", "-3", "1.5", "many"])
def test_positive_refuses(text):
    assert _convert(options.positive, text) == 2


def test_checked_gives_what_is_read_or_tells_why():
    def read(text):
        if text != "good":
            raise MitseqError("`word` must be good.")
        return len(text)

    kind = options.Checked("word", read)
    assert _convert(kind, "good") == "4"
    with pytest.raises(click.BadParameter, match="`word` must be good$"):
        kind.convert("bad", None, None)
