r"""What every recurrent cell and every recurrent layer here has in common.

Slide: Lecture 2, "RNNs: Computational Graph Across Time". Read `rnn.py` first.
A cell is one step, the slide; a recurrent layer is the same step over a whole
sequence, with weights that are reused at every step. `SimpleRNN`, `LSTM` and
`GRU` differ in their cell only, so everything else lives here, once.

Letters: B batch, T steps, D features of one step, H units.
"""

import operator

import keras
import tensorflow as tf
from keras import ops

# The base class by which `keras.layers.RNN` knows that a cell has dropout masks
# to draw before the loop and to forget after it. Keras does not export it.
from keras.src.layers.rnn.dropout_rnn_cell import DropoutRNNCell

from mitseq.layers import bptt, vendor_kernel


def affine(
    x_t: tf.Tensor,  # (B, D)
    W_x: tf.Tensor,  # (D, H)
    h_prev: tf.Tensor,  # (B, H)
    W_h: tf.Tensor,  # (H, H)
    b: tf.Tensor | None = None,  # (H,)
) -> tf.Tensor:  # (B, H)
    """Adds up what the input, the past and the bias say: every gate's inside.

    Args:
        x_t: The input at step t.
        W_x: Weights from the input.
        h_prev: The hidden state before step t.
        W_h: Weights from the hidden state.
        b: Bias, or None for none.

    Returns:
        `x_t W_x + h_prev W_h + b`.

    Example:

    >>> x_t, h_prev = ops.array([[1.0]]), ops.array([[10.0]])
    >>> float(affine(x_t, [[2.0]], h_prev, [[3.0]], [0.5])[0, 0])
    32.5
    """
    z = ops.matmul(x_t, W_x) + ops.matmul(h_prev, W_h)
    return z if b is None else z + b


class RecurrentCell(keras.layers.Layer, DropoutRNNCell):
    """One step of a recurrence; the equations are in the subclass.

    A subclass names its gates' weights in `build` with `add_gate` and writes
    its equations in `call`. Keras's protocol for cells is kept (`state_size`,
    `output_size`, `get_initial_state`), so `keras.layers.RNN(cell)` works.

    Dropout follows Gal and Ghahramani: one mask a sequence, not one a step.
    `keras.layers.RNN` draws it before the loop and forgets it afterwards; who
    calls a cell by hand with `training=True` calls `reset_dropout_mask()` and
    `reset_recurrent_dropout_mask()` between sequences.

    Args:
        units: Positive int, H. Size of the hidden state.
        use_bias: Whether every gate adds a bias.
        kernel_initializer: Initializer of each weight from the input.
        recurrent_initializer: Initializer of each weight from the past.
        bias_initializer: Initializer of each bias.
        dropout: Share of `x_t` to drop in training, in [0, 1).
        recurrent_dropout: Share of `h_prev` to drop in training, in [0, 1).
        seed: Int or None, of the dropout masks.
        **kwargs: Passed to `keras.layers.Layer` (`name`, `dtype`, ...).

    Raises:
        ValueError: if `units` is not a positive int or a rate not in [0, 1).
    """

    def __init__(
        self,
        units: int,
        use_bias: bool = True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        _check_float(self.compute_dtype, "dtype")
        self.units = check_size(units, "units")
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.recurrent_initializer = keras.initializers.get(
            recurrent_initializer
        )
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.dropout = check_rate(dropout, "dropout")
        self.recurrent_dropout = check_rate(
            recurrent_dropout, "recurrent_dropout"
        )
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.state_size = self.units
        self.output_size = self.units

    def build(self, input_shape):
        self._num_gates = 0
        self.input_spec = keras.layers.InputSpec(
            ndim=2, axes={-1: input_shape[-1]}
        )

    def add_gate(
        self, gate: str, input_dim: int, bias_initializer=None
    ) -> None:
        """Adds the weights `W_x<gate>`, `W_h<gate>` and `b_<gate>`.

        Args:
            gate: The letter of the gate on the slide.
            input_dim: D, the number of features of `x_t`.
            bias_initializer: Where this gate's bias starts otherwise.
        """
        index, self._num_gates = self._num_gates, self._num_gates + 1
        weight = self.add_weight(
            name=f"W_x{gate}",
            shape=(input_dim, self.units),
            initializer=fresh(self.kernel_initializer, index),
        )
        setattr(self, f"W_x{gate}", weight)
        weight = self.add_weight(
            name=f"W_h{gate}",
            shape=(self.units, self.units),
            initializer=fresh(self.recurrent_initializer, index),
        )
        setattr(self, f"W_h{gate}", weight)
        bias = None
        if self.use_bias:
            bias = self.add_weight(
                name=f"b_{gate}",
                shape=(self.units,),
                initializer=bias_initializer
                or fresh(self.bias_initializer, index),
            )
        setattr(self, f"b_{gate}", bias)

    def drop(
        self, x_t: tf.Tensor, h_prev: tf.Tensor, training: bool
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Applies the sequence's dropout masks to what enters the products.

        Args:
            x_t: `(B, D)`, the input at step t.
            h_prev: `(B, H)`, the hidden state before step t.
            training: Dropout happens in training only.

        Returns:
            `x_t` and `h_prev`, each with its mask applied.
        """
        if training and self.dropout:
            x_t = x_t * self.get_dropout_mask(x_t)
        if training and self.recurrent_dropout:
            h_prev = h_prev * self.get_recurrent_dropout_mask(h_prev)
        return x_t, h_prev

    def get_initial_state(self, batch_size: int) -> list[tf.Tensor]:
        """Returns the zeros that stand before the first step.

        Args:
            batch_size: B.

        Returns:
            One `(B, H)` tensor of zeros for each state.
        """
        sizes = self.state_size
        sizes = sizes if isinstance(sizes, (list, tuple)) else [sizes]
        return [
            ops.zeros((batch_size, size), dtype=self.compute_dtype)
            for size in sizes
        ]

    def get_config(self):
        serialize = keras.initializers.serialize
        return {
            **super().get_config(),
            "units": self.units,
            "use_bias": self.use_bias,
            "kernel_initializer": serialize(self.kernel_initializer),
            "recurrent_initializer": serialize(self.recurrent_initializer),
            "bias_initializer": serialize(self.bias_initializer),
            "dropout": self.dropout,
            "recurrent_dropout": self.recurrent_dropout,
            "seed": self.seed,
        }


class RecurrentLayer(keras.layers.RNN):
    """A cell over a whole sequence; the subclass only chooses the cell.

    Args:
        cell: A `RecurrentCell`, which owns the weights.
        return_sequences: Return every `h_t`, `(B, T, H)`, not the last one.
        return_state: Return the final states too.
        go_backwards: Read the sequence from its end; the outputs come in the
            order in which they are made.
        stateful: Start each batch from the states that the last one ended
            with, until `reset_state()`.
        zero_output_for_mask: At a masked step give zeros, not the last output.
        **kwargs: Passed to `keras.layers.Layer` (`name`, `dtype`, ...).
    """

    def __init__(
        self,
        cell: RecurrentCell,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        zero_output_for_mask: bool = False,
        **kwargs,
    ):
        super().__init__(
            cell,
            return_sequences=return_sequences,
            return_state=return_state,
            go_backwards=go_backwards,
            stateful=stateful,
            zero_output_for_mask=zero_output_for_mask,
            **kwargs,
        )
        self.input_spec = keras.layers.InputSpec(ndim=3)

    @property
    def units(self) -> int:
        """H, the size of the hidden state."""
        return self.cell.units

    def build(self, sequences_shape, initial_state_shape=None):
        super().build(sequences_shape, initial_state_shape)
        self.input_spec = keras.layers.InputSpec(
            ndim=3, axes={-1: sequences_shape[-1]}
        )

    def inner_loop(self, sequences, initial_state, mask, training=False):
        _check_float(sequences.dtype, "sequences")
        self._check_states(initial_state)
        if mask is not None:
            _check_mask(mask, sequences)
        packed = self.cell.packed()
        if packed is None:  # an activation whose derivative is not written
            return super().inner_loop(sequences, initial_state, mask, training)
        if training and self.cell.dropout:
            first = sequences[:, 0]
            sequences *= self.cell.get_dropout_mask(first)[:, None]
        m = None
        if training and self.cell.recurrent_dropout:
            m = self.cell.get_recurrent_dropout_mask(initial_state[0])

        def own_loop():
            x, keep = sequences, mask
            if self.go_backwards:
                x = ops.flip(x, axis=1)
                keep = None if mask is None else ops.flip(mask, axis=1)
            return bptt.run(
                packed,
                x,
                initial_state,
                keep,
                zero_output_for_mask=self.zero_output_for_mask,
                recurrent_dropout_mask=m,
                training=training,
            )

        if self.cell.recurrent_dropout or not vendor_kernel.is_fastest(
            packed, sequences
        ):
            return own_loop()
        self.supports_jit = False  # as Keras's layer: XLA has no such kernel
        if not training:
            return own_loop()
        return vendor_kernel.run(
            packed,
            sequences,
            initial_state,
            mask,
            own_loop,
            self.go_backwards,
            self.zero_output_for_mask,
        )

    def _check_states(self, states):
        sizes = [state.shape[-1] for state in states]
        fits = len(sizes) == len(self.state_size) and all(
            size in (None, expected)
            for size, expected in zip(sizes, self.state_size, strict=True)
        )
        if not fits:
            raise ValueError(
                "`initial_state` must be one tensor for each state of the "
                f"cell, of last sizes {self.state_size}. "
                f"Received: shapes={[tuple(state.shape) for state in states]}."
            )

    def get_config(self):
        config = super().get_config()
        # The arguments of the cell are the arguments of this layer: a config
        # has no nested cell. Loops are not unrolled here.
        del config["cell"], config["unroll"]
        cell_config = self.cell.get_config()
        for name in ("name", "dtype", "trainable"):
            del cell_config[name]
        return {**config, **cell_config}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def check_size(value: int, name: str) -> int:
    """Returns a size as an int, or says what is wrong with it.

    Args:
        value: The argument's value.
        name: The argument's name, for the message.

    Returns:
        `value` as a plain int (it may be a NumPy integer).

    Raises:
        ValueError: if `value` is not a positive int.

    Example:

    >>> check_size(4, "units")
    4
    """
    try:
        size = 0 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        size = 0
    if size < 1:
        raise ValueError(
            f"`{name}` must be a positive int. Received: {name}={value!r}."
        )
    return size


def check_rate(value: float, name: str) -> float:
    """Returns a rate of dropout, or says what is wrong with it.

    Args:
        value: The argument's value.
        name: The argument's name, for the message.

    Returns:
        `value`.

    Raises:
        ValueError: if `value` is not a number in [0, 1).

    Example:

    >>> check_rate(0.5, "dropout")
    0.5
    """
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not 0 <= value < 1:
        raise ValueError(
            f"`{name}` must be a number in [0, 1), the share to drop. "
            f"Received: {name}={value!r}."
        )
    return value


def _check_float(dtype, name):
    dtype = getattr(dtype, "name", dtype)
    if "float" not in str(dtype):
        received = name if name == "dtype" else f"{name}.dtype"
        raise ValueError(
            f"`{name}` must be of a floating-point dtype, such as float32 "
            "(an Embedding makes vectors of token ids). "
            f"Received: {received}={dtype}."
        )


def _check_mask(mask, sequences):
    expected = tuple(sequences.shape[:2])
    received = tuple(mask.shape)
    fits = len(received) == 2 and all(
        a is None or b is None or a == b
        for a, b in zip(received, expected, strict=True)
    )
    if not fits:
        raise ValueError(
            "`mask` must have the batch and the steps of `sequences`, "
            f"{expected}. Received: mask.shape={received}."
        )
    dtype = keras.backend.standardize_dtype(mask.dtype)
    if dtype != "bool" and "int" not in dtype:
        raise ValueError(
            "`mask` must be boolean, True where a step counts. "
            f"Received: mask.dtype={dtype}."
        )


def fresh(
    initializer: keras.initializers.Initializer, index: int
) -> keras.initializers.Initializer:
    """Returns a copy of an initializer for weight number `index`.

    A Keras initializer gives the same numbers at every call, so the gates
    would start as copies of one another (and W_xf would equal W_xi).

    Args:
        initializer: The layer's; one without a seed comes back as it is.
        index: Another index is another seed, if the initializer has one.

    Example:

    >>> fresh(keras.initializers.GlorotUniform(seed=7), 2).seed
    9
    """
    if not isinstance(initializer, keras.initializers.Initializer):
        return initializer
    config = initializer.get_config()
    if "seed" not in config:  # nor need the rest be there: Identity's gain
        return initializer
    if isinstance(config["seed"], int):
        config["seed"] += index
    return type(initializer).from_config(config)
