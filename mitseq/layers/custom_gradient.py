"""A gradient written by hand, in a graph that can be forgotten.

No slide of its own. `tf.custom_gradient` registers a new gradient each time a
graph is traced, in a list that TensorFlow keeps for good; with the gradient it
keeps the graph. A notebook that trains thirty small models would hold thirty
graphs. Here the gradient is kept by its own graph, and leaves with it; what
TensorFlow's list keeps is a name, and how to ask that graph.
"""

import functools
import itertools
import weakref
from collections.abc import Callable

import tensorflow as tf

_numbers = itertools.count()


def custom_gradient(function: Callable) -> Callable:
    """Does what `tf.custom_gradient` does, and keeps no graph alive.

    Args:
        function: Takes tensors; returns a tensor or a tuple of them, and a
            function of the gradients that reach them, which returns those of
            the arguments, in their order. It must not use variables: it is
            given their values.

    Example:

    >>> @custom_gradient
    ... def clipped(x):
    ...     return x * x, lambda dy: (tf.clip_by_value(dy * 2 * x, -1.0, 1.0),)
    >>> x = tf.constant([0.25, 3.0])
    >>> with tf.GradientTape() as tape:
    ...     tape.watch(x)
    ...     y = clipped(x)
    >>> tape.gradient(y, x).numpy().tolist()
    [0.5, 1.0]
    """

    @functools.wraps(function)
    def call(*arguments):
        arguments = [tf.convert_to_tensor(x) for x in arguments]
        if tf.executing_eagerly():
            return tf.custom_gradient(function)(*arguments)
        # A tape records the operations of a graph one by one, by their types'
        # own gradients. A function of its own is one operation to it, and the
        # gradient of that asks the graph inside.
        inside = functools.partial(_traced, function)
        return tf.function(inside, autograph=False)(*arguments)

    return call


def _traced(function, *arguments):
    result, gradient = function(*arguments)
    outputs = tf.nest.flatten(result)
    name = _registered(outputs[0].graph, gradient, len(outputs))
    with outputs[0].graph.gradient_override_map({"IdentityN": name}):
        named = tf.identity_n([*outputs, *arguments])
    return tf.nest.pack_sequence_as(result, named[: len(outputs)])


def _registered(graph, gradient, num_outputs):
    """Returns a new name by which TensorFlow finds the gradient."""
    name = f"mitseq.custom_gradient-{next(_numbers)}"
    graph.add_to_collection(name, gradient)
    graph = weakref.ref(graph)

    @tf.RegisterGradient(name)
    @tf.autograph.experimental.do_not_convert
    def of_named(_, *d_named):
        # Both the outputs and the arguments go through the operation: the
        # gradient of an argument comes from the outputs alone.
        [gradient] = graph().get_collection(name)
        d_arguments = gradient(*d_named[:num_outputs])
        return [*[None] * num_outputs, *tf.nest.flatten(d_arguments)]

    return name
