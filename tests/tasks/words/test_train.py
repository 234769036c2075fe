"""Training learns, resumes as if it was never killed, and names mistakes."""

import signal

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.words.model import load_words_model
from mitseq.tasks.words.train import train_words_model
from mitseq.training.interrupt import Interrupted
from mitseq.training.run import read_history
from tests.tasks.words.conftest import SENTENCES, SMALL, small_texts


def test_training_learns_and_leaves_model_history_and_test(trained):
    rows = read_history(trained / "history.csv")
    assert rows[-1]["val_loss"] < 0.4 * rows[0]["val_loss"]
    assert (trained / "test.txt").read_text() == "\n\n".join(SENTENCES) + "\n"
    load_words_model(trained)


def test_resumed_in_the_middle_it_ends_as_if_it_was_not(tmp_path, monkeypatch):
    from mitseq.training import fit as fitting

    texts, settings = small_texts(4), {**SMALL, "epochs": 2, "dropout": 0.1}
    whole = train_words_model(texts, tmp_path / "whole", **settings)
    real = fitting.Snapshots.on_train_batch_end

    def stop(self, batch, logs=None):
        if self.state.step == 1 and self.state.epoch == 1:
            self.run.request.came = signal.SIGTERM
        real(self, batch, logs)

    monkeypatch.setattr(fitting.Snapshots, "on_train_batch_end", stop)
    with pytest.raises(Interrupted):
        train_words_model(texts, tmp_path / "run", **settings)
    monkeypatch.setattr(fitting.Snapshots, "on_train_batch_end", real)
    rows = train_words_model(texts, tmp_path / "run", resume=True, **settings)
    for ours, theirs in zip(rows, whole, strict=True):
        assert ours | {"seconds": 0} == theirs | {"seconds": 0}
    x = np.array([[1, 100, 101]])
    np.testing.assert_array_equal(
        *(load_words_model(tmp_path / name)(x) for name in ("run", "whole"))
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"cell": "cnn"}, "`cell` must be one of"),
        ({"epochs": 0}, "`epochs` must be positive"),
        ({"batch_size": 0}, "`batch_size` must be positive"),
        ({"resume": True}, "no training to resume"),
        ({"units": 12, "cell": "transformer"}, "must be a multiple of 8"),
    ],
)
def test_arguments_that_do_not_fit_are_named(tmp_path, arguments, message):
    with pytest.raises(MitseqError, match=message):
        train_words_model(small_texts(), tmp_path, **(SMALL | arguments))
    assert not (tmp_path / "run.json").exists()


def test_resuming_with_other_settings_or_texts_is_an_error(trained):
    with pytest.raises(MitseqError, match="`units` must be as in the training"):
        train_words_model(
            small_texts(), trained, resume=True, **(SMALL | {"units": 8})
        )
    with pytest.raises(MitseqError, match="had other data"):
        train_words_model(small_texts(2), trained, resume=True, **SMALL)
    with pytest.raises(MitseqError, match="exists. Pass `resume`"):
        train_words_model(small_texts(), trained, **SMALL)
