"""What follows each value of a series, and how much it changes.

Letters: T values, H horizon.
"""

import numpy as np


def next_values(values: np.ndarray, horizon: int) -> np.ndarray:
    """Returns the values that follow each, `(..., T - H, H)`.

    Example:

    >>> next_values(np.arange(5), 2)
    array([[1, 2],
           [2, 3],
           [3, 4]])
    """
    return np.lib.stride_tricks.sliding_window_view(
        values[..., 1:], horizon, axis=-1
    )


def from_first(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns values as they differ from the first, and the first.

    A model computes in float32: of a pressure in pascals it would see little
    more than the thousands. What changes is much smaller.

    Args:
        values: `(..., T)`.

    Returns:
        `(..., T)`, and `(..., 1)` to be added again.

    Example:

    >>> from_first(np.array([1e9 + 0.5, 1e9 + 0.75]))
    (array([0.  , 0.25]), array([1.e+09]))
    """
    values = np.asarray(values, "float64")
    return values - values[..., :1], values[..., :1]


def step_size(values: np.ndarray) -> np.ndarray:
    """Returns the mean change from a value to the next, `(..., 1)`, above 0."""
    change = np.abs(np.diff(values, axis=-1)).mean(axis=-1, keepdims=True)
    least = 1e-6 * np.abs(values).max(axis=-1, keepdims=True) + 1e-30
    return np.maximum(change, least)
