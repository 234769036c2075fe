"""Training learns, resumes as if it was never killed, and names mistakes."""

import signal

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.caption.folders import read_pictures, read_rows
from mitseq.tasks.caption.model import (
    load_caption_model,
    picture_shape,
    vocabulary_of,
)
from mitseq.tasks.caption.predict import caption_pictures
from mitseq.tasks.caption.train import scene_captions, train_caption_model
from mitseq.training.interrupt import Interrupted
from mitseq.training.run import read_history
from tests.tasks.caption.conftest import CAPTIONS, SMALL, bar

SCENES = SMALL | {"steps": 2, "size": 16, "epochs": 2}


def test_training_on_a_folder_learns_what_is_where(trained, bars):
    rows = read_history(trained / "history.csv")
    assert rows[-1]["loss"] < 0.2 * rows[0]["loss"]
    model = load_caption_model(trained)
    pictures = np.stack([bar(where)[..., None] for where in CAPTIONS])
    found = caption_pictures(model, pictures)
    assert [each.text for each in found] == [*CAPTIONS.values()]
    assert min(each.probability for each in found) > 0.3
    # what it is judged by: files that are there, a tenth of them
    held_out = read_rows(trained / "test.csv")
    assert len(held_out) == 10 and set(held_out) < set(read_rows(bars))


def test_scenes_resumed_in_the_middle_end_as_if_they_were_not(
    tmp_path, monkeypatch
):
    from mitseq.training import fit as fitting

    whole = train_caption_model(tmp_path / "whole", **SCENES)
    real = fitting.Snapshots.on_train_batch_end

    def stop(self, batch, logs=None):
        if self.state.step == 1 and self.state.epoch == 1:
            self.run.request.came = signal.SIGTERM
        real(self, batch, logs)

    monkeypatch.setattr(fitting.Snapshots, "on_train_batch_end", stop)
    with pytest.raises(Interrupted):
        train_caption_model(tmp_path / "run", **SCENES)
    monkeypatch.setattr(fitting.Snapshots, "on_train_batch_end", real)
    rows = train_caption_model(tmp_path / "run", resume=True, **SCENES)
    for ours, theirs in zip(rows, whole, strict=True):
        assert ours | {"seconds": 0} == theirs | {"seconds": 0}
    models = [load_caption_model(tmp_path / name) for name in ("run", "whole")]
    inputs = [bar("top")[None, ..., None], np.array([[1, 100, 101]])]
    np.testing.assert_array_equal(*(model(inputs) for model in models))
    assert picture_shape(models[0]) == (16, 1)
    # no training on pictures: nothing was held out in files
    assert not (tmp_path / "run" / "test.csv").exists()


def test_the_slides_sentence_is_never_shown_but_all_its_words_are():
    captions = scene_captions()
    assert "A baseball player throws a ball." not in captions
    assert "A three to the left of a seven." not in captions
    for text in ("A baseball player", "throws a ball.", "a seven."):
        assert any(text in caption for caption in captions)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"decoder": "cnn"}, "`decoder` must be one of"),
        ({"size": 30}, "`size` must be a multiple of 8"),
        ({"epochs": 0}, "`epochs` must be positive"),
        ({"steps": 0}, "`steps` must be positive"),
        ({"batch_size": 0}, "`batch_size` must be positive"),
        ({"resume": True}, "no training to resume"),
    ],
)
def test_arguments_that_do_not_fit_are_named(tmp_path, arguments, message):
    with pytest.raises(MitseqError, match=message):
        train_caption_model(tmp_path, **(SCENES | arguments))
    assert not (tmp_path / "run.json").exists()


def test_resuming_with_other_settings_or_pictures_is_an_error(trained, bars):
    pictures = read_pictures([bars], size=16)
    other = read_pictures([bars], size=16, seed=1)
    with pytest.raises(MitseqError, match="`units` must be as in the training"):
        train_caption_model(
            trained, pictures, resume=True, **(SMALL | {"units": 8})
        )
    with pytest.raises(MitseqError, match="had other data"):
        train_caption_model(trained, other, resume=True, **SMALL)
    assert "top" in vocabulary_of(load_caption_model(trained))
