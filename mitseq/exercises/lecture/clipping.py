"""Gradients that explode are scaled down."""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake


# %% student
def clip_gradients(gradients, max_norm):
    """Returns the gradients, all scaled down if they are too long together.

    norm is the length of all gradients as one vector: the root of the sum of
    all squares. If it is above max_norm, each gradient is multiplied by
    max_norm / norm; if not, nothing changes. The direction stays.

    Args:
        gradients: A list of arrays, one for each weight.
        max_norm: Positive number.

    >>> clipped = clip_gradients([np.array([3.0, 4.0])], 1.0)
    >>> [g.round(2).tolist() for g in clipped]
    [[0.6, 0.8]]
    """
    # TODO: the norm, the scale, the list of the scaled gradients.
    # solution
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    scale = min(1.0, max_norm / norm)
    return [g * scale for g in gradients]
    # end


# %% check
EXERCISE = Exercise(
    module=__name__,
    function="clip_gradients",
    title="Clipping",
    slide="Standard RNN Gradient Flow: Exploding Gradients",
    code="mitseq.training.token_loss:compile_for_tokens",
    cases=lambda: [
        ([np.array([[3.0, 0.5], [0.0, -4.0]]), np.array([12.0, 0.1])], 2.0),
        ([np.array([0.1, -0.2]), np.array([[0.3]])], 1.0),
        ([np.array([0.0, 3.0]), np.array([[4.0]])], 0.5),
    ],
    mistakes=(
        Mistake(
            "Each number is clipped by itself. That turns the direction; the "
            "whole gradient is to be scaled.",
            {"g * scale": "np.clip(g, -max_norm, max_norm)"},
        ),
        Mistake(
            "Each array is scaled by its own norm. One norm, of all of them "
            "together, keeps the direction.",
            {
                "g * scale": "g * min(1.0, max_norm / np.sqrt(np.sum(g**2)))",
            },
        ),
        Mistake(
            "Short gradients are made longer. If the norm is not above "
            "max_norm, nothing changes.",
            {"min(1.0, max_norm / norm)": "max_norm / norm"},
        ),
        Mistake(
            "The root is missing: the norm is the root of the sum of squares.",
            {
                "np.sqrt(sum(np.sum(g**2) for g in gradients))": "sum(np.sum("
                "g**2) for g in gradients)"
            },
        ),
        Mistake(
            "The norm becomes 1, whatever max_norm says.",
            {"min(1.0, max_norm / norm)": "min(1.0, 1 / norm)"},
        ),
    ),
)
