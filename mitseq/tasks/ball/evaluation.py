"""How far off is a model, next to staying, to a rule, and at the walls?

Slide: Lecture 2, "Given an image of a ball, can you predict where it will go
next?" (docs/slides.md#ball). Errors are mean distances in box widths, of balls
that nothing was trained on, in three draws: the number is the mean of the
draws, its range goes from the lowest to the highest.
"""

import dataclasses
from collections.abc import Sequence

import keras
import numpy as np

from mitseq.by_hand.ball import (
    SAME,
    ball_paths,
    from_all_positions,
    from_two_positions,
    rule_ahead,
    without_memory,
)
from mitseq.errors import MitseqError
from mitseq.progress import follow
from mitseq.tasks.ball.predict import predict_ahead, predict_next
from mitseq.tasks.ball.train import SPEED, TEST

SEEN = 10  # positions, before it is asked for several steps
LENGTH = 40
STAYS, RULE = "stays where it is", "the physical rule"
PEERS = {
    STAYS: without_memory,
    "the same step once more": from_two_positions,
    RULE: from_all_positions,
}


@dataclasses.dataclass(frozen=True)
class Errors:
    """The errors of one predictor, a row a draw.

    Args:
        next: `(draws,)`, one step ahead.
        walls: `(draws,)`, the same where the ball has just bounced or is about
            to.
        ahead: `(draws, steps)`, after 1, 2, ... steps that it has fed back;
            None if it does not feed back.
    """

    next: np.ndarray
    walls: np.ndarray
    ahead: np.ndarray | None = None

    def as_dict(self) -> dict:
        """Returns means and ranges, for `--json`."""
        result = {
            "one_step": spread(self.next),
            "at_walls": spread(self.walls),
        }
        if self.ahead is not None:
            result["ahead"] = [spread(values) for values in self.ahead.T]
        return result


def spread(values: np.ndarray) -> dict:
    """Returns the mean of some values, the lowest and the highest.

    Example:

    >>> spread(np.array([1.0, 2.0, 6.0]))
    {'mean': 3.0, 'low': 1.0, 'high': 6.0}
    """
    return {
        "mean": float(np.mean(values)),
        "low": float(np.min(values)),
        "high": float(np.max(values)),
    }


def unseen_paths(
    count: int, draw: int, speed: tuple[float, float] = SPEED
) -> np.ndarray:
    """Returns balls that no training has seen, `(count, 40, 2)`.

    Args:
        count: Number of balls.
        draw: Another number, other balls.
        speed: Lowest and highest, in box widths a step.
    """
    return ball_paths(count, LENGTH, seed=[TEST, draw], speed=speed)


def evaluate_ball_model(
    model: keras.Model,
    draws: Sequence[np.ndarray],
    steps: int = 20,
    name: str = "the model",
) -> dict[str, Errors]:
    """Measures a model and those that need no training.

    Args:
        model: From `build_ball_model`.
        draws: Some paths each, `(B, T, 2)`; the first 10 positions are seen
            before several steps are predicted.
        steps: How many steps ahead.
        name: Of the model in the result.

    Returns:
        The errors of each, by name.

    Raises:
        MitseqError: if the paths are too short for so many steps.
    """
    shortest = min(paths.shape[1] for paths in draws)
    if not 1 <= steps <= shortest - SEEN:
        raise MitseqError(
            f"`steps` must be from 1 to {shortest - SEEN}: the paths have "
            f"{shortest} positions, {SEEN} are seen before. Received: "
            f"steps={steps}."
        )
    found: dict[str, list] = {}
    for paths in follow(draws, "measuring"):
        seen = paths[:, :SEEN]
        following = {name: predict_next(model, paths)}
        following |= {peer: guess(paths) for peer, guess in PEERS.items()}
        ahead = {
            name: predict_ahead(model, seen, steps),
            STAYS: np.repeat(seen[:, -1:], steps, axis=1),
            RULE: rule_ahead(seen, steps),
        }
        for one, guess in following.items():
            errors = _errors(paths, guess, ahead.get(one))
            found.setdefault(one, []).append(errors)
    return {one: _together(rows) for one, rows in found.items()}


def join(errors: Sequence[Errors]) -> Errors:
    """Returns the rows of several as one, such as of models of several seeds.

    Example:

    >>> one, other = (Errors(np.array([x]), np.array([x])) for x in (1.0, 2.0))
    >>> join([one, other]).next
    array([1., 2.])
    """
    parts = [(each.next, each.walls, each.ahead) for each in errors]
    following, walls, ahead = zip(*parts, strict=True)
    ahead = None if ahead[0] is None else np.concatenate(ahead)
    return Errors(np.concatenate(following), np.concatenate(walls), ahead)


def one_step_errors(model: keras.Model, paths: np.ndarray) -> dict[str, float]:
    """Returns how far off one knows to have been, on a path that was seen.

    Args:
        model: From `build_ball_model`.
        paths: `(B, T, 2)`, positions in a box from 0 to 1.

    Returns:
        The mean distance of the model and of those that need no training, from
        the third position on; nothing for a path of three positions or fewer.
    """
    if paths.shape[1] < 4:
        return {}
    guesses = {"the model": predict_next(model, paths)}
    guesses |= {name: guess(paths) for name, guess in PEERS.items()}
    return {
        name: float(_off(paths, guess).mean())
        for name, guess in guesses.items()
    }


def at_walls(paths: np.ndarray) -> np.ndarray:
    """Returns where the next step, or the last one, bounces off a wall.

    Args:
        paths: `(..., T, 2)`, of balls that fly straight in between.

    Returns:
        `(..., T - 3)` of bool, for each position but the first two and the
        last.

    Example:

    >>> x = np.array([0.3, 0.5, 0.7, 0.9, 0.9, 0.7, 0.5, 0.3])
    >>> at_walls(np.stack([x, x], axis=-1))
    array([False,  True,  True, False, False])
    """
    bends = np.abs(np.diff(paths, n=2, axis=-2)).max(axis=-1)
    return bends[..., 1:] > SAME


def _off(paths, following):
    # From the third position on: before, nobody can know.
    return np.linalg.norm(following - paths[:, 1:], axis=-1)[:, 2:]


def _errors(paths, following, ahead) -> tuple:
    off = _off(paths, following)
    walls = off[at_walls(paths)].mean() if at_walls(paths).any() else np.nan
    if ahead is None:
        return off.mean(), walls, None
    truth = paths[:, SEEN : SEEN + ahead.shape[1]]
    return off.mean(), walls, np.linalg.norm(ahead - truth, axis=-1).mean(0)


def _together(rows: list[tuple]) -> Errors:
    following, walls, ahead = zip(*rows, strict=True)
    ahead = None if ahead[0] is None else np.array(ahead)
    return Errors(np.array(following), np.array(walls), ahead)
