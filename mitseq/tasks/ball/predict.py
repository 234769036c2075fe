"""From the positions seen to those to come: each prediction is fed back.

Slide: Lecture 2, "Given an image of a ball, can you predict where it will go
next?" (docs/slides.md#ball). Read model.py first.
"""

import keras
import numpy as np

from mitseq.errors import MitseqError
from mitseq.progress import follow

BATCH = 1024


def predict_next(model: keras.Model, paths: np.ndarray) -> np.ndarray:
    """Returns the prediction for each position after the first.

    Args:
        model: From `build_ball_model`.
        paths: `(B, T, 2)`, positions in a box from 0 to 1.

    Returns:
        `(B, T - 1, 2)`; the first one has seen one position, the last T - 1.

    Example:

    >>> from mitseq.tasks.ball.model import load_ball_model
    >>> path = np.linspace([0.3, 0.4], [0.6, 0.6], 7)[None]
    >>> predict_next(load_ball_model(), path)[0, -1].round(2)
    array([0.6, 0.6], dtype=float32)
    """
    parts = np.split(paths, range(BATCH, len(paths), BATCH))
    return np.concatenate([_call(model, part[:, :-1]) for part in parts])


def predict_ahead(
    model: keras.Model, seen: np.ndarray, steps: int
) -> np.ndarray:
    """Returns where a model sees the ball after 1, 2, ... steps.

    The model reads its own prediction as if the ball had been seen there.

    Args:
        model: From `build_ball_model`.
        seen: `(B, T, 2)`, positions in a box from 0 to 1.
        steps: Positive int.

    Returns:
        `(B, steps, 2)`.

    Raises:
        MitseqError: if there is no position or no step.

    Example:

    >>> from mitseq.tasks.ball.model import build_ball_model
    >>> model = build_ball_model(units=4)
    >>> predict_ahead(model, np.full((1, 3, 2), 0.5), steps=5).shape
    (1, 5, 2)
    """
    count, length = seen.shape[:2]
    if length < 1 or steps < 1:
        raise MitseqError(
            "there must be at least one position and one step. Received: "
            f"{length} positions, steps={steps}."
        )
    # What stands behind the present is not seen by any of the models.
    paths = np.zeros((count, length + steps, 2), "float32")
    paths[:, :length] = seen
    for t in follow(range(length, length + steps), "steps ahead"):
        paths[:, t] = predict_next(model, paths)[:, t - 1]
    return paths[:, length:]


def _call(model: keras.Model, paths: np.ndarray) -> np.ndarray:
    found = model(paths.astype("float32"), training=False)
    return keras.ops.convert_to_numpy(found)
