"""When a loop over time is compiled by XLA, and how.

No slide of its own. There are two ways to run the loops of `bptt.py`, with the
same numbers. XLA joins the element-wise work of a step, which pays while the
product of a step is small; TensorFlow's own products are faster for large
matrices and for half precision. A few long rows are the exception: products of
them take XLA half of the time with the batch last, W^T h^T.

Letters: T steps, B batch, D features, H units.
"""

import functools
import itertools
import logging
from collections.abc import Callable

import tensorflow as tf

from mitseq.layers.custom_gradient import custom_gradient

_log = logging.getLogger(__name__)

# Where it pays. Compiling takes about a second, so a very small layer has no
# use for it.
XLA_UNITS = range(128, 1024)
BATCH_LAST_UNITS = XLA_UNITS.stop  # and more
BATCH_LAST_ROWS = 32  # and fewer


def is_fastest(x: tf.Tensor, units: int) -> bool:  # (T, B, D), H
    """Tells whether XLA should compile the loops of a training step.

    In a graph that is traced, as `fit` does, only if it knows the number of
    steps: else batches differ in length, and each would be compiled anew. In
    eager mode from the second batch of the same shape on. On a GPU Keras itself
    chooses XLA for these layers. The log says once for each H which way a
    graph's training takes.
    """
    fastest = (
        _can_be_compiled(x)
        and units in XLA_UNITS
        and (not tf.executing_eagerly() or _is_seen_again(x.shape, units))
    )
    if not tf.executing_eagerly():
        road = "XLA" if fastest else "TensorFlow"
        if _can_be_compiled(x) and units >= BATCH_LAST_UNITS:
            road += f", of up to {BATCH_LAST_ROWS} rows by XLA"
        _say_once(units, x.dtype.name, road)
    return fastest


def is_batch_last(x: tf.Tensor, units: int) -> bool | tf.Tensor:
    """Tells whether XLA should compile a training step with the batch last.

    `x` and `units` are those of `is_fastest`. Where only the running graph
    knows the batch, as in `fit`, this is a tensor; a graph that XLA compiles as
    a whole does not ask then.
    """
    batch = x.shape[1]
    possible = (
        _can_be_compiled(x)
        and units >= BATCH_LAST_UNITS
        and (batch is not None or not in_xla())
        and (not tf.executing_eagerly() or _is_seen_again(x.shape, units))
    )
    if not possible or batch is not None:
        return possible and 0 < batch <= BATCH_LAST_ROWS
    batch = tf.shape(x)[1]
    return (batch > 0) & (batch <= BATCH_LAST_ROWS)


def in_xla() -> bool:
    """Tells whether this graph is one that XLA compiles as a whole."""
    try:
        from tensorflow.python.ops import control_flow_util as control_flow

        graph = tf.compat.v1.get_default_graph()
        return control_flow.GraphOrParentsInXlaContext(graph)
    except (ImportError, AttributeError):
        return True  # unknown: what runs everywhere is taken


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


def _can_be_compiled(x):
    return (
        tf.test.is_built_with_xla()
        and not tf.config.list_physical_devices("GPU")
        and x.shape[0] is not None
        and x.dtype == tf.float32
    )


@functools.cache
def _say_once(units, dtype, road):
    _log.info(
        "Recurrence of %d units, %s: training loops by %s.", units, dtype, road
    )


def _is_seen_again(shape, units):
    return next(_times_seen(tuple(shape), units)) > 0


@functools.lru_cache(maxsize=1024)
def _times_seen(shape, units):
    return itertools.count()


def _compiled(function, fixed, *arguments):
    """Runs the program of these shapes, which XLA compiled.

    XLA's loops have no gradient of their own. Who asks for one all the same, in
    a second derivative, gets that of the same function as TensorFlow runs it.
    """
    flat = tf.nest.flatten(arguments)
    shapes = tuple(None if x is None else (x.dtype, *x.shape) for x in flat)
    program = _program(function, fixed, shapes)

    @custom_gradient
    def run(*tensors):
        unseen = [tf.stop_gradient(x) for x in tensors]  # by any tape
        result = program(*_filled_in(arguments, flat, unseen))

        def gradient(*d_outputs):
            with tf.GradientTape() as tape:
                tape.watch(tensors)
                again = function(fixed, *_filled_in(arguments, flat, tensors))
            return tape.gradient(tf.nest.flatten(again), tensors, d_outputs)

        return result, gradient

    return run(*(x for x in flat if x is not None))


def _filled_in(structure, flat, tensors):
    tensors = iter(tensors)
    given = [None if x is None else next(tensors) for x in flat]
    return tf.nest.pack_sequence_as(structure, given)


@functools.lru_cache(maxsize=64)
def _program(function, fixed, shapes):
    return tf.function(
        functools.partial(function, fixed),
        jit_compile=True,
        autograph=False,
    )
