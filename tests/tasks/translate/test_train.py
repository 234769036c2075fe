"""Training learns, resumes as if it was never killed, and names mistakes."""

import signal

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.translate.model import load_translation_model
from mitseq.tasks.translate.pairs import read_pairs
from mitseq.tasks.translate.train import train_translation_model
from mitseq.training.interrupt import Interrupted
from mitseq.training.run import read_history
from tests.tasks.translate.conftest import SMALL, small_pairs


def test_training_learns_and_leaves_model_history_and_test(trained):
    rows = read_history(trained / "history.csv")
    assert rows[-1]["val_loss"] < 0.3 * rows[0]["val_loss"]
    assert read_pairs(trained / "test.tsv") == list(small_pairs().test)


def test_resumed_in_the_middle_it_ends_as_if_it_was_not(tmp_path, monkeypatch):
    from mitseq.training import fit as fitting

    pairs = small_pairs(64)
    settings = {**SMALL, "epochs": 2, "dropout": 0.1, "attention": "none"}
    whole = train_translation_model(pairs, tmp_path / "whole", **settings)
    real = fitting.Snapshots.on_train_batch_end

    def stop(self, batch, logs=None):
        if self.state.step == 1 and self.state.epoch == 1:
            self.run.request.came = signal.SIGTERM
        real(self, batch, logs)

    monkeypatch.setattr(fitting.Snapshots, "on_train_batch_end", stop)
    with pytest.raises(Interrupted):
        train_translation_model(pairs, tmp_path / "run", **settings)
    monkeypatch.setattr(fitting.Snapshots, "on_train_batch_end", real)
    rows = train_translation_model(
        pairs, tmp_path / "run", resume=True, **settings
    )
    for ours, theirs in zip(rows, whole, strict=True):
        assert ours | {"seconds": 0} == theirs | {"seconds": 0}
    inputs = [np.array([[100, 101, 2]]), np.array([[1, 100]])]
    np.testing.assert_array_equal(
        *(
            load_translation_model(tmp_path / name)(inputs)
            for name in ("run", "whole")
        )
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"cell": "cnn"}, "`cell` must be one of"),
        ({"epochs": 0}, "`epochs` must be positive"),
        ({"batch_size": 0}, "`batch_size` must be positive"),
        ({"learning_rate": -1.0}, "`learning_rate` must be positive"),
        ({"resume": True}, "no training to resume"),
        ({"units": 12, "cell": "transformer"}, "must be a multiple of 8"),
    ],
)
def test_arguments_that_do_not_fit_are_named(tmp_path, arguments, message):
    with pytest.raises(MitseqError, match=message):
        train_translation_model(
            small_pairs(20), tmp_path, **(SMALL | arguments)
        )
