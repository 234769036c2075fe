"""A line an epoch, with what is left; a bar on a terminal only."""

import pytest

from mitseq.training.budget import Budget
from mitseq.training.progress import Progress, duration


class Model:
    stop_training = False


class Fixed(Budget):
    """A budget whose clock the test sets."""

    now = 30.0

    def seconds(self):
        return self.now


def train(budget, epochs, verbose):
    progress = Progress(budget, steps=3, verbose=verbose)
    progress.set_model(Model())
    for epoch in range(epochs):
        progress.on_epoch_begin(epoch)
        for batch in range(3):
            progress.on_train_batch_end(batch, {"loss": 2.0})
        progress.on_epoch_end(epoch, {"loss": 1.5, "val_loss": 0.25})


def test_lines_say_what_was_measured_and_what_is_left(capsys):
    train(Fixed(epochs=4), 1, verbose=2)
    out = capsys.readouterr().out
    assert out == (
        "epoch 1 of 4: loss 1.5000, val_loss 0.2500; 30 s, "
        "at most 1 min 30 s left\n"
    )


def test_a_training_of_minutes_promises_no_number_of_epochs(capsys):
    train(Fixed(minutes=1.0), 1, verbose=2)
    assert "epoch 1: loss" in capsys.readouterr().out


def test_the_last_line_promises_nothing(capsys):
    train(Fixed(epochs=1), 1, verbose=2)
    assert capsys.readouterr().out.endswith("; 30 s\n")


def test_a_bar_moves_and_stays_in_the_epoch(capsys):
    train(Fixed(epochs=2), 2, verbose=1)
    out = capsys.readouterr().out
    assert out.count("3/3") >= 2 and "4/3" not in out
    assert "epoch 2 of 2: loss 1.5000" in out


def test_silence(capsys):
    train(Fixed(epochs=2), 2, verbose=0)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "0 s"),
        (59.6, "1 min 0 s"),
        (3599, "59 min 59 s"),
        (3600, "1 h 0 min"),
    ],
)
def test_durations(seconds, text):
    assert duration(seconds) == text
