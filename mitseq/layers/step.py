"""What a step is, to whatever writes step by step: the contract of a layer.

Slide: Lecture 2, "RNN State Update and Output": a step takes an input and the
states before it, and gives an output and the states after it. A layer that
keeps the contract can be written with (`mitseq.generate`), one token at a time:
attention does, and a layer of your own may.

Letters: T steps, B batch, D features.
"""

from typing import Protocol, runtime_checkable

import tensorflow as tf

# Tensors in any structure; the first axis of each is the batch.
States = tf.Tensor | list | tuple | dict


@runtime_checkable
class StepByStep(Protocol):
    """A layer that says itself what one step of it is.

    Called as a whole it reads `(B, T, D)`, in training; step by step it must
    give the same numbers. Any layer with these two methods is one: there is
    nothing to inherit from. (A `keras.layers.RNN` needs neither, its cell is
    the step; nor does a layer that treats every step alone, as `Dense` does.)

    Example:

    >>> import keras, mitseq
    >>> class SumSoFar(keras.layers.Layer):
    ...     def call(self, x):  # (B, T, D)
    ...         return keras.ops.cumsum(x, axis=1)
    ...
    ...     def step_state(self, batch_size, num_steps):
    ...         return keras.ops.zeros((batch_size, 4))
    ...
    ...     def step(self, x_t, total):  # (B, D)
    ...         total = total + x_t
    ...         return total, total
    >>> isinstance(SumSoFar(), StepByStep)
    True
    >>> ids = keras.Input((None,), dtype="int32")
    >>> x = SumSoFar()(keras.layers.Embedding(9, 4)(ids))
    >>> model = keras.Model(ids, keras.layers.Dense(9)(x))
    >>> written, _ = mitseq.generate(model, [[1, 2]], max_length=6, seed=1)
    >>> written.shape
    (1, 6)
    """

    def step_state(self, batch_size: int, num_steps: int) -> States:
        """Returns the state before the first step.

        Args:
            batch_size: B, an int or a scalar tensor.
            num_steps: How many steps will be taken at most. If there are more
                after all, a state whose size hangs on it (a cache) is filled
                up with zeros at its end.

        Returns:
            Tensors, in any structure; the first axis of each is the batch.

        Raises:
            ValueError: if the layer cannot be called step by step, or not for
                so many steps; `generate` hands the message on.
        """

    def step(self, x_t: tf.Tensor, states: States) -> tuple[tf.Tensor, States]:
        """Reads one token of each row.

        Args:
            x_t: `(B, D)`.
            states: As `step_state` or the step before returned them.

        Returns:
            `y_t`, what the whole call gives at this step, and the new states,
            of the same structure, shapes and dtypes.
        """
