"""A file in the place of a verb goes to the default verb."""

import click
import pytest
from click.testing import CliRunner

from mitseq.cli.verb_or_file import VerbOrFile


@click.command()
@click.argument("file", required=False)
def show(file):
    click.echo(f"shown: {file}")


@pytest.fixture
def group():
    return VerbOrFile(
        "group", verbs={"show": f"{__name__}:show"}, default="show"
    )


def test_a_file_needs_no_verb(group, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("1")
    (tmp_path / "show").write_text("1")
    run = CliRunner().invoke
    assert run(group, ["a.csv"]).output == "shown: a.csv\n"
    assert run(group, ["show", "a.csv"]).output == "shown: a.csv\n"
    assert run(group, ["show"]).output == "shown: None\n"
    assert "No such command 'b.csv'" in run(group, ["b.csv"]).output
