"""A ball in a box, step by step: where will it go next?

The lecture's opening slide, "Given an image of a ball, can you predict where it
will go next?" (docs/slides.md#ball). One position says nothing about the
direction; two say it all, until the ball meets a wall.
"""

import numpy as np


def ball_paths(
    count: int,
    num_steps: int,
    seed: int = 0,
    speed: tuple[float, float] = (0.04, 0.12),
) -> np.ndarray:  # (count, num_steps, 2)
    """Returns the paths of balls that fly straight and bounce off the walls.

    Args:
        count: Number of balls, each with its own start, direction and speed.
        num_steps: T, positions of each.
        seed: Decides starts, directions and speeds.
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
    # A wall is a mirror: the path goes on behind it, folded back.
    return (1 - np.abs(1 - straight % 2)).astype("float32")


def without_memory(paths: np.ndarray) -> np.ndarray:
    """Returns the guess from one position: the ball stays where it is.

    Every direction is as likely as any other, so nothing is better.

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
    straight = (paths + step)[..., :-1, :]
    return 1 - np.abs(1 - straight % 2)
