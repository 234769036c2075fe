r"""Rotary positions: queries and keys are turned by their place.

Slide: Lecture 2, "Learning Self-Attention with Neural Networks", step 1:
encode position information (docs/slides.md#position). Nothing is added to the
tokens; inside attention the product of a query and a key then hangs on the
distance of the two tokens alone.

Letters: T steps, K size of a head.
"""

import tensorflow as tf
from keras import ops


def rotary(
    x: tf.Tensor,  # (..., T, K)
    positions: tf.Tensor | None = None,  # broadcast to (..., T)
    max_wavelength: float = 10_000.0,
) -> tf.Tensor:  # (..., T, K)
    """Returns each pair of features, turned by an angle that grows with t.

    The product of a turned query and a turned key depends on the distance of
    their positions, not on where they stand. A pair is feature i and feature
    i + K/2.

    Args:
        x: Queries or keys; K is even.
        positions: Of the T steps; None for 0, 1, 2, ...
        max_wavelength: The longest wavelength over 2 pi.

    Returns:
        `x`, turned; its lengths stay what they were.

    Raises:
        ValueError: if K is not even.

    Example:

    >>> import math
    >>> x = ops.array([[1.0, 0.0]])
    >>> print(rotary(x, ops.array([math.pi / 2])).numpy().round(2))
    [[-0.  1.]]
    """
    x = ops.convert_to_tensor(x)
    K = x.shape[-1]
    check_even(K)
    if positions is None:
        positions = ops.arange(ops.shape(x)[-2])
    angles = angles_of(positions, K // 2, K, max_wavelength)
    cos = ops.cast(ops.cos(angles), x.dtype)
    sin = ops.cast(ops.sin(angles), x.dtype)
    a, b = x[..., : K // 2], x[..., K // 2 :]
    return ops.concatenate([a * cos - b * sin, b * cos + a * sin], axis=-1)


def check_even(head_dim: int) -> None:
    """Raises ValueError if pairs of features cannot be made."""
    if head_dim % 2:
        raise ValueError(
            "`head_dim` must be even for rotary positions, which turn pairs "
            f"of features. Received: head_dim={head_dim}."
        )


def angles_of(
    positions: tf.Tensor,  # (...)
    num_waves: int,
    size: int,
    max_wavelength: float = 10_000.0,
) -> tf.Tensor:  # (..., num_waves)
    """Returns how far each wave is at each position, in radians.

    Equation: `angles[t, i] = t / max_wavelength^(2i / size)`; the features that
    all waves fill are `size`, two each.

    Example:

    >>> print(angles_of(ops.array([0, 3]), 2, 4, 100.0).numpy())
    [[0.  0. ]
     [3.  0.3]]
    """
    positions = ops.cast(positions, "float32")[..., None]  # (..., 1)
    i = ops.arange(num_waves, dtype="float32")
    return positions * max_wavelength ** (-2 * i / size)
