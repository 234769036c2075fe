r"""Long Short Term Memory: gates that decide what the memory keeps.

Slide: Lecture 2, "Gating Mechanisms in Neurons" and "Long Short Term Memory
(LSTM) Networks". Read `rnn.py` before. `LSTMCell` is one step, the slide;
`LSTM` is that step over a whole sequence.

Letters: B batch, T steps, D features of one step, H units; f forget, i input
(the slide's store), c cell state, o output.
"""

import keras
import tensorflow as tf

from mitseq.layers.equations import LSTMEquations, Packed
from mitseq.layers.recurrent import RecurrentLayer, checked_use_cudnn
from mitseq.layers.recurrent_cell import GatedCell, affine


@keras.saving.register_keras_serializable(package="mitseq")
class LSTMCell(GatedCell):
    r"""One step of an LSTM: three gates decide what the cell state keeps.

    Slide: Lecture 2, "Long Short Term Memory" (docs/slides.md#lstm).

    Equations (rows are the batch, * is element-wise):
        f_t = sigmoid(x_t W_xf + h_prev W_hf + b_f)     forget: what to drop
        i_t = sigmoid(x_t W_xi + h_prev W_hi + b_i)     store: what to write
        c_tilde = tanh(x_t W_xc + h_prev W_hc + b_c)    candidate
        c_t = f_t * c_prev + i_t * c_tilde              update
        o_t = sigmoid(x_t W_xo + h_prev W_ho + b_o)     output: what to show
        h_t = o_t * tanh(c_t)

    Intuition: a gate is a row of taps between 0 (closed) and 1 (open). The
    cell state `c_t` is only multiplied by a tap and added to, never sent
    through a matrix, so a gradient can flow back along it over many steps
    without vanishing. `h_t` is the part of the memory that is shown.

    Args:
        units: Positive int, H. Size of `h_t` and of `c_t`.
        activation: Of the candidate and of `c_t`: "tanh", another of Keras's
            activations by name, or a function.
        recurrent_activation: Of the gates, likewise.
        use_bias: Whether every gate adds its bias.
        kernel_initializer: Initializer of `W_xf`, `W_xi`, `W_xc`, `W_xo`, each
            drawn by itself.
        recurrent_initializer: Initializer of `W_hf`, `W_hi`, `W_hc`, `W_ho`,
            each drawn by itself.
        bias_initializer: Initializer of `b_i`, `b_c`, `b_o` (and of `b_f`, if
            not `unit_forget_bias`).
        unit_forget_bias: Start `b_f` at one, so that an untrained cell
            remembers (Jozefowicz et al., 2015).
        kernel_regularizer: What the loss adds for each weight from the input,
            such as "l2".
        recurrent_regularizer: What it adds for each weight from the past.
        bias_regularizer: What it adds for each bias.
        kernel_constraint: What each weight from the input is made to meet
            after each update.
        recurrent_constraint: What each weight from the past is made to meet.
        bias_constraint: What each bias is made to meet.
        dropout: Share of `x_t` to drop in training, one mask a sequence.
        recurrent_dropout: Share of `h_prev` to drop in training, likewise.
        seed: Int or None, of the dropout masks.
        implementation: Kept for Keras's sake: the numbers are the same.
        **kwargs: Passed to `keras.layers.Layer` (`name`, `dtype`, ...).

    Call arguments:
        x_t: `(B, D)`, the input at step t.
        states: `[h_prev, c_prev]`, each `(B, H)`.
        training: Bool, whether dropout happens.

    Returns:
        `h_t` `(B, H)` and the new states `[h_t, c_t]`.

    Raises:
        ValueError: if `units` is not a positive int or a rate not in [0, 1).

    Masking: none here; `keras.layers.RNN` and `LSTM` skip masked steps.

    Example:

    >>> cell = LSTMCell(units=4)
    >>> h_t, [_, c_t] = cell(keras.ops.ones((2, 3)), cell.get_initial_state(2))
    >>> h_t.shape, c_t.shape
    (TensorShape([2, 4]), TensorShape([2, 4]))

    Differs from `keras.layers.LSTMCell`: one matrix per gate, each initialized
    by itself (Keras draws the four as one wide matrix, so its numbers start
    about half as large); gates in the slide's order f, i, c, o (Keras: i, f,
    c, o); one dropout mask for all gates, and recurrent dropout whatever the
    `implementation` is.
    Reference: Hochreiter and Schmidhuber, 1997; Gers et al., 2000 (forget).
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
        unit_forget_bias: bool = True,
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
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
        self.unit_forget_bias = unit_forget_bias
        self.state_size = [self.units, self.units]

    def build(self, input_shape):
        super().build(input_shape)
        input_dim = input_shape[-1]
        forget_bias = "ones" if self.unit_forget_bias else None
        self.add_gate("f", input_dim, bias_initializer=forget_bias)
        self.add_gate("i", input_dim)
        self.add_gate("c", input_dim)
        self.add_gate("o", input_dim)

    def call(
        self, x_t: tf.Tensor, states: list[tf.Tensor], training: bool = False
    ) -> tuple[tf.Tensor, list[tf.Tensor]]:
        h_prev, c_prev = states
        x_t, h_prev = self.drop(x_t, h_prev, training)
        tanh, sigmoid = self.activation, self.recurrent_activation
        # f_t = sigmoid(x_t W_xf + h_prev W_hf + b_f)
        f_t = sigmoid(affine(x_t, self.W_xf, h_prev, self.W_hf, self.b_f))
        # i_t = sigmoid(x_t W_xi + h_prev W_hi + b_i)
        i_t = sigmoid(affine(x_t, self.W_xi, h_prev, self.W_hi, self.b_i))
        # c_tilde = tanh(x_t W_xc + h_prev W_hc + b_c)
        c_tilde = tanh(affine(x_t, self.W_xc, h_prev, self.W_hc, self.b_c))
        # c_t = f_t * c_prev + i_t * c_tilde
        c_t = f_t * c_prev + i_t * c_tilde
        # o_t = sigmoid(x_t W_xo + h_prev W_ho + b_o)
        o_t = sigmoid(affine(x_t, self.W_xo, h_prev, self.W_ho, self.b_o))
        # h_t = o_t * tanh(c_t)
        h_t = o_t * tanh(c_t)
        return h_t, [h_t, c_t]

    def packed(self) -> Packed | None:
        """Returns the weights side by side, f, i, c, o, for `bptt`."""
        names = self.activation_names()
        if names is None:
            return None
        kinds = ("W_x", "b_", "W_h")
        W_x, b, W_h = (self.side_by_side(kind, "fico") for kind in kinds)
        return Packed(LSTMEquations(*names), W_x, b, [W_h])

    def get_config(self):
        config = {"unit_forget_bias": self.unit_forget_bias}
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable(package="mitseq")
class LSTM(RecurrentLayer):
    r"""An LSTM over a whole sequence: `LSTMCell` at every step.

    Slide: Lecture 2, "Long Short Term Memory" (docs/slides.md#lstm).

    Equations: those of `LSTMCell`, for t = 1 ... T, from h_0 = c_0 = 0 or from
    `initial_state`, with the same weights at every step.

    Args:
        units: Positive int, H. Size of `h_t` and of `c_t`.
        activation: See `LSTMCell`, as for the next three.
        recurrent_activation: Of the gates.
        use_bias: Whether every gate adds its bias.
        kernel_initializer: Of the weights from the input.
        recurrent_initializer: Of the weights from the past.
        bias_initializer: Of the biases.
        unit_forget_bias: Start `b_f` at one.
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
        return_state: Return the final `h_T` and `c_T` too.
        go_backwards: Read the sequence from its end; the outputs come in the
            order in which they are made.
        stateful: Start each batch from the states that the last one ended
            with, until `reset_state()`. Needs a fixed batch size.
        unroll: Kept for Keras's sake: the numbers are the same.
        use_cudnn: Whether training on a GPU may take the vendor's kernel:
            "auto" or True, or False.
        implementation: Kept for Keras's sake, as `unroll`.
        zero_output_for_mask: At a masked step give zeros, not the last output.
        **kwargs: Passed to `keras.layers.Layer` (`name`, `dtype`, ...).

    Call arguments:
        sequences: `(B, T, D)`.
        initial_state: `[h_0, c_0]`, each `(B, H)`, or None for zeros.
        mask: `(B, T)` bool, True = keep. A masked step changes no state.
        training: Bool, whether dropout happens.

    Returns:
        `h_T` `(B, H)`, or `h_seq` `(B, T, H)` with `return_sequences`; with
        `return_state` followed by `h_T` and `c_T`.

    Raises:
        ValueError: for a size that is not a positive int, a rate not in
            [0, 1), or a mask or state that does not fit the sequences.

    Example:

    >>> layer = LSTM(units=4, return_sequences=True, return_state=True)
    >>> h_seq, h_T, c_T = layer(keras.ops.ones((2, 5, 3)))
    >>> h_seq.shape, c_T.shape
    (TensorShape([2, 5, 4]), TensorShape([2, 4]))

    Differs from `keras.layers.LSTM`: see `LSTMCell`; the weights are in
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
        unit_forget_bias: bool = True,
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
        use_cudnn: bool | str = "auto",
        implementation: int = 2,
        zero_output_for_mask: bool = False,
        **kwargs,
    ):
        cell = LSTMCell(
            units,
            activation=activation,
            recurrent_activation=recurrent_activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            unit_forget_bias=unit_forget_bias,
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
            dtype=kwargs.get("dtype"),
            name="lstm_cell",
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
