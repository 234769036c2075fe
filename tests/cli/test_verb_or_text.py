"""A first argument that is no verb is a text for the default verb."""

import click
import pytest
from click.testing import CliRunner

from mitseq.cli.verb_or_text import VerbOrText


@click.command()
@click.argument("texts", nargs=-1)
@click.option("--loud", is_flag=True)
def say(texts, loud):
    print("LOUD" if loud else "quiet", *texts)


@click.command()
def train():
    print("training")


@pytest.fixture
def run(monkeypatch):
    def run(args, **attributes):
        group = VerbOrText(
            "talk",
            verbs={"say": ":", "train": ":"},
            default="say",
            **attributes,
        )
        found = {"say": say, "train": train}
        monkeypatch.setattr(
            VerbOrText,
            "get_command",
            lambda self, context, name: found.get(name),
        )
        return CliRunner().invoke(group, args)

    return run


def test_texts_go_to_the_default_verb_and_verbs_to_themselves(run):
    assert run(["a b", "c"]).stdout == "quiet a b c\n"
    assert run(["train"]).stdout == "training\n"
    assert run(["say", "x"]).stdout == "quiet x\n"
    assert run(["--", "train"]).stdout == "quiet train\n"


def test_what_belongs_to_a_text_is_put_in_front_of_it(run):
    assert run(["a"], with_text=("--loud",)).stdout == "LOUD a\n"
    assert run(["say", "a"], with_text=("--loud",)).stdout == "quiet a\n"


def test_a_text_that_is_nearly_a_verb_gets_a_remark(run):
    done = run(["trian"])
    assert done.stdout == "quiet trian\n"
    assert "'trian' is taken for a text; the verb is 'train'" in done.stderr
    assert "No such command 'trian'" in run(["trian", "--epochs"]).stderr
