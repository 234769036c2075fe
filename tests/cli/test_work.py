"""What is printed where while a command works."""

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
