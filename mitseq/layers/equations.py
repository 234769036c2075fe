r"""One step of a recurrence and its derivative, written by hand.

Slides: Lecture 2, "RNN State Update and Output", "Standard RNN Gradient Flow",
"Gating Mechanisms in Neurons". Read the cells in rnn.py, lstm.py and gru.py
before: here their gates stand side by side, one product for all of them. The
loop over time that uses these classes is bptt.py.

Letters: T steps, B batch, D features, H units, G gates; m the recurrent
dropout's mask `(B, H)`, None for none; zx_t `(B, G*H)` what the input says to
the gates, z_t what they hear in all, h_in = m * h_{t-1} what went into the
products. A step may run with the batch last, `(H, B)` where it says `(B, H)`.
"""

import abc
import dataclasses
from collections.abc import Sequence
from typing import NamedTuple

import tensorflow as tf

from mitseq.layers.activations import ACTIVATIONS


@dataclasses.dataclass(frozen=True, kw_only=True)
class Equations(abc.ABC):
    """One step of a recurrence, its derivative, and its weights' gradients.

    A subclass is a frozen dataclass: equal equations share what XLA compiled.
    Its states and gates are `(B, H)` each, h the first of the states; its
    weights are the recurrent ones, in an order of its own.

    Args:
        axis: Where the units of a step are: -1, or 0 with the batch last. A
            weight is then transposed too, a bias a column, `(H, 1)`; what is
            of all steps, below, has its units last in any case.
    """

    axis: int = -1

    @abc.abstractmethod
    def forward(self, zx_t, states, weights, m=None):
        """Returns states_t and what to keep, from zx_t and states_{t-1}."""

    @abc.abstractmethod
    def factors(self, kept, states, states_prev, h_in):
        """Returns the derivatives of the gates: they know no gradient."""

    @abc.abstractmethod
    def backward(self, dstates, factors_t, transposed, m=None):
        """Returns dL/dz_t and dL/dstates_{t-1}, from dL/dstates_t.

        Every matrix of the weights comes transposed; as it is, where `forward`
        has it transposed.
        """

    def product(self, h, W):
        """Returns h W, or with the batch last its transpose, W^T h^T.

        W^T is what it is given then.
        """
        return W @ h if self.axis == 0 else h @ W

    def into_products(self, dz, kept, h_in):
        """Returns the operands of `weight_gradients`, of all steps.

        h_in alone means h_in and dz, so that dz need not leave a compiled loop
        twice. All are time-major, `(T, B, ...)`.
        """
        return (h_in,)

    def weight_gradients(self, h_in, dz):
        """Returns dL/dW for each of the weights: sums over time."""
        # dL/dW_h = sum_t h_{t-1}^T dz_t
        return (sum_over_time(h_in, dz),)


class Packed(NamedTuple):
    """A cell's weights, gates side by side, as the loop takes them."""

    equations: Equations
    W_x: tf.Tensor  # (D, G*H)
    b: tf.Tensor | None  # (G*H,)
    weights: Sequence[tf.Tensor]  # recurrent, as `equations` names them


@dataclasses.dataclass(frozen=True)
class RNNEquations(Equations):
    """h_t = activation(zx_t + h_prev W_hh).

    Args:
        activation: A name of `ACTIVATIONS`, as for the classes below.
    """

    activation: str = "tanh"

    def forward(self, zx_t, states, weights, m=None):
        (h_prev,), (W_hh,) = states, weights
        activation = ACTIVATIONS[self.activation].function
        h_t = activation(zx_t + self.product(drop(h_prev, m), W_hh))
        return (h_t,), ()

    def factors(self, kept, states, states_prev, h_in):
        derivative = ACTIVATIONS[self.activation].derivative
        return (derivative(states[0]),)

    def backward(self, dstates, factors_t, transposed, m=None):
        (dh_t,), (dh_dz,), (W_hh_T,) = dstates, factors_t, transposed
        dz_t = dh_t * dh_dz
        return dz_t, (drop(self.product(dz_t, W_hh_T), m),)


@dataclasses.dataclass(frozen=True)
class LSTMEquations(Equations):
    """Gates f, i, c_tilde, o side by side: zx_t is `(B, 4H)`.

    f, i, o = sigmoid(z_f), sigmoid(z_i), sigmoid(z_o); c_tilde = tanh(z_c)
    c_t = f * c_prev + i * c_tilde
    h_t = o * tanh(c_t)

    or with other activations: `activation` in the place of tanh,
    `recurrent_activation` in that of sigmoid.
    """

    activation: str = "tanh"
    recurrent_activation: str = "sigmoid"

    def forward(self, zx_t, states, weights, m=None):
        (h_prev, c_prev), (W_h,) = states, weights
        z_t = zx_t + self.product(drop(h_prev, m), W_h)
        z_f, z_i, z_c, z_o = tf.split(z_t, 4, self.axis)
        tanh, _ = ACTIVATIONS[self.activation]
        sigmoid, _ = ACTIVATIONS[self.recurrent_activation]
        f_t, i_t, o_t = sigmoid(z_f), sigmoid(z_i), sigmoid(z_o)
        c_tilde = tanh(z_c)
        c_t = f_t * c_prev + i_t * c_tilde
        h_t = o_t * tanh(c_t)
        return (h_t, c_t), (f_t, i_t, c_tilde, o_t)

    def factors(self, kept, states, states_prev, h_in):
        f, i, c_tilde, o = kept
        tanh, d_tanh = ACTIVATIONS[self.activation]
        _, d_sigmoid = ACTIVATIONS[self.recurrent_activation]
        tanh_c = tanh(states[1])
        return (
            o * d_tanh(tanh_c),  # dh/dc
            states_prev[1] * d_sigmoid(f),  # dc/dz_f
            c_tilde * d_sigmoid(i),  # dc/dz_i
            i * d_tanh(c_tilde),  # dc/dz_c
            tanh_c * d_sigmoid(o),  # dh/dz_o
            f,  # dc/dc_prev: the uninterrupted path
        )

    def backward(self, dstates, factors_t, transposed, m=None):
        (dh_t, dc_t), (W_h_T,) = dstates, transposed
        dh_dc, dc_dzf, dc_dzi, dc_dzc, dh_dzo, f_t = factors_t
        dc_t = dc_t + dh_t * dh_dc
        dz_t = tf.concat(
            [dc_t * dc_dzf, dc_t * dc_dzi, dc_t * dc_dzc, dh_t * dh_dzo],
            self.axis,
        )  # (B, 4H)
        return dz_t, (drop(self.product(dz_t, W_h_T), m), dc_t * f_t)


@dataclasses.dataclass(frozen=True)
class GRUEquations(Equations):
    """Gates z, r and the candidate side by side: zx_t is `(B, 3H)`.

    z, r = sigmoid(z_z), sigmoid(z_r)
    reset_after:      h_tilde = tanh(zx_h + r * (h_prev W_hh + b_hh))
    not reset_after:  h_tilde = tanh(zx_h + (r * h_prev) W_hh)
    h_t = z * h_prev + (1 - z) * h_tilde

    The weights are, with `reset_after`, W_hz, W_hr, W_hh side by side and the
    bias b_hh inside the reset; else W_hz and W_hr side by side, and W_hh.
    Activations are as in an LSTM.
    """

    reset_after: bool = True
    activation: str = "tanh"
    recurrent_activation: str = "sigmoid"

    def forward(self, zx_t, states, weights, m=None):
        (h_prev,), W = states, weights[0]
        h_in, units = drop(h_prev, m), h_prev.shape[self.axis]
        zh_t = self.product(h_in, W)  # (B, 3H), or (B, 2H): reset before
        tanh, _ = ACTIVATIONS[self.activation]
        sigmoid, _ = ACTIVATIONS[self.recurrent_activation]
        sizes = [2 * units, units]
        zx_zr, zx_h = tf.split(zx_t, sizes, self.axis)
        zh_zr, zh_h = zh_t, None
        if self.reset_after:
            zh_zr, zh_h = tf.split(zh_t, sizes, self.axis)
        z_t, r_t = tf.split(sigmoid(zx_zr + zh_zr), 2, self.axis)
        if self.reset_after:
            u_t = zh_h + weights[1]
            h_tilde = tanh(zx_h + r_t * u_t)
        else:
            u_t = r_t * h_in
            h_tilde = tanh(zx_h + self.product(u_t, weights[1]))
        h_t = z_t * h_prev + (1 - z_t) * h_tilde
        return (h_t,), (z_t, r_t, u_t, h_tilde)

    def factors(self, kept, states, states_prev, h_in):
        z, r, u, h_tilde = kept
        inner = u if self.reset_after else h_in
        _, d_tanh = ACTIVATIONS[self.activation]
        _, d_sigmoid = ACTIVATIONS[self.recurrent_activation]
        return (
            (states_prev[0] - h_tilde) * d_sigmoid(z),  # dh/dz_z
            inner * d_sigmoid(r),  # d(reset product)/dz_r
            (1 - z) * d_tanh(h_tilde),  # dh/dz_h
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
            dz = tf.concat([dz_z, dz_r, dz_h * r_t], self.axis)
            dh_in = self.product(dz, W_T)
        else:
            du_t = self.product(dz_h, transposed[1])
            dz_r = du_t * du_dzr
            dz = tf.concat([dz_z, dz_r], self.axis)
            dh_in = self.product(dz, W_T) + du_t * r_t
        dh_prev = dh_t * z_t + drop(dh_in, m)
        return tf.concat([dz_z, dz_r, dz_h], self.axis), (dh_prev,)

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
            return sum_over_time(h_in, dzh), sum_rows(dzh)[2 * units :]
        return sum_over_time(h_in, dzh), sum_over_time(*reset)


def drop(h: tf.Tensor, m: tf.Tensor | None) -> tf.Tensor:
    """Returns m * h, where there is a mask m of the recurrent dropout."""
    return h if m is None else h * m


def where_kept(
    keep: tf.Tensor, after: Sequence[tf.Tensor], before: Sequence[tf.Tensor]
) -> list[tf.Tensor]:
    """Returns the states after a step, at a masked one those before it."""
    return [
        tf.where(keep, new, old) for new, old in zip(after, before, strict=True)
    ]


def sum_over_time(a: tf.Tensor, b: tf.Tensor) -> tf.Tensor:
    """Returns sum_t a_t^T b_t: `(T, B, H)` and `(T, B, K)` give `(H, K)`."""
    flat_a = tf.reshape(a, [-1, a.shape[-1]])  # (T*B, H)
    flat_b = tf.reshape(b, [-1, b.shape[-1]])  # (T*B, K)
    return tf.matmul(flat_a, flat_b, transpose_a=True)


def sum_rows(a: tf.Tensor) -> tf.Tensor:
    """Returns the sum over time and batch, `(T, B, K) -> (K,)`."""
    flat = tf.reshape(a, [-1, a.shape[-1]])  # (T*B, K)
    return tf.matmul(tf.ones_like(flat[:, :1]), flat, transpose_a=True)[0]
