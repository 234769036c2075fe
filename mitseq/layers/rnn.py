r"""The recurrent neural network: one state, updated by the same rule each step.

Slides: Lecture 2, "RNN State Update and Output" and "RNNs from Scratch in
TensorFlow". This is the file to read first. `rnn_step` is the equation,
`MyRNNCell` the slide's class, `SimpleRNNCell` the cell for models of one's
own, `SimpleRNN` the cell over a whole sequence. All four use `rnn_step`.

Letters: B batch, T steps, D features of one step, H units, O output size.
"""

from collections.abc import Callable

import keras
import tensorflow as tf
from keras import ops

from mitseq.layers.equations import Packed, RNNEquations
from mitseq.layers.recurrent import (
    RecurrentCell,
    RecurrentLayer,
    affine,
    check_size,
)


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
class MyRNNCell(keras.layers.Layer):
    r"""The slide's cell: three weight matrices and a hidden state.

    Slide: Lecture 2, "RNNs from Scratch in TensorFlow" (docs/slides.md#rnn).

    Equations (rows are the batch, so the slide's W^T x is `x W` here):
        h_t = tanh(x_t W_xh + h_prev W_hh)     update the hidden state
        y_t = h_t W_hy                         compute the output

    Intuition: the hidden state is all that the cell remembers of the past.
    Each step mixes it with the new input, and the output is read off it. The
    same three matrices serve every step.

    Three callers, one `call`:
        `output, h = cell(x)`          the slide: the cell keeps `self.h`.
                                       Eager only; `reset_state()` forgets it.
        `output, h = cell(x, h)`       the notes: the caller keeps h and
                                       `self.h` is left alone. Works anywhere.
        `keras.layers.RNN(cell)`       a whole sequence inside a model.

    Args:
        rnn_units: Positive int, H. Size of the hidden state.
        input_dim: Positive int, D. Size of the input of one step.
        output_dim: Positive int, O. Size of the output of one step.
        **kwargs: Passed to `keras.layers.Layer` (`name`, `dtype`, ...).

    Call arguments:
        x: `(B, D)`, the input at step t.
        states: The hidden state before step t, `(B, H)` or as plain numbers
            (the notes' `[0, 0, 0, 0]`, the same for the whole batch); a list
            of one such tensor, as Keras passes it; or None for `self.h`.

    Returns:
        The pair of the output `(B, O)` and the new hidden state `(B, H)` (as a
        list of one if `states` was one).

    Raises:
        ValueError: if a size is not a positive int, or the batch is not that
            of the kept state.
        RuntimeError: if called without a state while a graph is traced.

    Masking: none here; `keras.layers.RNN` skips masked steps.

    Example:

    >>> my_rnn = MyRNNCell(rnn_units=4, input_dim=3, output_dim=2)
    >>> hidden_state = [0, 0, 0, 0]
    >>> for word in ops.ones((5, 1, 3)):
    ...     prediction, hidden_state = my_rnn(word, hidden_state)
    >>> prediction.shape, hidden_state.shape
    (TensorShape([1, 2]), TensorShape([1, 4]))

    Differs from the slide: the printed lines do not run. The weights are
    transposed (rows are the batch) and named, `*` is a matrix product, and
    `h` begins as None, which means zeros, because the batch is not known.
    """

    def __init__(
        self, rnn_units: int, input_dim: int, output_dim: int, **kwargs
    ):
        super().__init__(**kwargs)
        self.rnn_units = check_size(rnn_units, "rnn_units")
        self.input_dim = check_size(input_dim, "input_dim")
        self.output_dim = check_size(output_dim, "output_dim")
        self.state_size = self.rnn_units
        self.output_size = self.output_dim
        self.input_spec = keras.layers.InputSpec(
            ndim=2, axes={-1: self.input_dim}
        )

        # Initialize the weight matrices
        self.W_xh = self.add_weight(
            name="W_xh", shape=(self.input_dim, self.rnn_units)
        )
        self.W_hh = self.add_weight(
            name="W_hh",
            shape=(self.rnn_units, self.rnn_units),
            initializer="orthogonal",
        )
        self.W_hy = self.add_weight(
            name="W_hy", shape=(self.rnn_units, self.output_dim)
        )

        # Initialize the hidden state
        self.reset_state()

    def __call__(self, x, states=None, **kwargs):
        if states is None:
            return super().__call__(x, **kwargs)
        if isinstance(states, (list, tuple)) and not ops.ndim(states[0]):
            # Keras takes tensors only, and the notes say [0, 0, 0, 0].
            states = ops.convert_to_tensor(states, dtype=self.compute_dtype)
        return super().__call__(x, states, **kwargs)

    def call(
        self, x: tf.Tensor, states: tf.Tensor | list | None = None
    ) -> tuple[tf.Tensor, tf.Tensor | list[tf.Tensor]]:
        in_list = isinstance(states, (list, tuple))
        h_prev = states[0] if in_list else states
        h_prev = self._kept_state(x) if h_prev is None else h_prev
        self._check_state(x, h_prev)

        # Update the hidden state
        h = rnn_step(x, h_prev, self.W_xh, self.W_hh)

        # Compute the output
        output = ops.matmul(h, self.W_hy)

        if states is None:
            self.h = h
        # Return the current output and the hidden state
        return output, [h] if in_list else h

    def _kept_state(self, x):
        if not tf.executing_eagerly():
            raise RuntimeError(
                "`MyRNNCell` keeps its state `h` between eager calls only: in "
                "a graph it would be lost or leak. Pass the state, `output, h "
                "= cell(x, h)`, or use `keras.layers.RNN(cell)` in a model. "
                f"Received: states=None for x of shape {tuple(x.shape)} while "
                "a graph is traced."
            )
        if self.h is None:
            [h] = self.get_initial_state(x.shape[0])
            return h
        return self.h

    def _check_state(self, x, h_prev):
        fits = h_prev.shape[-1] == self.rnn_units
        if len(h_prev.shape) > 1 and None not in (x.shape[0], h_prev.shape[0]):
            fits = fits and h_prev.shape[0] == x.shape[0]
        if not fits:
            raise ValueError(
                "The hidden state must have the batch of `x` and `rnn_units` "
                "columns; the cell's own forgets its batch by "
                f"`reset_state()`. Received: x.shape={tuple(x.shape)}, "
                f"h.shape={tuple(h_prev.shape)}, rnn_units={self.rnn_units}."
            )

    def reset_state(self) -> None:
        """Forgets the kept hidden state: the next call starts from zeros."""
        self.h = None

    def get_initial_state(self, batch_size: int) -> list[tf.Tensor]:
        """Returns the zeros that stand before the first step.

        Args:
            batch_size: B.

        Returns:
            A list of one `(B, H)` tensor.
        """
        return [
            ops.zeros((batch_size, self.rnn_units), dtype=self.compute_dtype)
        ]

    def get_config(self):
        return {
            **super().get_config(),
            "rnn_units": self.rnn_units,
            "input_dim": self.input_dim,
            "output_dim": self.output_dim,
        }


@keras.saving.register_keras_serializable(package="mitseq")
class SimpleRNNCell(RecurrentCell):
    r"""One step of a recurrent network: `rnn_step` with weights and a bias.

    Slide: Lecture 2, "RNN State Update and Output" (docs/slides.md#rnn).

    Equations (rows are the batch):
        h_t = tanh(x_t W_xh + h_prev W_hh + b_h)

    Intuition: a running summary of what was read so far. Because the summary
    passes through the same matrix and tanh at every step, its gradient is a
    long product, which vanishes or explodes. The lecture's cures are here as
    arguments: another activation, another initialization.

    Args:
        units: Positive int, H. Size of `h_t`.
        activation: What the sum passes through: "tanh", "relu" or another of
            Keras's activations, by name or as a function.
        use_bias: Whether to add `b_h`; the slide does not.
        kernel_initializer: Initializer of `W_xh`.
        recurrent_initializer: Initializer of `W_hh`; "identity" is the
            lecture's cure for vanishing gradients.
        bias_initializer: Initializer of `b_h`.
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
    names; there are no regularizers and no constraints.
    """

    def __init__(
        self,
        units: int,
        activation="tanh",
        use_bias: bool = True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
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
        self.activation = keras.activations.get(activation)

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
        """Returns the weights for `bptt`; None if it has no such activation."""
        name = keras.activations.serialize(self.activation)
        if not isinstance(name, str) or name not in RNNEquations.functions:
            return None
        return Packed(
            RNNEquations(name),
            tf.convert_to_tensor(self.W_xh),
            tf.convert_to_tensor(self.b_h) if self.use_bias else None,
            [tf.convert_to_tensor(self.W_hh)],
        )

    def get_config(self):
        config = {"activation": keras.activations.serialize(self.activation)}
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable(package="mitseq")
class SimpleRNN(RecurrentLayer):
    r"""A recurrent network over a whole sequence: `SimpleRNNCell` each step.

    Slide: Lecture 2, "RNNs: Computational Graph Across Time"
    (docs/slides.md#rnn).

    Equations: that of `SimpleRNNCell`, for t = 1 ... T, from h_0 = 0 or from
    `initial_state`, with the same weights at every step.

    Args:
        units: Positive int, H. Size of `h_t`.
        activation: See `SimpleRNNCell`, as for the next seven.
        use_bias: Whether to add `b_h`.
        kernel_initializer: Of `W_xh`.
        recurrent_initializer: Of `W_hh`.
        bias_initializer: Of `b_h`.
        dropout: Share of `x_t` to drop in training, one mask a sequence.
        recurrent_dropout: Share of `h_prev` to drop in training, likewise.
        seed: Int or None, of the dropout masks.
        return_sequences: Return every `h_t`, not only the last.
        return_state: Return the final `h_T` too.
        go_backwards: Read the sequence from its end; the outputs come in the
            order in which they are made.
        stateful: Start each batch from the state that the last one ended
            with, until `reset_state()`. Needs a fixed batch size.
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
        cell = SimpleRNNCell(
            units,
            activation=activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
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
            zero_output_for_mask=zero_output_for_mask,
            **kwargs,
        )
