"""Every person, action and number of balls is drawn in a way of its own."""

import itertools

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mitseq.tasks.caption.people import PEOPLE, POSES, Pen, draw_person


def drawn(person, action, balls, seed=0, side=1, ink=0):
    canvas = Image.new("L", (120, 120), 255)
    pen = Pen(ImageDraw.Draw(canvas), 60, 110, 80, side, 3, ink, 255)
    draw_person(pen, person, action, balls, np.random.default_rng(seed))
    return np.asarray(canvas)


def apart(one, other):
    return float((one != other).mean())


def test_whoever_and_whatever_differs_more_than_two_drawings_of_one():
    pictures = {
        key: drawn(*key) for key in itertools.product(PEOPLE, POSES, (1, 2))
    }
    assert len(pictures) == 120
    for one, other in itertools.combinations(pictures, 2):
        assert apart(pictures[one], pictures[other]) > 0.003, (one, other)


@pytest.mark.parametrize("action", POSES)
def test_a_second_ball_is_more_ink(action):
    one, two = ((drawn("child", action, n) < 128).sum() for n in (1, 2))
    assert two > one + 80


def test_a_figure_looks_to_the_side_that_is_asked_for():
    for action in POSES:
        right, left = (drawn("king", action, 1, side=s) for s in (1, -1))
        mirrored = left[:, ::-1]  # off by the middle's pixel at most
        shifted = np.roll(mirrored, 1, axis=1)
        assert min(apart(right, mirrored), apart(right, shifted)) < 0.04
        assert apart(right, left) > 0.01


def test_hands_feet_and_balls_move_a_little():
    one, other = (drawn("robot", "kicks", 1, seed) for seed in (1, 2))
    assert 0 < apart(one, other) < 0.1


def test_a_pen_turns_heights_into_pixels():
    pen = Pen(None, x=60, y=110, height=80, side=-1, width=1, ink=0, paper=255)
    assert pen.at((0, 0)) == (60, 110)
    assert pen.at((0.5, 1)) == (20, 30)
