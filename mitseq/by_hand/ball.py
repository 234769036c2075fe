"""A ball in a box, step by step: where will it go next?

The lecture's opening slide, "Given an image of a ball, can you predict where it
will go next?" (docs/slides.md#ball). One position says nothing about the
direction; two say it all, until the ball meets a wall. Who remembers the speed
from before the wall knows it again.
"""

from collections.abc import Sequence

import numpy as np

SAME = 1e-5  # steps that differ by less are equal: positions are float32


def ball_paths(
    count: int,
    num_steps: int,
    seed: int | Sequence[int] = 0,
    speed: tuple[float, float] = (0.04, 0.12),
) -> np.ndarray:  # (count, num_steps, 2)
    """Returns the paths of balls that fly straight and bounce off the walls.

    Args:
        count: Number of balls, each with its own start, direction and speed.
        num_steps: T, positions of each.
        seed: Decides starts, directions and speeds; one number or several.
        speed: Lowest and highest, in box widths a step.

    Returns:
        `(count, num_steps, 2)` of float32, x and y in a box from 0 to 1.

    Example:

    >>> path = ball_paths(1, 4, seed=1)[0]
    >>> path.shape, bool(((path >= 0) & (path <= 1)).all())
    ((4, 2), True)
    """
    rng = np.random.default_rng(seed)
    start = rng.uniform(0, 1, (count, 1, 2))
    angle = rng.uniform(0, 2 * np.pi, (count, 1))
    direction = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    step = rng.uniform(*speed, (count, 1, 1)) * direction
    straight = start + step * np.arange(num_steps)[:, None]
    return _folded(straight).astype("float32")


def without_memory(paths: np.ndarray) -> np.ndarray:
    """Returns the guess from one position: the ball stays where it is.

    Every direction is as likely as any other, so away from the walls nothing is
    better. Near a wall something is: the ball cannot fly through it, so it is
    a little more likely to be farther inside.

    Args:
        paths: `(..., T, 2)`, positions.

    Returns:
        `(..., T - 1, 2)`, the guess for the position after each but the last.
    """
    return paths[..., :-1, :]


def from_two_positions(paths: np.ndarray) -> np.ndarray:
    """Returns the guess from two: the same step once more, folded back.

    Args:
        paths: `(..., T, 2)`, positions.

    Returns:
        `(..., T - 1, 2)`, the guess for the position after each but the last;
        for the first, which has none before it, that it stays.
    """
    step = np.diff(paths, axis=-2, prepend=paths[..., :1, :])
    return _folded((paths + step)[..., :-1, :])


def from_all_positions(paths: np.ndarray) -> np.ndarray:
    """Returns the guess of the physical rule, which remembers the speed.

    Along each axis the speed is the longest step so far, for a step in which
    the ball bounced is shorter. After a bounce it flies away from the wall that
    it is near to. Once there was a step without a bounce, nothing is left to
    guess.

    Args:
        paths: `(..., T, 2)`, positions.

    Returns:
        `(..., T - 1, 2)`, the guess for the position after each but the last;
        for the first, which has none before it, that it stays.

    Example:

    >>> path = np.array([[0.65, 0.5], [0.85, 0.5], [0.95, 0.5], [0.75, 0.5]])
    >>> float(from_two_positions(path)[-1, 0].round(2))  # the same step
    0.95
    >>> float(from_all_positions(path)[-1, 0].round(2))  # away from the wall
    0.75
    """
    step = np.diff(paths, axis=-2, prepend=paths[..., :1, :])
    speed = np.maximum.accumulate(np.abs(step), axis=-2)
    bounced = np.abs(step) < speed - SAME
    away = np.where(paths < 0.5, 1, -1)
    direction = np.where(bounced, away, np.sign(step))
    return _folded((paths + direction * speed)[..., :-1, :])


def rule_ahead(paths: np.ndarray, steps: int) -> np.ndarray:
    """Returns where the physical rule sees the ball after 1, 2, ... steps.

    Args:
        paths: `(..., T, 2)`, the positions seen.
        steps: Positive int.

    Returns:
        `(..., steps, 2)`.

    Example:

    >>> path = np.array([[0.5, 0.5], [0.7, 0.5], [0.9, 0.5]])
    >>> rule_ahead(path, 3)[:, 0].round(2)
    array([0.9, 0.7, 0.5])
    """
    seen = paths.shape[-2]
    for _ in range(steps):
        # the guess for a last position is not asked for: any will do
        more = np.concatenate([paths, paths[..., -1:, :]], axis=-2)
        guess = from_all_positions(more)[..., -1:, :]
        paths = np.concatenate([paths, guess], axis=-2)
    return paths[..., seen:, :]


def _folded(straight: np.ndarray) -> np.ndarray:
    # A wall is a mirror: the path goes on behind it, folded back.
    return 1 - np.abs(1 - straight % 2)
