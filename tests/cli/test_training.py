"""The options of a training: what is given, what excludes what."""

import click
import pytest
from click.testing import CliRunner

from mitseq.cli import training


@click.command()
@click.option("--epochs", type=int)
@training.minutes_option
@training.seed_option
@click.pass_context
def train(context, epochs, minutes, seed):
    training.check_length(context, epochs, minutes)
    given = [n for n in context.params if training.was_given(context, n)]
    click.echo(f"{sorted(given)} {minutes} {seed}")


def invoke(*args):
    return CliRunner().invoke(train, args)


def test_a_default_that_is_said_is_given_and_one_that_is_not_is_not():
    assert invoke().output == "[] None 0\n"
    assert invoke("--seed", "0").output == "['seed'] None 0\n"
    assert invoke("--minutes", "1.5").output == "['minutes'] 1.5 0\n"


def test_two_lengths_are_refused():
    outcome = invoke("--epochs", "1", "--minutes", "1")
    assert outcome.exit_code == 2
    assert "--epochs and --minutes exclude each other" in outcome.output


@pytest.mark.parametrize("args", [("--minutes", "0"), ("--seed", "-1")])
def test_impossible_values_are_refused(args):
    outcome = invoke(*args)
    assert outcome.exit_code == 2 and args[0] in outcome.output


TRAININGS = (
    "music",
    "sentiment",
    "ball",
    "words",
    "tag",
    "forecast",
    "translate",
    "caption",
)


@pytest.mark.parametrize("task", TRAININGS)
@pytest.mark.parametrize(
    "args, words",
    [
        (["--workers", "a:1,b"], ["host:port", "a:1,b"]),
        (["--workers", "a:1,b:2"], ["`task` must say", "from 0 to 1"]),
        (["--workers", "a:1,b:2", "--devices", "2"], ["exclude each other"]),
        (["--devices", "2", "--device", "cpu"], ["--device is for one"]),
        (["--task", "1"], ["--task says which of --workers"]),
        (["--precision", "mixed_float8"], ["--precision", "mixed_bfloat16"]),
    ],
)
def test_mistakes_about_workers_are_one_line(run, task, args, words):
    assert run(task, "train", *args).is_mistake(*words)


def test_what_a_command_is_given_comes_as_one_training(run, tmp_path):
    seen = {}

    @click.command()
    @click.option("--units", type=int, default=4)
    @training.training_options("runs/x", epochs="Passes.")
    def train(training, **options):
        with training.open(options) as (run, options):
            run.check({}, epochs=options["epochs"])
            run.start()
            run.finish()
        seen.update(options=options, training=training)

    def invoke(*args):
        done = CliRunner().invoke(train, args)
        assert done.exit_code == 0, done.output
        return seen["training"], seen["options"], done.stderr

    kept = {"units": 8, "epochs": 2, "minutes": None, "seed": 0}
    kept |= {"precision": "float32"}
    given = ("--units", "8", "--epochs", "2", "--out", "r", "--verbose")
    called, options, told = invoke(*given)
    assert options == kept and told == ""
    assert (called.out.name, called.verbose) == ("r", True)
    assert (called.resume, called.as_json) == (False, False)
    assert called.is_first and called.context.info_name == "train"
    # what is not said again stays as it was
    called, options, told = invoke("--out", "r", "--resume", "--json")
    assert options == kept and called.as_json
    assert "r: this training is finished" in told
    *_, told = invoke("--out", "r", "--resume", "--epochs", "3")
    assert "finished" not in told
