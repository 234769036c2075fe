r"""Backpropagation through time, written by hand: the engine of three layers.

Slides: "RNNs: Backpropagation Through Time", "Standard RNN Gradient Flow".
Read `rnn_step` in rnn.py and the cells in lstm.py and gru.py first.

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

import functools
import logging
from collections.abc import Sequence
from typing import Any, NamedTuple

import tensorflow as tf

_log = logging.getLogger(__name__)

# Two ways to run the loops, the same numbers. XLA joins the element-wise work
# of a step, which pays while the product of a step is small; TensorFlow's own
# products are faster for large matrices and for half precision. Compiling takes
# about a second, so a very small layer has no use for it.
XLA_UNITS = range(128, 1024)


class Packed(NamedTuple):
    """A cell's weights, gates side by side, as the loop takes them."""

    equations: Any  # RNNEquations, LSTMEquations or GRUEquations
    W_x: tf.Tensor  # (D, G*H)
    b: tf.Tensor | None  # (G*H,)
    weights: Sequence[tf.Tensor]  # recurrent, as `equations` names them


class RNNEquations:
    """h_t = activation(zx_t + h_prev W_hh).

    Args:
        activation: One of "tanh", "relu", "sigmoid", "linear".
    """

    # y -> y' written with the output h = activation(a), as in h' = 1 - h^2
    derivatives = {
        "tanh": lambda h: 1 - h * h,
        "relu": lambda h: tf.cast(h > 0, h.dtype),
        "sigmoid": lambda h: h * (1 - h),
        "linear": tf.ones_like,
    }
    functions = {
        "tanh": tf.tanh,
        "relu": tf.nn.relu,
        "sigmoid": tf.sigmoid,
        "linear": tf.identity,
    }

    def __init__(self, activation: str = "tanh"):
        self.activation = self.functions[activation]
        self.derivative = self.derivatives[activation]

    def forward(self, zx_t, states, weights, m=None):
        (h_prev,), (W_hh,) = states, weights
        h_t = self.activation(zx_t + _drop(h_prev, m) @ W_hh)
        return (h_t,), ()

    def factors(self, kept, states, states_prev, h_in):
        return (self.derivative(states[0]),)

    def backward(self, dstates, factors_t, transposed, m=None):
        (dh_t,), (dh_dz,), (W_hh_T,) = dstates, factors_t, transposed
        dz_t = dh_t * dh_dz
        return dz_t, (_drop(dz_t @ W_hh_T, m),)

    def into_products(self, dz, kept, h_in):
        return (h_in,)

    def weight_gradients(self, h_in, dz):
        return (_sum_over_time(h_in, dz),)


class LSTMEquations:
    """Gates f, i, c_tilde, o side by side: zx_t is `(B, 4H)`.

    f, i, o = sigmoid(z_f), sigmoid(z_i), sigmoid(z_o); c_tilde = tanh(z_c)
    c_t = f * c_prev + i * c_tilde
    h_t = o * tanh(c_t)
    """

    def forward(self, zx_t, states, weights, m=None):
        (h_prev, c_prev), (W_h,) = states, weights
        z_t = zx_t + _drop(h_prev, m) @ W_h
        z_f, z_i, z_c, z_o = tf.split(z_t, 4, axis=-1)
        f_t, i_t, o_t = tf.sigmoid(z_f), tf.sigmoid(z_i), tf.sigmoid(z_o)
        c_tilde = tf.tanh(z_c)
        c_t = f_t * c_prev + i_t * c_tilde
        h_t = o_t * tf.tanh(c_t)
        return (h_t, c_t), (f_t, i_t, c_tilde, o_t)

    def factors(self, kept, states, states_prev, h_in):
        f, i, c_tilde, o = kept
        tanh_c = tf.tanh(states[1])
        return (
            o * (1 - tanh_c * tanh_c),  # dh/dc
            states_prev[1] * f * (1 - f),  # dc/dz_f
            c_tilde * i * (1 - i),  # dc/dz_i
            i * (1 - c_tilde * c_tilde),  # dc/dz_c
            tanh_c * o * (1 - o),  # dh/dz_o
            f,  # dc/dc_prev: the uninterrupted path
        )

    def backward(self, dstates, factors_t, transposed, m=None):
        (dh_t, dc_t), (W_h_T,) = dstates, transposed
        dh_dc, dc_dzf, dc_dzi, dc_dzc, dh_dzo, f_t = factors_t
        dc_t = dc_t + dh_t * dh_dc
        dz_t = tf.concat(
            [dc_t * dc_dzf, dc_t * dc_dzi, dc_t * dc_dzc, dh_t * dh_dzo], -1
        )  # (B, 4H)
        return dz_t, (_drop(dz_t @ W_h_T, m), dc_t * f_t)

    def into_products(self, dz, kept, h_in):
        return (h_in,)

    def weight_gradients(self, h_in, dz):
        return (_sum_over_time(h_in, dz),)


class GRUEquations:
    """Gates z, r and the candidate side by side: zx_t is `(B, 3H)`.

    z, r = sigmoid(z_z), sigmoid(z_r)
    reset_after:      h_tilde = tanh(zx_h + r * (h_prev W_hh + b_hh))
    not reset_after:  h_tilde = tanh(zx_h + (r * h_prev) W_hh)
    h_t = z * h_prev + (1 - z) * h_tilde

    The weights are, with `reset_after`, W_hz, W_hr, W_hh side by side and the
    bias b_hh inside the reset; else W_hz and W_hr side by side, and W_hh.
    """

    def __init__(self, reset_after: bool = True):
        self.reset_after = reset_after

    def forward(self, zx_t, states, weights, m=None):
        (h_prev,), W = states, weights[0]
        h_in, units = _drop(h_prev, m), h_prev.shape[-1]
        zh_t = h_in @ W  # (B, 3H), or (B, 2H) if the reset comes before
        zr = tf.sigmoid(zx_t[:, : 2 * units] + zh_t[:, : 2 * units])
        z_t, r_t = tf.split(zr, 2, axis=-1)
        if self.reset_after:
            u_t = zh_t[:, 2 * units :] + weights[1]
            h_tilde = tf.tanh(zx_t[:, 2 * units :] + r_t * u_t)
        else:
            u_t = r_t * h_in
            h_tilde = tf.tanh(zx_t[:, 2 * units :] + u_t @ weights[1])
        h_t = z_t * h_prev + (1 - z_t) * h_tilde
        return (h_t,), (z_t, r_t, u_t, h_tilde)

    def factors(self, kept, states, states_prev, h_in):
        z, r, u, h_tilde = kept
        inner = u if self.reset_after else h_in
        return (
            (states_prev[0] - h_tilde) * z * (1 - z),  # dh/dz_z
            inner * r * (1 - r),  # d(reset product)/dz_r
            (1 - z) * (1 - h_tilde * h_tilde),  # dh/dz_h
            z,  # dh/dh_prev, the direct path
            r,
        )

    def backward(self, dstates, factors_t, transposed, m=None):
        (dh_t,), W_T = dstates, transposed[0]
        dh_dzz, du_dzr, dh_dzh, z_t, r_t = factors_t
        dz_z = dh_t * dh_dzz
        dz_h = dh_t * dh_dzh
        if self.reset_after:
            dz_r = dz_h * du_dzr
            dh_in = tf.concat([dz_z, dz_r, dz_h * r_t], -1) @ W_T
        else:
            du_t = dz_h @ transposed[1]
            dz_r = du_t * du_dzr
            dh_in = tf.concat([dz_z, dz_r], -1) @ W_T + du_t * r_t
        dh_prev = dh_t * z_t + _drop(dh_in, m)
        return tf.concat([dz_z, dz_r, dz_h], -1), (dh_prev,)

    def into_products(self, dz, kept, h_in):
        _, r, u, _ = kept
        units = h_in.shape[-1]
        dz_zr, dz_h = dz[..., : 2 * units], dz[..., 2 * units :]
        if self.reset_after:
            return h_in, tf.concat([dz_zr, dz_h * r], -1)  # (T, B, 3H)
        return h_in, dz_zr, u, dz_h

    def weight_gradients(self, h_in, dzh, *reset):
        if self.reset_after:
            units = h_in.shape[-1]
            return _sum_over_time(h_in, dzh), _sum_rows(dzh)[2 * units :]
        return _sum_over_time(h_in, dzh), _sum_over_time(*reset)


def run(
    packed: Packed,
    sequences: tf.Tensor,
    initial_state: Sequence[tf.Tensor],
    mask: tf.Tensor | None = None,
    zero_output_for_mask: bool = False,
    recurrent_dropout_mask: tf.Tensor | None = None,
    training: bool = False,
) -> tuple[tf.Tensor, tf.Tensor, list[tf.Tensor]]:
    """Run a recurrent layer over a batch of sequences.

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
            that is the fastest way.

    Returns:
        The last output `(B, H)`, all outputs `(B, T, H)` and the final states.
    """
    x = tf.transpose(sequences, [1, 0, 2])  # (T, B, D)
    units = initial_state[0].shape[-1]
    compiled = training and xla_is_fastest(x, units)
    zx = input_part(x, packed.W_x, packed.b, compiled)
    initial = [tf.cast(state, zx.dtype) for state in initial_state]
    if mask is not None:
        mask = tf.transpose(tf.cast(mask, tf.bool))  # (T, B)
    m = recurrent_dropout_mask
    m = None if m is None else tf.cast(m, zx.dtype)
    h_seq, final = recurrence(
        packed.equations,
        zx,
        initial,
        packed.weights,
        mask,
        m,
        compiled,
    )
    if mask is not None:
        shown = tf.cast(mask, tf.int32)
        if not zero_output_for_mask:
            shown = tf.cumsum(shown, axis=0)
        h_seq = tf.where(shown[..., None] > 0, h_seq, tf.zeros_like(h_seq))
    return h_seq[-1], tf.transpose(h_seq, [1, 0, 2]), final


def input_part(
    x: tf.Tensor,
    W_x: tf.Tensor,
    b: tf.Tensor | None = None,
    compiled: bool = False,
) -> tf.Tensor:
    """What the inputs say to the gates, for all steps: x W_x + b.

    Args:
        x: `(T, B, D)`.
        W_x: `(D, G*H)`.
        b: `(G*H,)`, or None.
        compiled: Whether XLA computes dL/dx.

    Returns:
        zx, `(T, B, G*H)`. Its gradients are dL/dW_x = X^T dZ, dL/db = the sum
        of dZ over time and batch, and dL/dx = dZ W_x^T.
    """

    @_in_xla_if(compiled)
    def back(dz, W_x):
        return tf.matmul(dz, W_x, transpose_b=True)

    @tf.custom_gradient
    def project(x, W_x, *b):
        flat = tf.reshape(x, [-1, x.shape[-1]])  # (T*B, D)
        flat_zx = tf.matmul(flat, W_x)
        flat_zx = tf.nn.bias_add(flat_zx, b[0]) if b else flat_zx
        zx = tf.reshape(flat_zx, tf.concat([tf.shape(x)[:2], [-1]], 0))
        # A graph would forget G*H: what is unknown is broadcast to H = 1, and
        # has no gradient in `model.export`.
        zx.set_shape([*x.shape[:2], W_x.shape[-1]])

        def gradient(dz):
            flat_dz = tf.reshape(dz, [-1, dz.shape[-1]])  # (T*B, G*H)
            dx = tf.reshape(back(flat_dz, W_x), tf.shape(x))
            return dx, _sum_over_time(x, dz), *(_sum_rows(dz) for _ in b)

        return zx, gradient

    return project(x, W_x, *([] if b is None else [b]))


def recurrence(
    equations,
    zx: tf.Tensor,
    initial_state: Sequence[tf.Tensor],
    weights: Sequence[tf.Tensor],
    mask: tf.Tensor | None = None,
    m: tf.Tensor | None = None,
    compiled: bool = False,
) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Run a recurrence over all steps; its gradient is written by hand.

    Args:
        equations: One step and its derivative (a class of this module).
        zx: `(T, B, G*H)`, the input's part of the gates, for all steps.
        initial_state: The states before the first step, each `(B, H)`.
        weights: The recurrent weights that `equations` names.
        mask: `(T, B)` of bool, True = keep; a masked step keeps the states.
        m: `(B, H)`, the recurrent dropout's mask. It gets no gradient.
        compiled: Whether XLA compiles both loops. The products over all steps
            around them are TensorFlow's, which are faster.

    Returns:
        The hidden states `(T, B, H)` and the states after the last step.
    """
    count = len(initial_state)
    keep = None if mask is None else mask[..., None]  # (T, B, 1)

    @_in_xla_if(compiled)
    def forward(zx, initial, weights):
        return _forward_loop(equations, zx, initial, weights, keep, m)

    @_in_xla_if(compiled)
    def backward(dh_seq, dfinal, kept, stacks, weights):
        dz, dinitial = _backward_loop(
            equations, dh_seq, dfinal, kept, stacks, weights, keep, m
        )
        h_in = _drop(stacks[0][:-1], m)
        return dz, dinitial, equations.into_products(dz, kept, h_in)

    @tf.custom_gradient
    def through_time(zx, *arguments):
        initial, weights = arguments[:count], arguments[count:]
        stacks, kept = forward(zx, initial, weights)
        final = [stack[-1] for stack in stacks]

        def gradient(dh_seq, *dfinal):
            dz, dinitial, operands = backward(
                dh_seq, dfinal, kept, stacks, weights
            )
            if len(operands) == 1:  # h_in alone: the other one is dz
                operands = (*operands, dz)
            dweights = equations.weight_gradients(*operands)
            return (dz, *dinitial, *dweights)

        return (stacks[0][1:], *final), gradient

    h_seq, *final = through_time(zx, *initial_state, *weights)
    return h_seq, final


def xla_is_fastest(x: tf.Tensor, units: int) -> bool:
    """Whether XLA should compile the loops of this training step.

    Only where a graph is traced, as `fit` does. If the number of steps is not
    known by then, batches differ in length, and each would be compiled anew.
    On a GPU Keras itself chooses XLA for these layers.

    Args:
        x: `(T, B, D)`, the sequences.
        units: H.

    Returns:
        Whether to compile; the log says so once for each H.
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


@functools.cache
def _say_once(units, dtype, road):
    _log.info("Recurrence of %d units, %s: loops by %s.", units, dtype, road)


def _in_xla_if(compiled):
    if compiled:
        return tf.function(jit_compile=True, autograph=False)
    return lambda function: function


def _forward_loop(equations, zx, initial, weights, keep, m):
    """All states, the first ones too, `(T+1, B, H)`; the gates `(T, B, H)`."""
    num_steps = tf.shape(zx)[0]
    _, example = equations.forward(zx[0], initial, weights, m)

    def arrays(tensors, size):
        return tuple(
            tf.TensorArray(x.dtype, size, element_shape=x.shape)
            for x in tensors
        )

    def step(t, states, state_arrays, kept_arrays):
        new, kept = equations.forward(zx[t], states, weights, m)
        if keep is not None:
            new = [
                tf.where(keep[t], after, before)
                for after, before in zip(new, states, strict=True)
            ]
        write = [
            a.write(t + 1, x) for a, x in zip(state_arrays, new, strict=True)
        ]
        hold = [a.write(t, x) for a, x in zip(kept_arrays, kept, strict=True)]
        return t + 1, tuple(new), tuple(write), tuple(hold)

    first = zip(arrays(initial, num_steps + 1), initial, strict=True)
    begun = tuple(array.write(0, x) for array, x in first)
    _, _, states, kept = tf.while_loop(
        lambda t, *_: t < num_steps,
        step,
        (0, tuple(initial), begun, arrays(example, num_steps)),
        maximum_iterations=num_steps,
    )
    return [a.stack() for a in states], [a.stack() for a in kept]


def _backward_loop(equations, dh_seq, dfinal, kept, stacks, weights, keep, m):
    """dz for all steps `(T, B, G*H)` and the initial states' gradient."""
    num_steps = tf.shape(dh_seq)[0]
    transposed = [tf.transpose(w) if w.shape.rank == 2 else w for w in weights]

    def factors(t):
        """The derivatives of the gates at step t, which know no gradient."""
        before, after = ([s[n] for s in stacks] for n in (t, t + 1))
        gates = [k[t] for k in kept]
        return equations.factors(gates, after, before, _drop(before[0], m))

    example, _ = equations.backward(dfinal, factors(0), transposed)
    array = tf.TensorArray(
        example.dtype, num_steps, element_shape=example.shape
    )

    def step(t, dstates, array):
        local = (dstates[0] + dh_seq[t], *dstates[1:])
        dz_t, before = equations.backward(local, factors(t), transposed, m)
        if keep is not None:
            dz_t = tf.where(keep[t], dz_t, tf.zeros_like(dz_t))
            before = [
                tf.where(keep[t], through, around)
                for through, around in zip(before, local, strict=True)
            ]
        return t - 1, tuple(before), array.write(t, dz_t)

    _, dinitial, array = tf.while_loop(
        lambda t, *_: t >= 0,
        step,
        (num_steps - 1, tuple(dfinal), array),
        maximum_iterations=num_steps,
    )
    return array.stack(), dinitial


def _drop(h, m):
    return h if m is None else h * m


def _sum_over_time(a, b):
    """sum_t a_t^T b_t as one product: `(T, B, H), (T, B, K) -> (H, K)`."""
    flat_a = tf.reshape(a, [-1, a.shape[-1]])  # (T*B, H)
    flat_b = tf.reshape(b, [-1, b.shape[-1]])  # (T*B, K)
    return tf.matmul(flat_a, flat_b, transpose_a=True)


def _sum_rows(a):
    """The sum over time and batch as a product too, `(T, B, K) -> (K,)`."""
    flat = tf.reshape(a, [-1, a.shape[-1]])  # (T*B, K)
    return tf.matmul(tf.ones_like(flat[:, :1]), flat, transpose_a=True)[0]
