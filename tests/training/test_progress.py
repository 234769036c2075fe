"""A line an epoch, with what is left; within one it is shown how far it is."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from mitseq import progress as shown
from mitseq.progress import show_progress
from mitseq.training.budget import Budget
from mitseq.training.progress import Progress, ShowProgress


class Model:
    stop_training = False


class Clock:
    now = 0.0

    def monotonic(self):
        return self.now


class Fixed(Budget):
    """A budget whose clock the test sets."""

    now = 30.0

    def seconds(self):
        return self.now


def train(budget, epochs, verbose, clock=None):
    progress = Progress(budget, steps=3, verbose=verbose)
    progress.set_model(Model())
    progress.on_train_begin()
    for epoch in range(epochs):
        progress.on_epoch_begin(epoch)
        for batch in range(3):
            if clock is not None:
                clock.now += 20
                budget.now += 20
            progress.on_train_batch_end(batch, {"loss": 2.0})
        progress.on_epoch_end(epoch, {"loss": 1.5, "val_loss": 0.25})
    progress.on_train_end()


def test_lines_say_what_was_measured_and_what_is_left(capsys):
    train(Fixed(epochs=4), 1, verbose=2)
    assert capsys.readouterr() == (
        "epoch 1 of 4: loss 1.5000, val_loss 0.2500; 30 s, "
        "at most 1 min 30 s left\n",
        "",
    )


def test_a_training_of_minutes_promises_no_number_of_epochs(capsys):
    train(Fixed(minutes=1.0), 1, verbose=2)
    assert "epoch 1: loss" in capsys.readouterr().out


def test_the_last_line_promises_nothing(capsys):
    train(Fixed(epochs=1), 1, verbose=2)
    assert capsys.readouterr().out.endswith("; 30 s\n")


@pytest.mark.parametrize("verbose", [1, 2, "auto"])
def test_a_long_epoch_tells_in_a_file_how_far_it_is(
    capsys, monkeypatch, verbose
):
    clock = Clock()
    monkeypatch.setattr(shown, "time", clock)
    budget = Fixed(minutes=3.0)
    budget.now = 0.0
    train(budget, 2, verbose, clock)
    out, err = capsys.readouterr()
    assert err == (
        "epoch 1: 11%, 20 s, about 2 min 40 s left; step 1 of 3, loss 2.0000\n"
        "epoch 1: 33%, 1 min 0 s, about 2 min 0 s left; step 3 of 3, "
        "loss 2.0000\n"
        "epoch 2: 56%, 1 min 40 s, about 1 min 20 s left; step 2 of 3, "
        "loss 2.0000\n"
    )
    assert [line[:8] for line in out.splitlines()] == ["epoch 1:", "epoch 2:"]


def test_a_training_that_stops_early_is_done(capsys):
    progress = Progress(Fixed(epochs=4), steps=3, verbose=2)
    progress.set_model(Model())
    progress.on_train_begin()
    progress.on_epoch_begin(0)
    progress.model.stop_training = True
    progress.on_epoch_end(0, {"loss": 1.5})
    progress.on_train_end()
    assert progress.work.line() == "epoch 1 of 4: 100%, 30 s"
    assert capsys.readouterr().out == "epoch 1 of 4: loss 1.5000; 30 s\n"


def test_silence(capsys, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(shown, "time", clock)
    train(Fixed(epochs=2), 2, verbose=0, clock=clock)
    assert capsys.readouterr() == ("", "")


@pytest.fixture
def model():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile(loss="mse")
    return model


X = np.ones((8, 2), "float32")


def test_any_fit_of_keras_can_show_how_far_it_is(model, monkeypatch, capsys):
    monkeypatch.setattr(shown, "FIRST_LINE", 0.0)
    monkeypatch.setattr(shown, "NEXT_LINES", 0.0)
    with show_progress("lines"):
        history = model.fit(
            X,
            X[:, :1],
            batch_size=4,
            epochs=2,
            verbose=0,
            callbacks=[ShowProgress("a layer")],
        )
    out, err = capsys.readouterr()
    assert out == ""
    shares = [line.split()[2] for line in err.splitlines()]
    # each step, and the end of the first epoch
    assert shares == ["25%,", "50%,", "50%,", "75%,"]
    assert all(line.startswith("a layer: ") for line in err.splitlines())
    assert f"loss {history.history['loss'][0]:.4f}" in err


# Keras finds out how many there are when there is no more.
@pytest.mark.filterwarnings("ignore:Your input ran out of data")
def test_steps_that_nobody_can_count_are_shown_by_the_epoch(
    model, monkeypatch, capsys
):
    monkeypatch.setattr(shown, "FIRST_LINE", 0.0)
    monkeypatch.setattr(shown, "NEXT_LINES", 0.0)

    rows = tf.data.Dataset.from_tensor_slices((X, X[:, :1])).batch(4)
    uncounted = rows.filter(lambda x, y: True)
    assert uncounted.cardinality() == tf.data.UNKNOWN_CARDINALITY
    with show_progress("lines"):
        model.fit(
            uncounted,
            epochs=3,
            shuffle=False,
            verbose=0,
            callbacks=[ShowProgress()],
        )
    shares = [line.split()[1] for line in capsys.readouterr().err.splitlines()]
    assert shares == ["33%,", "67%,"]


def test_keras_shows_its_own_bar_as_ever(model, capsys):
    model.fit(X, X[:, :1], epochs=1, verbose=1, callbacks=[ShowProgress()])
    assert "1/1" in capsys.readouterr().out
