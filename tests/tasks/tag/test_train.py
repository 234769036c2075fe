"""Training learns, resumes as if it was never killed, and names mistakes."""

import json
import signal

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.tag.baseline import MostFrequentTag
from mitseq.tasks.tag.conllu import read_conllu
from mitseq.tasks.tag.model import load_tag_model
from mitseq.tasks.tag.predict import tag_probs
from mitseq.tasks.tag.sentences import Treebank
from mitseq.tasks.tag.train import HeldOut, train_tag_model
from mitseq.training.interrupt import Interrupted
from mitseq.training.run import read_history
from tests.tasks.tag.conftest import SENTENCES, SMALL, sentence, small_treebank


def test_training_learns_and_leaves_what_evaluate_needs(trained):
    rows = read_history(trained / "history.csv")
    assert rows[-1]["val_loss"] < 0.2 * rows[0]["val_loss"]
    assert rows[-1]["val_accuracy"] == 1.0
    assert read_conllu([trained / "test.conllu"]) == SENTENCES
    config = json.loads((trained / "most_frequent.json").read_text())
    assert MostFrequentTag.from_config(config).knows("arrow")


def test_held_out_counts_each_word_once_and_a_new_tag_as_wrong(trained):
    measured = HeldOut([*SENTENCES, sentence("a/SYM")])
    measured.set_model(load_tag_model(trained))
    logs = {}
    measured.on_epoch_end(0, logs)
    words = sum(len(s.words) for s in SENTENCES)
    assert logs["val_accuracy"] == pytest.approx(words / (words + 1))
    assert logs["val_loss"] > -np.log(1e-9) / (words + 1)


def test_resumed_in_the_middle_it_ends_as_if_it_was_not(tmp_path, monkeypatch):
    from mitseq.training import fit as fitting

    treebank = small_treebank(4)
    settings = {**SMALL, "epochs": 2, "dropout": 0.1}
    whole = train_tag_model(treebank, tmp_path / "whole", **settings)
    real = fitting.Snapshots.on_train_batch_end

    def stop(self, batch, logs=None):
        if self.state.step == 1 and self.state.epoch == 1:
            self.run.request.came = signal.SIGTERM
        real(self, batch, logs)

    monkeypatch.setattr(fitting.Snapshots, "on_train_batch_end", stop)
    with pytest.raises(Interrupted):
        train_tag_model(treebank, tmp_path / "run", **settings)
    monkeypatch.setattr(fitting.Snapshots, "on_train_batch_end", real)
    rows = train_tag_model(treebank, tmp_path / "run", resume=True, **settings)
    for ours, theirs in zip(rows, whole, strict=True):
        assert ours | {"seconds": 0} == theirs | {"seconds": 0}
    words = [s.words for s in SENTENCES]
    for ours, theirs in zip(
        *(
            tag_probs(load_tag_model(tmp_path / name), words)
            for name in ("run", "whole")
        ),
        strict=True,
    ):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"cell": "cnn"}, "`cell` must be one of"),
        ({"epochs": 0}, "`epochs` must be positive"),
        ({"batch_size": 0}, "`batch_size` must be positive"),
        ({"word_dropout": -1}, "`word_dropout` must be 0 or more"),
        ({"resume": True}, "no training to resume"),
    ],
)
def test_arguments_that_do_not_fit_are_named(tmp_path, arguments, message):
    with pytest.raises(MitseqError, match=message):
        train_tag_model(small_treebank(), tmp_path, **(SMALL | arguments))
    assert not (tmp_path / "run.json").exists()


def test_resuming_with_other_settings_or_sentences_is_an_error(trained):
    with pytest.raises(MitseqError, match="`units` must be as in the training"):
        train_tag_model(
            small_treebank(), trained, resume=True, **(SMALL | {"units": 8})
        )
    other = Treebank([*SENTENCES, sentence("a/NOUN")], SENTENCES)
    with pytest.raises(MitseqError, match="had other data"):
        train_tag_model(other, trained, resume=True, **SMALL)
    with pytest.raises(MitseqError, match="exists. Pass `resume`"):
        train_tag_model(small_treebank(), trained, **SMALL)
