r"""Backpropagation through time, written by hand: the engine of three layers.

Slides: "RNNs: Backpropagation Through Time", "Standard RNN Gradient Flow".
Read equations.py first: one step of each layer, and its derivative. Here is the
loop over the steps, forward and back; when XLA compiles it is in xla.py.

Forward, for t = 1..T, with zx_t = x_t W_x + b (one product for all steps):

    states_t = f(zx_t, states_{t-1}, W_h)

Backward, for t = T..1. What reaches h_t is a local part, from the loss at
step t, and what flows back from step t+1:

    dL/dh_t = dL/dy_t + dL/dh_t (through states_{t+1})
    dz_t    = dL/dh_t * the derivative of the gates
    dL/dh_{t-1} (through states_t) = dz_t W_h^T + direct paths

Only dz_t needs the loop. The weights are shared by all steps, so their
gradient is a sum over time, and that sum is *one* matrix product:

    dL/dW_h = sum_t h_{t-1}^T dz_t = H_prev^T dZ

Automatic differentiation of a loop adds a full weight-sized gradient at every
step instead; this is where the time goes in a layer without this file. The
derivative of the gates (`factors`) does not depend on what flows back; it is
made from what the forward pass kept, at the step that needs it.

Recurrent dropout lets m * h_{t-1} into the products, with one mask m `(B, H)`
for all steps. What flows back through a product passes the same m, and H_prev
above is what went into it (`h_in`); the direct paths see neither.

Letters: T steps, B batch, H units, G gates. Sequences are time-major here,
`(T, B, ...)`: one step is one contiguous block of memory.
"""

import dataclasses
import functools
from collections.abc import Sequence

import tensorflow as tf

from mitseq.layers import xla
from mitseq.layers.custom_gradient import custom_gradient
from mitseq.layers.equations import (
    Equations,
    Packed,
    drop,
    sum_over_time,
    sum_rows,
    where_kept,
)


def run(
    packed: Packed,
    sequences: tf.Tensor,
    initial_state: Sequence[tf.Tensor],
    mask: tf.Tensor | None = None,
    zero_output_for_mask: bool = False,
    recurrent_dropout_mask: tf.Tensor | None = None,
    training: bool = False,
) -> tuple[tf.Tensor, tf.Tensor, list[tf.Tensor]]:
    """Runs a recurrent layer over a batch of sequences.

    Args:
        packed: The cell's equations and weights.
        sequences: `(B, T, D)`.
        initial_state: The states before the first step, each `(B, H)`.
        mask: `(B, T)`, True = keep. A masked step keeps the states and repeats
            the last output (zeros before the first kept step), as in Keras.
        zero_output_for_mask: Output zeros at masked steps instead.
        recurrent_dropout_mask: m, `(B, H)`: 0 where a unit is dropped, else
            1 / (share kept); None for none.
        training: Whether this is a training step: its loops are compiled where
            that is the fastest way. The backward one is in any case.

    Returns:
        The last output `(B, H)`, all outputs `(B, T, H)` and the final states.
    """
    x = tf.transpose(sequences, [1, 0, 2])  # (T, B, D)
    units = initial_state[0].shape[-1]
    compiled = xla.is_fastest(x, units)
    zx = input_part(x, packed.W_x, packed.b, compiled)
    initial = [tf.cast(state, zx.dtype) for state in initial_state]
    if mask is not None:
        mask = tf.transpose(tf.cast(mask, tf.bool))  # (T, B)
    m = recurrent_dropout_mask
    if m is not None:
        m = tf.cast(m, zx.dtype)
    h_seq, final = recurrence(
        *(packed.equations, zx, initial, packed.weights, mask, m),
        # A graph of inference is exported: it stays TensorFlow's own. Who asks
        # for a gradient trains, even where the model was not told.
        compiled=training and compiled,
        compiled_back=compiled,
        batch_last=training and xla.is_batch_last(x, units),
    )
    if mask is not None:
        shown = tf.cast(mask, tf.int32)
        if not zero_output_for_mask:
            shown = tf.cumsum(shown, axis=0)
        h_seq = tf.where(shown[..., None] > 0, h_seq, tf.zeros_like(h_seq))
    return h_seq[-1], tf.transpose(h_seq, [1, 0, 2]), final


def input_part(
    x: tf.Tensor,  # (T, B, D)
    W_x: tf.Tensor,  # (D, G*H)
    b: tf.Tensor | None = None,  # (G*H,)
    compiled_back: bool = False,
) -> tf.Tensor:  # (T, B, G*H)
    """Returns what the inputs say to the gates, for all steps: x W_x + b.

    The gradients of this zx, `(T, B, G*H)`, are dL/dW_x = X^T dZ, dL/db = the
    sum of dZ over time and batch, and dL/dx = dZ W_x^T.
    """
    run_product = xla.runner(compiled_back)

    @custom_gradient
    def project(x, W_x, *b):
        flat = tf.reshape(x, [-1, x.shape[-1]])  # (T*B, D)
        flat_zx = tf.matmul(flat, W_x)
        flat_zx = tf.nn.bias_add(flat_zx, b[0]) if b else flat_zx
        width = tf.shape(W_x)[-1:]  # -1 would be anything in an empty batch
        zx = tf.reshape(flat_zx, tf.concat([tf.shape(x)[:2], width], 0))
        # A graph would forget G*H: what is unknown is broadcast to H = 1, and
        # has no gradient in `model.export`.
        zx.set_shape([*x.shape[:2], W_x.shape[-1]])

        def gradient(dz):
            flat_dz = tf.reshape(dz, [-1, dz.shape[-1]])  # (T*B, G*H)
            dx = run_product(_back_to_x, None, flat_dz, W_x)
            dx = tf.reshape(dx, tf.shape(x))
            return dx, sum_over_time(x, dz), *(sum_rows(dz) for _ in b)

        return zx, gradient

    return project(x, W_x, *([] if b is None else [b]))


def recurrence(
    equations: Equations,
    zx: tf.Tensor,
    initial_state: Sequence[tf.Tensor],
    weights: Sequence[tf.Tensor],
    mask: tf.Tensor | None = None,
    m: tf.Tensor | None = None,
    compiled: bool = False,
    compiled_back: bool = False,
    batch_last: bool | tf.Tensor = False,
) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Runs a recurrence over all steps; its gradient is written by hand.

    Args:
        equations: One step and its derivative.
        zx: `(T, B, G*H)`, the input's part of the gates, for all steps.
        initial_state: The states before the first step, each `(B, H)`.
        weights: The recurrent weights that `equations` names.
        mask: `(T, B)` of bool, True = keep; a masked step keeps the states.
        m: `(B, H)`, the recurrent dropout's mask. It gets no gradient.
        compiled: Whether XLA compiles the loop. The products over all steps
            around it are TensorFlow's, which are faster.
        compiled_back: Whether XLA compiles the backward loop.
        batch_last: Whether XLA compiles both, with the batch last in them. A
            tensor, if only the running graph knows.

    Returns:
        The hidden states `(T, B, H)` and the states after the last step.
    """
    count = len(initial_state)
    keep = None if mask is None else mask[..., None]  # (T, B, 1)
    units = initial_state[0].shape[-1]

    def road(is_batch_last):
        """What runs the loop forward and back, and what is a step of it."""
        if not is_batch_last:
            return xla.runner(compiled), xla.runner(compiled_back), equations
        turned = dataclasses.replace(equations, axis=0)
        return xla.runner(True), xla.runner(True), turned

    def either(run):
        """Runs one way or the other, by the number of rows."""
        if not tf.is_tensor(batch_last):
            return run(batch_last)
        return tf.cond(batch_last, lambda: run(True), lambda: run(False))

    @custom_gradient
    def through_time(zx, *arguments):
        initial, weights = arguments[:count], arguments[count:]

        def forward(is_batch_last):
            run_loop, _, steps = road(is_batch_last)
            stacks, kept = run_loop(
                _forward, steps, zx, initial, weights, keep, m
            )
            states = [_turned(steps, stack) for stack in stacks]
            return states[0][1:], [s[-1] for s in states], stacks, kept

        h_seq, final, stacks, kept = either(forward)

        def back(dh_seq, dfinal, is_batch_last):
            _, run_back, steps = road(is_batch_last)
            seen = [kept, stacks]
            if tf.is_tensor(batch_last):  # either way could have made them
                last = (units, None) if is_batch_last else (None, units)
                seen = tf.nest.map_structure(
                    lambda x: tf.ensure_shape(x, [None, *last]), seen
                )
            return run_back(
                *(_backward, steps, dh_seq, dfinal, *seen, weights, keep, m)
            )

        def gradient(dh_seq, *dfinal):
            dz, dinitial, operands = either(
                functools.partial(back, dh_seq, dfinal)
            )
            if len(operands) == 1:  # h_in alone: the other one is dz
                operands = (*operands, dz)
            dweights = equations.weight_gradients(*operands)
            return (dz, *dinitial, *dweights)

        return (h_seq, *final), gradient

    h_seq, *final = through_time(zx, *initial_state, *weights)
    # The loop forgot T, by which the next layer chooses its fastest way.
    h_seq.set_shape([*zx.shape[:2], final[0].shape[-1]])
    return h_seq, final


def _back_to_x(_, dz, W_x):
    return tf.matmul(dz, W_x, transpose_b=True)


def _turned(equations, x):
    """Returns x with the batch last, or back, where the loop has it so."""
    if equations.axis != 0 or x is None:
        return x
    if x.shape.rank == 1:  # a bias
        return x[:, None]
    return tf.linalg.matrix_transpose(x)  # the last two axes


def _forward(equations, zx, initial, weights, keep, m):
    """Returns what the loop does, with the batch where the equations say."""
    turned = functools.partial(_turned, equations)
    initial = [turned(state) for state in initial]
    weights = [turned(w) for w in weights]
    return _forward_loop(
        equations, turned(zx), initial, weights, turned(keep), turned(m)
    )


def _forward_loop(equations, zx, initial, weights, keep, m):
    """Returns all states `(T+1, B, H)`, the first ones too, and the gates."""
    num_steps = tf.shape(zx)[0]
    _, example = equations.forward(zx[0], initial, weights, m)

    def arrays(tensors, size):
        return tuple(
            tf.TensorArray(x.dtype, size, element_shape=x.shape)
            for x in tensors
        )

    def written(arrays, t, tensors):
        pairs = zip(arrays, tensors, strict=True)
        return tuple(array.write(t, x) for array, x in pairs)

    def step(t, states, state_arrays, kept_arrays):
        new, kept = equations.forward(zx[t], states, weights, m)
        if keep is not None:
            new = where_kept(keep[t], new, states)
        state_arrays = written(state_arrays, t + 1, new)
        return t + 1, tuple(new), state_arrays, written(kept_arrays, t, kept)

    begun = written(arrays(initial, num_steps + 1), 0, initial)
    _, _, states, kept = tf.while_loop(
        lambda t, *_: t < num_steps,
        step,
        (0, tuple(initial), begun, arrays(example, num_steps)),
        maximum_iterations=num_steps,
    )
    return [a.stack() for a in states], [a.stack() for a in kept]


def _backward(equations, dh_seq, dfinal, kept, stacks, weights, keep, m):
    """Returns what the loop does, and what enters the products over time."""
    turned = functools.partial(_turned, equations)
    dz, dinitial = _backward_loop(
        *(equations, turned(dh_seq), [turned(d) for d in dfinal]),
        *(kept, stacks, weights, turned(keep), turned(m)),
    )
    dz, dinitial = turned(dz), [turned(d) for d in dinitial]
    h_in = drop(turned(stacks[0][:-1]), m)
    kept = [turned(k) for k in kept]
    return dz, dinitial, equations.into_products(dz, kept, h_in)


def _backward_loop(equations, dh_seq, dfinal, kept, stacks, weights, keep, m):
    """Returns dz `(T, B, G*H)` and the gradient of the initial states."""
    num_steps = tf.shape(dh_seq)[0]
    transposed = weights  # turned twice, with the batch last
    if equations.axis != 0:
        transposed = [
            tf.transpose(w) if w.shape.rank == 2 else w for w in weights
        ]

    def factors(t):
        """The derivatives of the gates at step t, which know no gradient."""
        before, after = ([s[n] for s in stacks] for n in (t, t + 1))
        gates = [k[t] for k in kept]
        return equations.factors(gates, after, before, drop(before[0], m))

    example, _ = equations.backward(dfinal, factors(0), transposed)
    array = tf.TensorArray(
        example.dtype, num_steps, element_shape=example.shape
    )

    def step(t, dstates, array):
        local = (dstates[0] + dh_seq[t], *dstates[1:])
        dz_t, before = equations.backward(local, factors(t), transposed, m)
        if keep is not None:
            dz_t = tf.where(keep[t], dz_t, tf.zeros_like(dz_t))
            before = where_kept(keep[t], before, local)
        return t - 1, tuple(before), array.write(t, dz_t)

    _, dinitial, array = tf.while_loop(
        lambda t, *_: t >= 0,
        step,
        (num_steps - 1, tuple(dfinal), array),
        maximum_iterations=num_steps,
    )
    return array.stack(), dinitial
