"""The options of a training: what is given, what excludes what."""

import click
import pytest
from click.testing import CliRunner

from mitseq.cli import training


@click.command()
@click.option("--epochs", type=int)
@training.minutes_option
@training.seed_option
@training.resume_option
@click.pass_context
def train(context, epochs, minutes, seed, resume):
    training.check_length(context, epochs, minutes)
    given = [n for n in context.params if training.was_given(context, n)]
    click.echo(f"{sorted(given)} {minutes} {seed} {resume}")


def invoke(*args):
    return CliRunner().invoke(train, args)


def test_a_default_that_is_said_is_given_and_one_that_is_not_is_not():
    assert invoke().output == "[] None 0 False\n"
    assert invoke("--seed", "0").output == "['seed'] None 0 False\n"
    given = invoke("--minutes", "1.5", "--resume").output
    assert given == "['minutes', 'resume'] 1.5 0 True\n"


def test_two_lengths_are_refused():
    outcome = invoke("--epochs", "1", "--minutes", "1")
    assert outcome.exit_code == 2
    assert "--epochs and --minutes exclude each other" in outcome.output


@pytest.mark.parametrize("args", [("--minutes", "0"), ("--seed", "-1")])
def test_impossible_values_are_refused(args):
    outcome = invoke(*args)
    assert outcome.exit_code == 2 and args[0] in outcome.output
