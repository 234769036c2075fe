"""A ball flies straight, bounces, and two positions tell where it goes."""

import numpy as np

from mitseq.by_hand.ball import (
    ball_paths,
    from_all_positions,
    from_two_positions,
    rule_ahead,
    without_memory,
)


def test_balls_stay_in_the_box_and_move_by_their_speed():
    paths = ball_paths(300, 40, seed=3, speed=(0.05, 0.1))
    assert paths.shape == (300, 40, 2) and paths.dtype == np.float32
    assert paths.min() >= 0 and paths.max() <= 1
    steps = np.linalg.norm(np.diff(paths, axis=1), axis=-1)
    # A step into a wall and back is shorter, no step is longer.
    assert steps.max() < 0.1 + 1e-5
    assert (np.median(steps, axis=1) > 0.05 - 1e-5).all()


def test_a_path_is_straight_between_walls():
    paths = ball_paths(300, 10, seed=0, speed=(0.01, 0.02))
    inside = ((paths > 0.05) & (paths < 0.95)).all(axis=(1, 2))
    bends = np.abs(np.diff(paths[inside], n=2, axis=1)).max()
    assert inside.sum() > 100 and bends < 1e-5
    bends = np.abs(np.diff(paths, n=2, axis=1)).max(axis=(1, 2))
    assert (bends[~inside] > 0.001).any()


def test_the_seed_decides():
    np.testing.assert_array_equal(ball_paths(3, 4, 7), ball_paths(3, 4, 7))
    assert (ball_paths(3, 4, 7) != ball_paths(3, 4, 8)).any()


def test_that_it_stays_is_the_best_guess_but_near_a_wall():
    paths = ball_paths(20_000, 2, seed=5)
    before, after = paths[:, 0], paths[:, 1]
    inward = np.array([0.03, 0.0])

    def gain(where):
        stays = np.linalg.norm(after - before, axis=1)[where]
        shifted = np.linalg.norm(after - before - inward, axis=1)[where]
        return (stays - shifted).mean()

    x, y = before.T
    far_from_walls = (np.abs(before - 0.5) < 0.3).all(axis=1)
    assert gain(far_from_walls) < 0
    assert gain((x < 0.02) & (np.abs(y - 0.5) < 0.3)) > 0.005


def test_two_positions_are_enough_away_from_walls():
    paths = ball_paths(500, 12, seed=1)
    next_ones = paths[:, 1:]
    guess = np.linalg.norm(without_memory(paths) - next_ones, axis=-1)
    known = np.linalg.norm(from_two_positions(paths) - next_ones, axis=-1)
    np.testing.assert_allclose(known[:, 0], guess[:, 0], atol=1e-6)
    assert np.median(known[:, 1:]) < 1e-6
    assert known[:, 1:].mean() < guess[:, 1:].mean() / 3


def test_the_rule_is_exact_at_walls_too_once_it_has_seen_three_positions():
    paths = ball_paths(500, 40, seed=2)
    off = np.linalg.norm(from_all_positions(paths) - paths[:, 1:], axis=-1)
    assert off[:, 2:].max() < 1e-4
    # two positions are not enough where the ball has just bounced
    off = np.linalg.norm(from_two_positions(paths) - paths[:, 1:], axis=-1)
    assert off[:, 2:].max() > 0.05


def test_the_rule_goes_on_as_the_ball_does():
    paths = ball_paths(200, 40, seed=4)
    ahead = rule_ahead(paths[:, :10], 30)
    np.testing.assert_allclose(ahead, paths[:, 10:], atol=1e-3)


def test_the_rule_by_hand():
    # 0.3 a step: to 0.9, into the wall at 1 and back to 0.8, then on to 0.5
    path = np.array([[0.3, 0.5], [0.6, 0.5], [0.9, 0.5], [0.8, 0.5]])
    np.testing.assert_allclose(
        rule_ahead(path, 3), [[0.5, 0.5], [0.2, 0.5], [0.1, 0.5]], atol=1e-9
    )


def test_seeds_of_several_numbers_are_other_balls():
    one, other = (ball_paths(2, 3, seed=[1, n]) for n in (0, 1))
    assert (one != other).any()
