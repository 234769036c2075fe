"""What is printed where while a command works."""

import subprocess
import sys

import pytest

from mitseq import progress
from mitseq.cli import work


def test_progress_goes_to_standard_error(capsys):
    with work.progress() as watched:
        print("step 1")
    print("result")
    captured = capsys.readouterr()
    assert captured.out == "result\n" and captured.err == "step 1\n"
    assert watched is False


def test_work_runs_on_the_device_that_was_asked_for(capsys):
    import tensorflow as tf

    with work.at_work("cpu") as watched:
        print("step 1")
        x = tf.ones(3)
    assert x.device.endswith("CPU:0") and watched is False
    assert capsys.readouterr().err == "step 1\n"


def test_a_command_shows_how_far_its_work_is(capsys, monkeypatch):
    monkeypatch.setattr(progress, "FIRST_LINE", 0.0)
    with work.progress():
        for _ in progress.follow(range(2), "tunes"):
            pass
    for _ in progress.follow(range(2), "unasked"):
        pass
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("tunes: 0%") and err.count("\n") == 1


def test_verbose_says_at_the_end_which_operation_ran_where(capsys):
    import tensorflow as tf

    with work.at_work("cpu", verbose=True):
        tf.linalg.eigh(tf.linalg.diag([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]))
    told = capsys.readouterr().err
    assert told.startswith("cpu:0  ") and "SelfAdjointEig" in told


WITHOUT = """
import sys
from mitseq.cli import work
work.load_tensorflow()
kept = set(sys.modules) & set(work.KERAS_CAN_DO_WITHOUT)
import keras, matplotlib, sklearn
assert matplotlib.get_backend and sklearn.__version__
print(sorted(kept))
"""


def test_a_command_does_not_wait_for_what_keras_can_do_without():
    # not by a fork: TensorFlow would be there
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True
    )
    assert done.stdout == "[]\n", done.stderr


def test_what_is_there_already_stays(monkeypatch):
    monkeypatch.delitem(sys.modules, "this", raising=False)
    with pytest.raises(KeyError), work._as_if_absent(("json", "this")):
        import json

        assert json.loads("1") == 1
        with pytest.raises(ModuleNotFoundError):
            import this  # noqa: F401
        raise KeyError
    assert "this" not in sys.modules and "json" in sys.modules


COLLECTED = """
import gc
from mitseq.cli import work
work.load_tensorflow()
print(gc.isenabled(), gc.get_freeze_count() > 100_000)
gc.unfreeze()
gc.disable()
work.load_tensorflow()  # there already: what was made since can be garbage
print(gc.isenabled(), gc.get_freeze_count())
"""


def test_what_is_imported_is_not_searched_for_garbage():
    run = subprocess.run(
        [sys.executable, "-c", COLLECTED], capture_output=True, text=True
    )
    assert run.stdout.split() == ["True", "True", "False", "0"], run.stderr


BEFORE = """
import contextlib, io, sys
from unittest import mock
import click
from mitseq.cli import cli, work

def told(what):
    print("told:", what, "keras" in sys.modules, file=sys.stderr)

def load_tensorflow():
    told(" ".join(sys.argv[1:3]))
    raise SystemExit

def run(*arguments):
    sys.argv = ["mitseq", *arguments]
    nowhere = contextlib.redirect_stdout(io.StringIO())
    with contextlib.suppress(SystemExit), nowhere:
        cli.main(arguments, "mitseq")

table, tunes, folder = sys.argv[1:]
with mock.patch.object(work, "load_tensorflow", load_tensorflow):
    for job in cli.list_commands(click.Context(cli)):
        group = cli.get_command(click.Context(cli), job)
        run(job, "--help")
        if isinstance(group, click.Group):
            for verb in group.list_commands(click.Context(group)):
                run(job, verb, "--help")
    told("help")
    run("sentiment", "train", "--data", table, "--out", folder + "/a")
    run("music", "train", "--data", tunes, "--out", folder + "/b")
    run("words", "train", "--data", table, "--out", folder + "/c")
    run("sentiment", "evaluate", "--data", table)
    run("sentiment", "predict", "good")
    run("tag", "predict", "good")
"""


def test_keras_is_not_there_before_tensorflow_is_loaded_the_quick_way(tmp_path):
    """Were it, it would load pandas and others, and be searched for garbage."""
    table, tunes = tmp_path / "reviews.csv", tmp_path / "tunes.abc"
    table.write_text("text,label\n" + "good film,a\nbad film,b\n" * 9)
    bars = "GABc dedB|dedB dedB|c2ec B2dB|A2F2 G4|"
    tunes.write_text(
        "".join(
            f"X:{i}\nM:4/4\nL:1/8\nK:G\n{bars}\n{bars[10 * i :]}\n\n"
            for i in range(4)
        )
    )
    arguments = [str(table), str(tunes), str(tmp_path)]
    run = subprocess.run(
        [sys.executable, "-c", BEFORE, *arguments],
        capture_output=True,
        text=True,
    )
    told = [li for li in run.stderr.splitlines() if li.startswith("told:")]
    assert told == [
        "told: help False",
        "told: sentiment train False",
        "told: music train False",
        "told: words train False",
        "told: sentiment evaluate False",
        "told: sentiment predict False",
        "told: tag predict False",
    ], run.stderr
