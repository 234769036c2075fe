"""Scenes show what their captions say, and unseen pairs stay unseen."""

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.caption import scenes
from mitseq.tasks.caption.folders import read_captioned
from mitseq.tasks.caption.scenes import (
    BALLS,
    KINDS,
    RELATIONS,
    UNSEEN_DIGITS,
    UNSEEN_PEOPLE,
    Digits,
    Person,
    all_scenes,
    choose_scenes,
    draw_scene,
    draw_scenes,
    is_unseen,
    scene_files,
)


def test_captions_are_those_of_the_lecture():
    captions = [s.caption for kind in KINDS for s in all_scenes(kind)]
    assert len(captions) == len(set(captions)) == 320
    for text in (
        "A baseball player throws a ball.",
        "A three to the left of a seven.",
        "An eight above a nine.",
        "A four below an eight.",
        "A two to the left of a two.",
    ):
        assert text in captions
    # of two digits the lower one is named first: one right caption a picture
    assert "A seven to the right of a three." not in captions
    assert "A two to the right of a two." not in captions


@pytest.mark.parametrize("kind", KINDS)
def test_seen_and_unseen_have_no_pair_in_common_but_all_parts(kind):
    seen, unseen = (all_scenes(kind, pairs) for pairs in ("seen", "unseen"))
    assert not {s.pair for s in seen} & {s.pair for s in unseen}
    assert {*seen, *unseen} == {*all_scenes(kind)}
    pairs = UNSEEN_PEOPLE if kind == "people" else UNSEEN_DIGITS
    assert {s.pair for s in unseen} == pairs
    parts = [part for s in seen for part in s.pair]
    assert {part for s in unseen for part in s.pair} <= set(parts)
    share = len(unseen) / len(all_scenes(kind))
    assert 0.1 <= share < 0.25


def test_the_slides_sentence_is_unseen():
    assert is_unseen(Person("baseball player", "throws"))
    assert is_unseen(Digits(3, 7, "above"))
    assert not is_unseen(Person("child", "throws"))


@pytest.mark.parametrize("relation", RELATIONS)
def test_digits_are_where_the_caption_says(monkeypatch, relation):
    # a light first digit and a dark second one tell who is where
    images = {
        1: np.full((1, 8, 8), 90, "uint8"),
        2: np.full((1, 8, 8), 255, "uint8"),
    }
    monkeypatch.setattr(scenes, "digit_images", lambda part: images)
    monkeypatch.setattr(scenes, "FINE", 1)
    for seed in range(30):
        rng = np.random.default_rng(seed)
        picture = draw_scene(Digits(1, 2, relation), rng, size=96).astype(float)
        paper, dark = np.median(picture), picture.min()
        darkness = (paper - picture) / (paper - dark)
        first = np.argwhere((darkness > 0.25) & (darkness < 0.5)).mean(axis=0)
        second = np.argwhere(darkness > 0.75).mean(axis=0)
        down, right = second - first
        across = abs(right) > abs(down)
        says = {
            "to the left of": across and right > 0,
            "to the right of": across and right < 0,
            "above": not across and down > 0,
            "below": not across and down < 0,
        }
        assert says[relation], (seed, relation, down, right)


@pytest.mark.parametrize("balls", BALLS)
def test_everything_of_a_person_is_on_the_page(balls):
    for person, action in UNSEEN_PEOPLE | {
        ("goalkeeper", "heads"),
        ("robot", "catches"),
    }:
        for seed in range(8):
            rng = np.random.default_rng(seed)
            picture = draw_scene(Person(person, action, balls), rng, size=96)
            paper = np.median(picture)
            dark = picture < paper - 90
            assert 0.015 < dark.mean() < 0.3
            edge = [dark[0], dark[-1], dark[:, 0], dark[:, -1]]
            assert not np.concatenate(edge).any(), (person, action, seed)


def test_the_same_seed_draws_the_same_and_another_one_others():
    chosen = choose_scenes(6, "all", np.random.default_rng(1))
    assert [type(s) for s in chosen] == [Digits, Person] * 3
    one, same, other = (
        draw_scenes(chosen, seed, size=32) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, same)
    assert (one != other).any(axis=(1, 2)).all()
    assert draw_scenes([], 0).shape == (0, 64, 64)


def test_files_are_what_a_training_reads(tmp_path):
    (tmp_path / "sub").mkdir()
    files = [tmp_path / "sub" / f"{i}.png" for i in range(4)]
    table = tmp_path / "captions.csv"
    captions = scene_files(files, table, "unseen", ("people",), 3, 48)
    found = read_captioned(tmp_path, 48)
    assert found.right_captions() == [(caption,) for caption in captions]
    unseen = {s.caption for s in all_scenes("people", "unseen")}
    assert set(captions) <= unseen
    assert found.pictures.std() > 20


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("dogs",), "`kind` must be"), (("people", "new"), "`pairs` must be")],
)
def test_words_that_are_none_are_named(arguments, message):
    with pytest.raises(MitseqError, match=message):
        all_scenes(*arguments)
