"""Pieces of measured paths: what is learned from, and what is held out."""

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.ball.tracks import Tracks

# Each position is its own number: 0, 1, 2, ... and 100, 101, ...
PATHS = [
    np.arange(start, start + count)[:, None].repeat(2, axis=1)
    for start, count in ((0, 40), (100, 20))
]


def test_the_end_of_each_path_is_never_learned_from():
    tracks = Tracks(PATHS, length=10, batch=50, steps=20)
    seen = set()
    for epoch in (1, 2):
        tracks.start(epoch)
        for x, y in (tracks[i] for i in range(len(tracks))):
            assert x.shape == (50, 9, 2)
            np.testing.assert_array_equal(y, x + 1)  # the next position
            seen |= set(x.ravel()) | set(y.ravel())
    assert seen == {*range(32), *range(100, 116)}
    held = [set(piece.ravel()) for piece in tracks.held_out]
    assert held == [{*range(32, 36)}, {*range(36, 40)}, {*range(116, 120)}]


def test_an_epoch_is_the_same_again_and_the_next_another():
    tracks = Tracks(PATHS, length=10, batch=5, steps=1)
    drawn = []
    for epoch in (1, 2, 1):
        tracks.start(epoch)
        drawn.append(tracks[0][0])
    np.testing.assert_array_equal(drawn[0], drawn[2])
    assert (drawn[0] != drawn[1]).any()


def test_a_path_that_is_too_short_is_refused():
    with pytest.raises(MitseqError, match="at least 20.*one with 19"):
        Tracks([PATHS[0], PATHS[1][:19]], length=10, batch=5, steps=1)
