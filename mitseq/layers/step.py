r"""What a step is: the two contracts that everything step by step rests on.

Slide: Lecture 2, "RNN State Update and Output": a step takes an input and the
states before it, and gives an output and the states after it.

`StepByStep` is what a layer offers so that `mitseq.generate` can write with
it, one token at a time: attention does, and a layer of your own may.
`Equations` is one step of a recurrence with its derivative by hand, which the
engine (`bptt.py`) runs over all steps; `equations.py` has those of the slides.

Letters: T steps, B batch, D features, H units, G gates; m the recurrent
dropout's mask `(B, H)`, None for none; zx_t `(B, G*H)` what the input says to
the gates, z_t what they hear in all, h_in = m * h_{t-1} what went into the
products.
"""

import abc
from typing import Protocol, runtime_checkable

import tensorflow as tf

from mitseq.layers.sums import sum_over_time

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


class Equations(abc.ABC):
    """One step of a recurrence, its derivative, and its weights' gradients.

    A subclass is a frozen dataclass: equal equations share what XLA compiled.
    Its states and gates are `(B, H)` each, h the first of the states; its
    weights are the recurrent ones, in an order of its own.
    """

    @abc.abstractmethod
    def forward(self, zx_t, states, weights, m=None):
        """Returns states_t and what to keep, from zx_t and states_{t-1}."""

    @abc.abstractmethod
    def factors(self, kept, states, states_prev, h_in):
        """Returns the derivatives of the gates: they know no gradient."""

    @abc.abstractmethod
    def backward(self, dstates, factors_t, transposed, m=None):
        """Returns dL/dz_t and dL/dstates_{t-1}, from dL/dstates_t.

        Args:
            dstates: dL/dstates_t.
            factors_t: From `factors`.
            transposed: The weights, every matrix of them transposed.
            m: The recurrent dropout's mask, or None.
        """

    def into_products(self, dz, kept, h_in):
        """Returns what the weights' gradients are products of.

        Args:
            dz: `(T, B, G*H)`, all steps.
            kept: What `forward` kept, `(T, B, H)` each.
            h_in: `(T, B, H)`.

        Returns:
            The operands of `weight_gradients`. h_in alone means h_in and dz,
            so that dz need not leave a compiled loop twice.
        """
        return (h_in,)

    def weight_gradients(self, h_in, dz):
        """Returns dL/dW for each of the weights: sums over time."""
        # dL/dW_h = sum_t h_{t-1}^T dz_t
        return (sum_over_time(h_in, dz),)
