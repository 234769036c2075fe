"""Each word's target is the next one, and each epoch draws other scenes."""

import numpy as np

from mitseq.tasks.caption.rows import (
    PictureBatches,
    SceneBatches,
    encode_captions,
    shifted,
)
from mitseq.tasks.caption.scenes import KINDS, all_scenes
from mitseq.text.vocabulary import END, PAD, START
from mitseq.text.words import WordIndex, join_words, word_vocabulary

CAPTIONS = ["A child kicks a ball.", "A ball."]


def test_the_target_of_each_word_is_the_next_one():
    index = WordIndex(word_vocabulary(CAPTIONS))
    x, y = encode_captions(index, CAPTIONS)
    assert x.shape == y.shape == (2, 7)
    assert (x[:, 0] == START).all()
    np.testing.assert_array_equal(x[0, 1:], y[0, :-1])
    assert index.words(x[0]) == ["a", "child", "kicks", "a", "ball", "."]
    assert y[1].tolist()[3:] == [END, PAD, PAD, PAD]
    x, y = encode_captions(index, CAPTIONS, num_steps=9)
    assert x.shape == (2, 9) and (x[:, -1] == PAD).all()


def test_scenes_are_of_pairs_that_are_allowed_and_new_in_each_epoch():
    allowed = {s.caption for k in KINDS for s in all_scenes(k, "seen")}
    index = WordIndex(word_vocabulary(allowed))
    batches = SceneBatches(index, 12, 6, steps=2, size=16)
    seen = []
    for epoch in (1, 2):
        batches.start(epoch)
        for i in range(len(batches)):
            (pictures, x), y = batches[i]
            assert pictures.shape == (6, 16, 16, 1)
            assert pictures.dtype == np.uint8
            for row in y:
                assert join_words(index.words(row)) in allowed
            seen.append(pictures.tobytes())
    assert len(set(seen)) == 4
    batches.start(1)  # the same epoch, the same scenes
    assert batches[0][0][0].tobytes() == seen[0]


def test_an_epoch_has_every_caption_with_its_own_picture():
    pictures = np.arange(3, dtype="uint8")[:, None, None, None] * np.ones(
        (1, 16, 16, 1), "uint8"
    )
    rows = [0, 0, 1, 2, 2]
    x = np.arange(5)[:, None] + 10
    batches = PictureBatches(pictures, rows, x, x + 1, 2, seed=0)
    met = []
    for i in range(len(batches)):
        (shown, read), target = batches[i]
        np.testing.assert_array_equal(target, read + 1)
        for picture, caption in zip(shown, read[:, 0], strict=True):
            assert (picture == rows[caption - 10]).all()
        met += read[:, 0].tolist()
    assert len(met) == 6 and set(met) == {10, 11, 12, 13, 14}


def test_a_shift_moves_what_is_there():
    picture = np.arange(9, dtype="uint8").reshape(3, 3, 1)
    up = shifted(picture, -1, 0)[..., 0]
    assert up.tolist() == [[3, 4, 5], [6, 7, 8], [6, 7, 8]]
    left = shifted(picture, 0, -2)[..., 0]
    assert left.tolist() == [[2, 2, 2], [5, 5, 5], [8, 8, 8]]
    np.testing.assert_array_equal(shifted(picture, 0, 0), picture)
