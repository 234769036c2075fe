r"""The slide's own cell, with the slide's names: `MyRNNCell`.

Slide: Lecture 2, "RNNs from Scratch in TensorFlow". Read `rnn.py` before, for
its equation. For a model of your own take `SimpleRNNCell` or `SimpleRNN`.

Letters: B batch, T steps, D features of one step, H units, O output size.
"""

import keras
import tensorflow as tf
from keras import ops

from mitseq.layers.arguments import check_size
from mitseq.layers.rnn import rnn_step


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
        """Returns the zeros before the first step, a list of one `(B, H)`."""
        return [
            ops.zeros((batch_size, self.rnn_units), dtype=self.compute_dtype)
        ]

    def get_config(self):
        names = ("rnn_units", "input_dim", "output_dim")
        return {
            **super().get_config(),
            **{name: getattr(self, name) for name in names},
        }
