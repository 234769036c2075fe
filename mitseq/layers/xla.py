"""When a loop over time is compiled by XLA, and how.

No slide of its own. There are two ways to run the loops of `bptt.py`, with the
same numbers. XLA joins the element-wise work of a step, which pays while the
product of a step is small; TensorFlow's own products are faster for large
matrices and for half precision.

Letters: T steps, B batch, D features, H units.
"""

import functools
import logging
from collections.abc import Callable

import tensorflow as tf

_log = logging.getLogger(__name__)

# Where it pays. Compiling takes about a second, so a very small layer has no
# use for it.
XLA_UNITS = range(128, 1024)


def is_fastest(x: tf.Tensor, units: int) -> bool:  # (T, B, D), H
    """Tells whether XLA should compile the loops of this training step.

    Only where a graph is traced, as `fit` does. If the number of steps is not
    known by then, batches differ in length, and each would be compiled anew.
    On a GPU Keras itself chooses XLA for these layers. The log says once for
    each H which way is taken.
    """
    fastest = (
        not tf.executing_eagerly()
        and tf.test.is_built_with_xla()
        and not tf.config.list_physical_devices("GPU")
        and x.shape[0] is not None
        and x.dtype == tf.float32
        and units in XLA_UNITS
    )
    if not tf.executing_eagerly():
        _say_once(units, x.dtype.name, "XLA" if fastest else "TensorFlow")
    return fastest


def runner(compiled: bool) -> Callable:
    """Returns what runs the loops: XLA, or TensorFlow as it is.

    XLA takes a second at first, but once for a shape. So layers and models
    share what was compiled: those of a stack, of a cross-validation, of a
    search for settings.

    Returns:
        A function of a function, its first argument, which must have a hash
        and stays outside the graph, and its other ones, tensors or None.

    Example:

    >>> run = runner(compiled=False)
    >>> float(run(lambda by, x: by * x, 2.0, tf.constant(3.0)))
    6.0
    """
    return _compiled if compiled else lambda run, *arguments: run(*arguments)


@functools.cache
def _say_once(units, dtype, road):
    _log.info("Recurrence of %d units, %s: loops by %s.", units, dtype, road)


def _compiled(function, fixed, *arguments):
    shapes = tuple(
        None if x is None else (x.dtype, *x.shape)
        for x in tf.nest.flatten(arguments)
    )
    return _program(function, fixed, shapes)(*arguments)


@functools.lru_cache(maxsize=256)
def _program(function, fixed, shapes):
    return tf.function(
        functools.partial(function, fixed),
        jit_compile=True,
        autograph=False,
    )
