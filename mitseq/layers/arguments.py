"""What arguments of a layer must be; each mistake is said by name.

No slide of its own. A check stands in `__init__` or `build`, where an error
arrives as it was raised: Keras wraps what is raised in `call`.
"""

import operator

import tensorflow as tf


def check_size(value: int, name: str) -> int:
    """Returns a size as a plain int (it may be a NumPy integer).

    Raises:
        ValueError: if `value` is not a positive int.

    Example:

    >>> check_size(4, "units")
    4
    """
    try:
        size = 0 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        size = 0
    if size < 1:
        raise ValueError(
            f"`{name}` must be a positive int. Received: {name}={value!r}."
        )
    return size


def check_rate(value: float, name: str) -> float:
    """Returns a rate of dropout.

    Raises:
        ValueError: if `value` is not a number in [0, 1).

    Example:

    >>> check_rate(0.5, "dropout")
    0.5
    """
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not 0 <= value < 1:
        raise ValueError(
            f"`{name}` must be a number in [0, 1), the share to drop. "
            f"Received: {name}={value!r}."
        )
    return value


def check_float(dtype: str | tf.DType, name: str) -> None:
    """Raises ValueError if a dtype is none of floating point."""
    dtype = getattr(dtype, "name", dtype)
    if "float" not in str(dtype):
        received = name if name == "dtype" else f"{name}.dtype"
        raise ValueError(
            f"`{name}` must be of a floating-point dtype, such as float32 "
            "(an Embedding makes vectors of token ids). "
            f"Received: {received}={dtype}."
        )


def check_sequence_shape(shape: tuple[int | None, ...], name: str) -> None:
    """Raises ValueError if a shape is not `(B, T, D)` with T >= 1."""
    if len(shape) != 3 or shape[-1] is None:
        raise ValueError(
            f"`{name}` must be a sequence of vectors, (B, T, D) with a known "
            f"D. Received: {name}.shape={tuple(shape)}."
        )
    if shape[1] == 0:
        raise ValueError(
            f"`{name}` must have at least one step. "
            f"Received: {name}.shape={tuple(shape)}."
        )
