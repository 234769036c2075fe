r"""The recurrent neural network: one state, updated by the same rule each step.

Slide: Lecture 2, "RNN State Update and Output". This is the file to read first.
`rnn_step` is the equation, `SimpleRNNCell` the cell for models of one's own,
`SimpleRNN` the cell over a whole sequence; `MyRNNCell` of the slide "RNNs from
Scratch in TensorFlow" is in `my_rnn_cell.py`. All of them use `rnn_step`.

Letters: B batch, T steps, D features of one step, H units.
"""

from collections.abc import Callable

import keras
import tensorflow as tf
from keras import ops

from mitseq.layers.activations import name_of
from mitseq.layers.equations import Packed, RNNEquations
from mitseq.layers.recurrent import RecurrentLayer
from mitseq.layers.recurrent_cell import RecurrentCell, affine


def rnn_step(
    x_t: tf.Tensor,  # (B, D)
    h_prev: tf.Tensor,  # (B, H)
    W_xh: tf.Tensor,  # (D, H)
    W_hh: tf.Tensor,  # (H, H)
    b_h: tf.Tensor | None = None,  # (H,)
    activation: Callable[[tf.Tensor], tf.Tensor] = ops.tanh,
) -> tf.Tensor:  # (B, H)
    """One step of the recurrence: the state update of the slide.

    Args:
        x_t: The input at step t.
        h_prev: The hidden state before step t.
        W_xh: Weights from the input to the hidden state.
        W_hh: Weights from the hidden state to the next one.
        b_h: Bias; the slide has none.
        activation: What the sum passes through; tanh on the slide.

    Returns:
        The hidden state `h_t = tanh(x_t W_xh + h_prev W_hh + b_h)`.

    Example:

    >>> x_t, h_prev = ops.array([[1.0]]), ops.array([[2.0]])
    >>> h_t = rnn_step(x_t, h_prev, [[0.5]], [[-0.25]])  # tanh(0.5 - 0.5)
    >>> float(h_t[0, 0])
    0.0
    """
    return activation(affine(x_t, W_xh, h_prev, W_hh, b_h))


@keras.saving.register_keras_serializable(package="mitseq")
class SimpleRNNCell(RecurrentCell):
    r"""One step of a recurrent network: `rnn_step` with weights and a bias.

    Slide: Lecture 2, "RNN State Update and Output" (docs/slides.md#rnn).

    Equations (rows are the batch):
        h_t = tanh(x_t W_xh + h_prev W_hh + b_h)

    Intuition: a running summary of what was read so far. Because the summary
    passes through the same matrix and tanh at every step, its gradient is a
    long product, which vanishes or explodes. The lecture's cures are here as
    arguments, another activation and another initialization; they cure
    together: a ReLU with the identity as `W_hh`, not a ReLU alone.

    Args:
        units: Positive int, H. Size of `h_t`.
        activation: What the sum passes through: "tanh", "relu" or another of
            Keras's activations, by name or as a function.
        use_bias: Whether to add `b_h`; the slide does not.
        kernel_initializer: Initializer of `W_xh`.
        recurrent_initializer: Initializer of `W_hh`; "identity" is the
            lecture's cure for vanishing gradients.
        bias_initializer: Initializer of `b_h`.
        kernel_regularizer: What the loss adds for `W_xh`, such as "l2".
        recurrent_regularizer: What it adds for `W_hh`.
        bias_regularizer: What it adds for `b_h`.
        kernel_constraint: What `W_xh` is made to meet after each update.
        recurrent_constraint: What `W_hh` is made to meet.
        bias_constraint: What `b_h` is made to meet.
        dropout: Share of `x_t` to drop in training, one mask a sequence.
        recurrent_dropout: Share of `h_prev` to drop in training, likewise.
        seed: Int or None, of the dropout masks.
        **kwargs: Passed to `keras.layers.Layer` (`name`, `dtype`, ...).

    Call arguments:
        x_t: `(B, D)`, the input at step t.
        states: `[h_prev]`, `(B, H)`.
        training: Bool, whether dropout happens.

    Returns:
        `h_t` `(B, H)` and the new states `[h_t]`.

    Raises:
        ValueError: if `units` is not a positive int or a rate not in [0, 1).

    Masking: none here; `keras.layers.RNN` and `SimpleRNN` skip masked steps.

    Example:

    >>> cell = SimpleRNNCell(units=4)
    >>> h_t, states = cell(ops.ones((2, 3)), cell.get_initial_state(2))
    >>> h_t.shape
    TensorShape([2, 4])

    Differs from `keras.layers.SimpleRNNCell`: the weights carry the slide's
    names.
    """

    def __init__(
        self,
        units: int,
        activation="tanh",
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
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(
            units,
            activation=activation,
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
            **kwargs,
        )

    def build(self, input_shape):
        super().build(input_shape)
        self.add_gate("h", input_shape[-1])

    def call(
        self, x_t: tf.Tensor, states: list[tf.Tensor], training: bool = False
    ) -> tuple[tf.Tensor, list[tf.Tensor]]:
        x_t, h_prev = self.drop(x_t, states[0], training)
        # h_t = tanh(x_t W_xh + h_prev W_hh + b_h)
        h_t = rnn_step(
            x_t, h_prev, self.W_xh, self.W_hh, self.b_h, self.activation
        )
        return h_t, [h_t]

    def packed(self) -> Packed | None:
        """Returns the weights for `bptt`; None for another activation."""
        activation = name_of(self.activation)
        if activation is None:
            return None
        return Packed(
            RNNEquations(activation),
            tf.convert_to_tensor(self.W_xh),
            tf.convert_to_tensor(self.b_h) if self.use_bias else None,
            [tf.convert_to_tensor(self.W_hh)],
        )


@keras.saving.register_keras_serializable(package="mitseq")
class SimpleRNN(RecurrentLayer):
    r"""A recurrent network over a whole sequence: `SimpleRNNCell` each step.

    Slide: Lecture 2, "RNNs: Computational Graph Across Time"
    (docs/slides.md#rnn).

    Equations: that of `SimpleRNNCell`, for t = 1 ... T, from h_0 = 0 or from
    `initial_state`, with the same weights at every step.

    Args:
        units: Positive int, H. Size of `h_t`.
        activation: See `SimpleRNNCell`, as for the next two.
        use_bias: Whether to add `b_h`.
        kernel_initializer: Of `W_xh`.
        recurrent_initializer: Of `W_hh`.
        bias_initializer: Of `b_h`.
        kernel_regularizer: Of `W_xh`; as Keras's, as for the next six.
        recurrent_regularizer: Of `W_hh`.
        bias_regularizer: Of `b_h`.
        activity_regularizer: Of the outputs.
        kernel_constraint: Of `W_xh`.
        recurrent_constraint: Of `W_hh`.
        bias_constraint: Of `b_h`.
        dropout: Share of `x_t` to drop in training, one mask a sequence.
        recurrent_dropout: Share of `h_prev` to drop in training, likewise.
        return_sequences: Return every `h_t`, not only the last.
        return_state: Return the final `h_T` too.
        go_backwards: Read the sequence from its end; the outputs come in the
            order in which they are made.
        stateful: Start each batch from the state that the last one ended
            with, until `reset_state()`. Needs a fixed batch size.
        unroll: Kept for Keras's sake: the numbers are the same.
        seed: Int or None, of the dropout masks.
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

    >>> layer = SimpleRNN(units=4, return_sequences=True)
    >>> layer(ops.ones((2, 5, 3))).shape
    TensorShape([2, 5, 4])

    Differs from `keras.layers.SimpleRNN`: see `SimpleRNNCell`; the weights are
    in `layer.cell`, one for each symbol of the equations.
    """

    def __init__(
        self,
        units: int,
        activation="tanh",
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
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        seed: int | None = None,
        zero_output_for_mask: bool = False,
        **kwargs,
    ):
        cell = SimpleRNNCell(
            units,
            activation=activation,
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
            dtype=kwargs.get("dtype"),
            name="simple_rnn_cell",
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
