"""A first argument that names a file is one for the default verb."""

import click
import pytest
from click.testing import CliRunner

from mitseq.cli.verb_or_file import VerbOrFile


@click.command()
@click.argument("files", nargs=-1)
def read(files):
    print("read", *files)


@click.command()
def train():
    print("training")


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").touch()
    (tmp_path / "folder").mkdir()
    group = VerbOrFile("x", verbs={"read": ":", "train": ":"}, default="read")
    found = {"read": read, "train": train}
    monkeypatch.setattr(
        VerbOrFile, "get_command", lambda self, context, name: found.get(name)
    )
    return lambda *args: CliRunner().invoke(group, args)


@pytest.mark.parametrize(
    "args",
    [
        ("there",),
        ("folder",),
        ("not/there",),
        ("none.png", "b"),
        (".",),
        ("./train",),
    ],
)
def test_what_is_or_looks_like_a_file_is_one(run, args):
    assert run(*args).output == f"read {' '.join(args)}\n"


def test_verbs_stay_verbs_also_beside_a_file_of_that_name(run, tmp_path):
    (tmp_path / "train").touch()
    assert run("train").output == "training\n"
    assert run().output == "read\n"


def test_a_slip_is_told(run):
    found = run("trian")
    assert found.exit_code == 2
    assert "Did you mean 'train'?" in found.output
    assert run("trai\0n").exit_code == 2
