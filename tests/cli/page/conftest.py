import pytest
from click.testing import CliRunner

from tests.cli.conftest import Outcome


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a command line in an empty folder; `answers` are its input."""
    monkeypatch.chdir(tmp_path)

    def run(*args, answers=""):
        from mitseq.cli import cli

        result = CliRunner().invoke(
            cli, ["page", *map(str, args)], prog_name="mitseq", input=answers
        )
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Outcome(result.exit_code, result.stdout, result.stderr)

    return run
