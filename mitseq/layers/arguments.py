"""What arguments of a layer must be; each mistake is said by name.

No slide of its own. A check stands in `__init__` or `build`, where an error
arrives as it was raised: Keras wraps what is raised in `call`.
"""

import operator

import keras
import numpy as np
import tensorflow as tf

from mitseq.arguments import MOST, is_int, wrong


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
        raise wrong(name, "be a positive int", value)
    if size > MOST:
        raise wrong(name, f"be at most {MOST:,}", value)
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
        must = "be a number in [0, 1), the share to drop"
        raise wrong(name, must, value)
    return value


def check_layer_seed(seed: int | None) -> int | None:
    """Returns the seed of a layer, None for one of its own.

    Raises:
        ValueError: if `seed` is no int of 64 bits.
    """
    if seed is not None:
        if not is_int(seed) or not -(2**63) <= seed < 2**63:
            raise wrong("seed", "be an int of 64 bits or None", seed)
    return seed


def tensor_of(value: object, name: str) -> tf.Tensor:
    """Returns a tensor of numbers or bools; one is returned as it is.

    Raises:
        ValueError: if `value` is nothing that a tensor holds, or holds text.

    Example:

    >>> tensor_of([[1, 2]], "tokens").shape
    TensorShape([1, 2])
    """
    if tf.is_tensor(value) or keras.backend.is_keras_tensor(value):
        return value
    try:
        array = np.asarray(getattr(value, "value", value))
        if array.dtype.kind in "biufcV" and array.ndim:
            return keras.ops.convert_to_tensor(value)
    except (ValueError, TypeError, OverflowError):
        pass
    raise wrong(name, "be a tensor or an array of numbers", value)


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
