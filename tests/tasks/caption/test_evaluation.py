"""Right is right word by word; chance is chance."""

import numpy as np
import pytest

from mitseq.tasks.caption import evaluation
from mitseq.tasks.caption.evaluation import (
    Score,
    evaluate_caption_model,
    evaluate_on_pictures,
    fresh_scenes,
    is_right,
    probabilities,
    score,
    together,
)
from mitseq.tasks.caption.folders import read_captioned
from mitseq.tasks.caption.model import load_caption_model
from mitseq.tasks.caption.outside import KINDS as OUTSIDE
from mitseq.tasks.caption.predict import Caption
from mitseq.tasks.caption.scenes import KINDS, all_scenes
from mitseq.training.metrics import share_interval


@pytest.mark.parametrize(
    ("caption", "right"),
    [
        ("A child kicks a ball.", True),
        ("a child kicks a ball .", True),
        ("A child kicks a ball", False),
        ("A child kicks two balls.", False),
        ("A ball kicks a child.", False),
        ("", False),
    ],
)
def test_a_caption_is_right_if_all_words_are_in_their_order(caption, right):
    assert is_right(caption, ["A child kicks a ball."]) == right


def test_one_of_several_right_captions_is_enough():
    said = ["A cat.", "An animal.", "A dog."]
    right = [("A cat.", "An animal."), ("A cat.", "An animal."), "A cat."]
    assert score(said, right) == Score(2, 3)
    assert together([Score(1, 4), Score(2, 3)]) == Score(3, 7)


def test_a_score_tells_count_and_interval():
    told = Score(9, 10).as_dict()
    assert told["share"] == 0.9 and (told["right"], told["count"]) == (9, 10)
    assert told["interval"] == list(share_interval(9, 10))


def test_scenes_to_ask_about_are_new_ones_of_the_pairs_that_are_asked_for():
    for kind in KINDS:
        pictures, right = fresh_scenes(kind, "unseen", 30, size=32)
        assert pictures.shape == (30, 32, 32, 1)
        unseen = {s.caption for s in all_scenes(kind, "unseen")}
        assert set(right) <= unseen and len(set(right)) > 5
        again, _ = fresh_scenes(kind, "unseen", 30, size=32)
        np.testing.assert_array_equal(pictures, again)
        other, _ = fresh_scenes(kind, "unseen", 30, draw=1, size=32)
        assert (pictures != other).any()


def perfect(monkeypatch, answers):
    """In the place of a model: the right captions, from their pictures."""
    found = {}
    for kind in KINDS:
        for pairs in ("seen", "unseen"):
            pictures, right = fresh_scenes(kind, pairs, 200, 0, 16)
            for picture, caption in zip(pictures, right, strict=True):
                found[picture.tobytes()] = answers(caption)

    def captions(model, pictures):
        return [Caption(found[p.tobytes()], ("x",), (1.0,)) for p in pictures]

    monkeypatch.setattr(evaluation, "_captions", captions)


def test_who_is_always_right_has_all_and_chance_has_its_share(
    monkeypatch, trained
):
    perfect(monkeypatch, lambda caption: caption)
    model = load_caption_model(trained)  # for its size alone
    found = evaluate_caption_model(model, 200)
    assert found["the model"]["unseen"] == Score(400, 400)
    assert found["the model"]["seen"].share == 1
    # one of 320 captions
    assert found["by chance"]["unseen"].share < 0.03
    perfect(monkeypatch, lambda caption: caption + "!")
    found = evaluate_caption_model(model, 200)
    assert found["the model"]["digits, unseen"].share == 0


def test_pictures_of_a_folder_are_counted(trained, bars):
    model = load_caption_model(trained)
    found = evaluate_on_pictures(model, [read_captioned(bars, 16)])
    assert found["the model"]["pictures"] == Score(100, 100)
    assert 10 <= found["by chance"]["pictures"].right <= 45  # a quarter


def test_probabilities_are_of_both_worlds(trained):
    found = probabilities(load_caption_model(trained), count=3)
    names = {f"{kind}, unseen" for kind in KINDS} | set(OUTSIDE)
    assert set(found) == names
    for values in found.values():
        assert values.shape == (3,) and (0 <= values).all()
        assert (values <= 1).all()
