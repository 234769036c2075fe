"""Checks of what a student wrote in the notebook: `[PASS]`, or what came.

The notebook calls them with the student's function and its arguments. They are
named `test_...` because the notebook calls them so; ours are in `tests/`.
"""

import random
from collections.abc import Callable
from typing import Any

import numpy as np

Batches = Callable[[np.ndarray, int, int], tuple[np.ndarray, np.ndarray]]
Arguments = tuple[np.ndarray, int, int]  # data, seq_length, batch_size


def test_batch_func_types(func: Batches, args: Arguments) -> bool:
    """Checks that a batch is two NumPy arrays, the inputs and the targets.

    Args:
        func: The student's function.
        args: `(data, seq_length, batch_size)`, with which it is called.

    Returns:
        True, and `[PASS]` with the name of the check is printed.

    Raises:
        AssertionError: if it is something else, with what came.

    Example:

    >>> def one_row(data, seq_length, batch_size):
    ...     return data[None, :seq_length], data[None, 1 : seq_length + 1]
    >>> test_batch_func_types(one_row, (np.arange(10), 4, 1))
    [PASS] test_batch_func_types
    True
    """
    name = "test_batch_func_types"
    _batch(name, func, args)
    return _passed(name)


def test_batch_func_shapes(func: Batches, args: Arguments) -> bool:
    """Checks that inputs and targets are `(batch_size, seq_length)`.

    Arguments, return value and errors are those of `test_batch_func_types`.
    """
    name = "test_batch_func_shapes"
    _shaped_batch(name, func, args)
    return _passed(name)


def test_batch_func_next_step(func: Batches, args: Arguments) -> bool:
    """Checks that each target is the input of the next step.

    Arguments, return value and errors are those of `test_batch_func_types`.
    """
    name = "test_batch_func_next_step"
    x, y = _shaped_batch(name, func, args)
    if np.array_equal(x[:, 1:], y[:, :-1]):
        return _passed(name)
    hint = ""
    if np.array_equal(x, y):
        hint = " The targets are the inputs: they are not shifted."
    elif np.array_equal(x[:, :-1], y[:, 1:]):
        hint = (
            " The targets are shifted the other way: each is the input before."
        )
    row = int(np.argmax((x[:, 1:] != y[:, :-1]).any(axis=1)))
    raise _failure(
        name,
        "the target of a step must be the input of the next",
        f"in row {row}, the inputs {x[row, :6]} and the targets {y[row, :6]}",
        hint,
    )


def test_custom_dense_layer_output(y: Any) -> bool:
    """Checks the output of the dense layer of the notebook's first part.

    The layer has 3 outputs, a weight and a bias drawn after
    `tf.keras.utils.set_random_seed(1)`, and a sigmoid; its input is (1, 2).

    Args:
        y: Its output, (1, 3).

    Returns:
        True, and `[PASS]` with the name of the check is printed.

    Raises:
        AssertionError: if `y` has another shape or other values.
    """
    name = "test_custom_dense_layer_output"
    x, W, b = _dense_layer()
    given = np.asarray(y)
    if given.shape != (1, 3):
        raise _failure(
            name, "`y` must be of shape (1, 3): a row, 3 outputs", given.shape
        )
    z = x @ W + b
    expected = 1 / (1 + np.exp(-z))
    if np.allclose(given, expected, atol=1e-5):
        return _passed(name)
    hint = ""
    if np.allclose(given, z, atol=1e-5):
        hint = " The sigmoid is missing."
    elif np.allclose(given, 1 / (1 + np.exp(-x @ W)), atol=1e-5):
        hint = " The bias is missing."
    elif np.allclose(given, np.tanh(z), atol=1e-5):
        hint = " The activation is a tanh, expected a sigmoid."
    raise _failure(
        name,
        f"`y` must be sigmoid(x W + b) = {expected}, if "
        "`set_random_seed(1)` comes right before the layer is made",
        given,
        hint,
    )


def _dense_layer():
    """The notebook's x, and the W and b that Keras draws after seed 1."""
    import keras

    before = random.getstate()
    random.seed(1)  # Keras takes the seeds of initializers from here
    try:
        W = keras.initializers.GlorotUniform()((2, 3))
        b = keras.initializers.GlorotUniform()((1, 3))
    finally:
        random.setstate(before)
    arrays = map(keras.ops.convert_to_numpy, (W, b))
    return (np.array([[1.0, 2.0]], np.float32), *arrays)


def _batch(name: str, func: Batches, args: Arguments):
    """Calls the student's function; what it returns must be two arrays."""
    came = func(*args)
    if not isinstance(came, (tuple, list)) or len(came) != 2:
        count = len(came) if isinstance(came, (tuple, list)) else "one"
        raise _failure(
            name,
            "the function must return two things, inputs and targets",
            f"{count}, a {type(came).__name__}",
        )
    for what, array in zip(("inputs", "targets"), came, strict=True):
        if not isinstance(array, np.ndarray):
            raise _failure(
                name,
                f"the {what} must be a NumPy array",
                f"a {type(array).__name__}",
            )
    return came


def _shaped_batch(name: str, func: Batches, args: Arguments):
    _, seq_length, batch_size = args
    shape = batch_size, seq_length
    came = _batch(name, func, args)
    for what, array in zip(("inputs", "targets"), came, strict=True):
        if array.shape != shape:
            swapped = array.shape == shape[::-1]
            hint = " Batch and time are swapped." if swapped else ""
            raise _failure(
                name,
                f"the {what} must be of shape (batch_size, seq_length) = "
                f"{shape}",
                array.shape,
                hint,
            )
    return came


def _passed(name: str) -> bool:
    print(f"[PASS] {name}")
    return True


def _failure(name: str, expected: str, came: Any, hint: str = ""):
    return AssertionError(f"[FAIL] {name}: {expected}. Received: {came}.{hint}")
