r"""Long Short Term Memory: gates that decide what the memory keeps.

Slide: Lecture 2, "Gating Mechanisms in Neurons" and "Long Short Term Memory
(LSTM) Networks". Read `rnn.py` before. `LSTMCell` is one step, the slide;
`LSTM` is that step over a whole sequence.

Letters: B batch, T steps, D features of one step, H units; f forget, i input
(the slide's store), c cell state, o output.
"""

import keras
import tensorflow as tf
from keras import ops

from mitseq.layers.equations import LSTMEquations, Packed
from mitseq.layers.recurrent import RecurrentLayer
from mitseq.layers.recurrent_cell import RecurrentCell, affine


@keras.saving.register_keras_serializable(package="mitseq")
class LSTMCell(RecurrentCell):
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
        use_bias: Whether every gate adds its bias.
        kernel_initializer: Initializer of `W_xf`, `W_xi`, `W_xc`, `W_xo`, each
            drawn by itself.
        recurrent_initializer: Initializer of `W_hf`, `W_hi`, `W_hc`, `W_ho`,
            each drawn by itself.
        bias_initializer: Initializer of `b_i`, `b_c`, `b_o` (and of `b_f`, if
            not `unit_forget_bias`).
        unit_forget_bias: Start `b_f` at one, so that an untrained cell
            remembers (Jozefowicz et al., 2015).
        dropout: Share of `x_t` to drop in training, one mask a sequence.
        recurrent_dropout: Share of `h_prev` to drop in training, likewise.
        seed: Int or None, of the dropout masks.
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
    >>> h_t, [_, c_t] = cell(ops.ones((2, 3)), cell.get_initial_state(2))
    >>> h_t.shape, c_t.shape
    (TensorShape([2, 4]), TensorShape([2, 4]))

    Differs from `keras.layers.LSTMCell`: one matrix per gate, each initialized
    by itself (Keras draws the four as one wide matrix, so its numbers start
    about half as large); gates in the slide's order f, i, c, o (Keras: i, f,
    c, o); one dropout mask for all gates; tanh and sigmoid are not options.
    Reference: Hochreiter and Schmidhuber, 1997; Gers et al., 2000 (forget).
    """

    def __init__(
        self,
        units: int,
        use_bias: bool = True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        unit_forget_bias: bool = True,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(
            units,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
            seed=seed,
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
        # f_t = sigmoid(x_t W_xf + h_prev W_hf + b_f)
        f_t = ops.sigmoid(affine(x_t, self.W_xf, h_prev, self.W_hf, self.b_f))
        # i_t = sigmoid(x_t W_xi + h_prev W_hi + b_i)
        i_t = ops.sigmoid(affine(x_t, self.W_xi, h_prev, self.W_hi, self.b_i))
        # c_tilde = tanh(x_t W_xc + h_prev W_hc + b_c)
        c_tilde = ops.tanh(affine(x_t, self.W_xc, h_prev, self.W_hc, self.b_c))
        # c_t = f_t * c_prev + i_t * c_tilde
        c_t = f_t * c_prev + i_t * c_tilde
        # o_t = sigmoid(x_t W_xo + h_prev W_ho + b_o)
        o_t = ops.sigmoid(affine(x_t, self.W_xo, h_prev, self.W_ho, self.b_o))
        # h_t = o_t * tanh(c_t)
        h_t = o_t * ops.tanh(c_t)
        return h_t, [h_t, c_t]

    def packed(self) -> Packed:
        """Returns the weights side by side, f, i, c, o, for `bptt`."""
        kinds = ("W_x", "b_", "W_h")
        W_x, b, W_h = (self.side_by_side(kind, "fico") for kind in kinds)
        return Packed(LSTMEquations(), W_x, b, [W_h])

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
        use_bias: See `LSTMCell`, as for the next seven.
        kernel_initializer: Of the weights from the input.
        recurrent_initializer: Of the weights from the past.
        bias_initializer: Of the biases.
        unit_forget_bias: Start `b_f` at one.
        dropout: Share of `x_t` to drop in training, one mask a sequence.
        recurrent_dropout: Share of `h_prev` to drop in training, likewise.
        seed: Int or None, of the dropout masks.
        return_sequences: Return every `h_t`, not only the last.
        return_state: Return the final `h_T` and `c_T` too.
        go_backwards: Read the sequence from its end; the outputs come in the
            order in which they are made.
        stateful: Start each batch from the states that the last one ended
            with, until `reset_state()`. Needs a fixed batch size.
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
    >>> h_seq, h_T, c_T = layer(ops.ones((2, 5, 3)))
    >>> h_seq.shape, c_T.shape
    (TensorShape([2, 5, 4]), TensorShape([2, 4]))

    Differs from `keras.layers.LSTM`: see `LSTMCell`; the weights are in
    `layer.cell`, one for each symbol of the equations.
    """

    def __init__(
        self,
        units: int,
        use_bias: bool = True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        unit_forget_bias: bool = True,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        zero_output_for_mask: bool = False,
        **kwargs,
    ):
        cell = LSTMCell(
            units,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            unit_forget_bias=unit_forget_bias,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
            seed=seed,
            dtype=kwargs.get("dtype"),
            name="lstm_cell",
        )
        super().__init__(
            cell,
            return_sequences=return_sequences,
            return_state=return_state,
            go_backwards=go_backwards,
            stateful=stateful,
            zero_output_for_mask=zero_output_for_mask,
            **kwargs,
        )
