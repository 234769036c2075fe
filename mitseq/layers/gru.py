r"""The gated recurrent unit: an LSTM's idea with two gates and one state.

Slide: Lecture 2, "Gating Mechanisms in Neurons", which draws a gate and names
the LSTM alone; the GRU is in the notes ("a simplified two-gate variant"). Read
`lstm.py` before. `GRUCell` is one step; `GRU` is that step over a
whole sequence.

Letters: B batch, T steps, D features of one step, H units; z update, r reset.
"""

import keras
import tensorflow as tf
from keras import ops

from mitseq.layers.equations import GRUEquations, Packed
from mitseq.layers.recurrent import RecurrentLayer, checked_use_cudnn
from mitseq.layers.recurrent_cell import GatedCell, affine


@keras.saving.register_keras_serializable(package="mitseq")
class GRUCell(GatedCell):
    r"""One step of a GRU: one gate mixes old and new, one forgets.

    Slide: Lecture 2, "Gating Mechanisms in Neurons" (docs/slides.md#gru).

    Equations (rows are the batch, * is element-wise; h_in is h_prev, or what
    recurrent dropout leaves of it):
        z_t = sigmoid(x_t W_xz + h_in W_hz + b_z)     update: how much to keep
        r_t = sigmoid(x_t W_xr + h_in W_hr + b_r)     reset: what to ignore
    and the candidate, with `reset_after=True` (Keras's default, and what GPU
    kernels compute; the reset has a bias of its own inside):
        h_tilde = tanh(x_t W_xh + b_h + r_t * (h_in W_hh + b_hh))
    or with `reset_after=False` (the paper; there is no b_hh):
        h_tilde = tanh(x_t W_xh + b_h + (r_t * h_in) W_hh)
    and then
        h_t = z_t * h_prev + (1 - z_t) * h_tilde

    Intuition: where `z_t` is one the state is copied, so both memory and
    gradient pass unchanged; where it is zero the state is written anew. The
    reset gate lets the candidate look at the input as if nothing came before.

    Args:
        units: Positive int, H. Size of `h_t`.
        activation: Of the candidate: "tanh", another of Keras's
            activations by name, or a function.
        recurrent_activation: Of the gates, likewise.
        use_bias: Whether to add the biases.
        kernel_initializer: Initializer of `W_xz`, `W_xr`, `W_xh`, each drawn
            by itself.
        recurrent_initializer: Initializer of `W_hz`, `W_hr`, `W_hh`, each
            drawn by itself.
        bias_initializer: Initializer of `b_z`, `b_r`, `b_h`, `b_hh`.
        kernel_regularizer: What the loss adds for each weight from the input,
            such as "l2".
        recurrent_regularizer: What it adds for each weight from the past.
        bias_regularizer: What it adds for each bias.
        kernel_constraint: What each weight from the input is made to meet
            after each update.
        recurrent_constraint: What each weight from the past is made to meet.
        bias_constraint: What each bias is made to meet.
        dropout: Share of `x_t` to drop in training, one mask a sequence.
        recurrent_dropout: Share of `h_in` to drop in training, likewise; the
            copy `z_t * h_prev` is spared.
        reset_after: Where the reset gate acts: after the product with `W_hh`
            (True) or before (False).
        seed: Int or None, of the dropout masks.
        implementation: Kept for Keras's sake: the numbers are the same.
        **kwargs: Passed to `keras.layers.Layer` (`name`, `dtype`, ...).

    Call arguments:
        x_t: `(B, D)`, the input at step t.
        states: `[h_prev]`, `(B, H)`.
        training: Bool, whether dropout happens.

    Returns:
        `h_t` `(B, H)` and the new states `[h_t]`.

    Raises:
        ValueError: if `units` is not a positive int or a rate not in [0, 1).

    Masking: none here; `keras.layers.RNN` and `GRU` skip masked steps.

    Example:

    >>> cell = GRUCell(units=4)
    >>> h_t, states = cell(ops.ones((2, 3)), cell.get_initial_state(2))
    >>> h_t.shape
    TensorShape([2, 4])

    Differs from `keras.layers.GRUCell`: one matrix per gate, each initialized
    by itself (Keras draws the three as one wide matrix, whose numbers start
    smaller); one bias per gate where Keras adds two, except inside the reset
    (those of z and r take steps half as long); one dropout mask for all gates,
    and recurrent dropout whatever the `implementation` is. Others swap z_t and
    1 - z_t.
    Reference: Cho et al., 2014.
    """

    def __init__(
        self,
        units: int,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias: bool = True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        reset_after: bool = True,
        seed: int | None = None,
        implementation: int = 2,
        **kwargs,
    ):
        super().__init__(
            units,
            activation=activation,
            recurrent_activation=recurrent_activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
            seed=seed,
            implementation=implementation,
            **kwargs,
        )
        self.reset_after = reset_after

    def build(self, input_shape):
        super().build(input_shape)
        input_dim = input_shape[-1]
        self.add_gate("z", input_dim)
        self.add_gate("r", input_dim)
        self.add_gate("h", input_dim)
        self.b_hh = None
        if self.reset_after and self.use_bias:
            self._add("b_hh", (self.units,), "bias")

    def call(
        self, x_t: tf.Tensor, states: list[tf.Tensor], training: bool = False
    ) -> tuple[tf.Tensor, list[tf.Tensor]]:
        (h_prev,) = states
        x_t, h_in = self.drop(x_t, h_prev, training)
        sigmoid = self.recurrent_activation
        # z_t = sigmoid(x_t W_xz + h_in W_hz + b_z)
        z_t = sigmoid(affine(x_t, self.W_xz, h_in, self.W_hz, self.b_z))
        # r_t = sigmoid(x_t W_xr + h_in W_hr + b_r)
        r_t = sigmoid(affine(x_t, self.W_xr, h_in, self.W_hr, self.b_r))
        h_tilde = self._candidate(x_t, h_in, r_t)
        # h_t = z_t * h_prev + (1 - z_t) * h_tilde
        h_t = z_t * h_prev + (1 - z_t) * h_tilde
        return h_t, [h_t]

    def _candidate(self, x_t, h_in, r_t):
        tanh = self.activation
        if not self.reset_after:
            # h_tilde = tanh(x_t W_xh + b_h + (r_t * h_in) W_hh)
            return tanh(affine(x_t, self.W_xh, r_t * h_in, self.W_hh, self.b_h))
        # h_tilde = tanh(x_t W_xh + b_h + r_t * (h_in W_hh + b_hh))
        fresh = ops.matmul(x_t, self.W_xh)
        past = ops.matmul(h_in, self.W_hh)
        if self.use_bias:
            fresh, past = fresh + self.b_h, past + self.b_hh
        return tanh(fresh + r_t * past)

    def packed(self) -> Packed | None:
        """Returns the weights side by side, z, r, h, for `bptt`."""
        names = self.activation_names()
        if names is None:
            return None
        W_x, b = (self.side_by_side(kind, "zrh") for kind in ("W_x", "b_"))
        W_h = self.side_by_side("W_h", "zrh" if self.reset_after else "zr")
        if not self.reset_after:
            inner = tf.convert_to_tensor(self.W_hh)
        elif self.use_bias:
            inner = tf.convert_to_tensor(self.b_hh)
        else:
            inner = ops.zeros_like(W_h[0, : self.units])
        equations = GRUEquations(self.reset_after, *names)
        return Packed(equations, W_x, b, [W_h, inner])

    def get_config(self):
        return {**super().get_config(), "reset_after": self.reset_after}


@keras.saving.register_keras_serializable(package="mitseq")
class GRU(RecurrentLayer):
    r"""A GRU over a whole sequence: `GRUCell` at every step.

    Slide: Lecture 2, "Gating Mechanisms in Neurons" (docs/slides.md#gru).

    Equations: those of `GRUCell`, for t = 1 ... T, from h_0 = 0 or from
    `initial_state`, with the same weights at every step.

    Args:
        units: Positive int, H. Size of `h_t`.
        activation: See `GRUCell`, as for the next two.
        recurrent_activation: Of the gates.
        use_bias: Whether to add the biases.
        kernel_initializer: Of the weights from the input.
        recurrent_initializer: Of the weights from the past.
        bias_initializer: Of the biases.
        kernel_regularizer: Of the weights from the input; as Keras's, as for
            the next six.
        recurrent_regularizer: Of the weights from the past.
        bias_regularizer: Of the biases.
        activity_regularizer: Of the outputs.
        kernel_constraint: Of the weights from the input.
        recurrent_constraint: Of the weights from the past.
        bias_constraint: Of the biases.
        dropout: Share of `x_t` to drop in training, one mask a sequence.
        recurrent_dropout: Share of `h_prev` to drop in training, likewise.
        seed: Int or None, of the dropout masks.
        return_sequences: Return every `h_t`, not only the last.
        return_state: Return the final `h_T` too.
        go_backwards: Read the sequence from its end; the outputs come in the
            order in which they are made.
        stateful: Start each batch from the state that the last one ended
            with, until `reset_state()`. Needs a fixed batch size.
        unroll: Kept for Keras's sake: the numbers are the same.
        reset_after: Where the reset gate acts, see `GRUCell`.
        use_cudnn: Whether training on a GPU may take the vendor's kernel:
            "auto" or True, or False.
        implementation: Kept for Keras's sake, as `unroll`.
        zero_output_for_mask: At a masked step give zeros, not the last output.
        **kwargs: Passed to `keras.layers.Layer` (`name`, `dtype`, ...).

    Call arguments:
        sequences: `(B, T, D)`.
        initial_state: `[h_0]`, `(B, H)`, or None for zeros.
        mask: `(B, T)` bool, True = keep. A masked step changes no state.
        training: Bool, whether dropout happens.

    Returns:
        `h_T` `(B, H)`, or `h_seq` `(B, T, H)` with `return_sequences`; with
        `return_state` followed by `h_T`.

    Raises:
        ValueError: for a size that is not a positive int, a rate not in
            [0, 1), or a mask or state that does not fit the sequences.

    Example:

    >>> layer = GRU(units=4, return_sequences=True)
    >>> layer(ops.ones((2, 5, 3))).shape
    TensorShape([2, 5, 4])

    Differs from `keras.layers.GRU`: see `GRUCell`; the weights are in
    `layer.cell`, one for each symbol of the equations.
    """

    def __init__(
        self,
        units: int,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias: bool = True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        reset_after: bool = True,
        use_cudnn: bool | str = "auto",
        implementation: int = 2,
        zero_output_for_mask: bool = False,
        **kwargs,
    ):
        cell = GRUCell(
            units,
            activation=activation,
            recurrent_activation=recurrent_activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
            reset_after=reset_after,
            seed=seed,
            implementation=implementation,
            dtype=kwargs.get("dtype"),
            name="gru_cell",
        )
        super().__init__(
            cell,
            return_sequences=return_sequences,
            return_state=return_state,
            go_backwards=go_backwards,
            stateful=stateful,
            unroll=unroll,
            zero_output_for_mask=zero_output_for_mask,
            activity_regularizer=activity_regularizer,
            **kwargs,
        )
        self.use_cudnn = checked_use_cudnn(use_cudnn)

    def get_config(self):
        return {**super().get_config(), "use_cudnn": self.use_cudnn}
