r"""What every recurrent cell here has in common: gates, dropout, states.

Slide: Lecture 2, "RNN State Update and Output". Read `rnn.py` first. A cell is
one step, the slide. `SimpleRNNCell`, `LSTMCell` and `GRUCell` differ in their
equations only, so everything else lives here, once.

Letters: B batch, D features of one step, H units.
"""

import keras
import tensorflow as tf
from keras import ops

# The base class by which `keras.layers.RNN` knows that a cell has dropout masks
# to draw before the loop and to forget after it. Keras does not export it.
from keras.src.layers.rnn.dropout_rnn_cell import DropoutRNNCell

from mitseq.arguments import check_choice
from mitseq.layers.activations import name_of
from mitseq.layers.arguments import (
    check_float,
    check_layer_seed,
    check_rate,
    check_size,
)
from mitseq.layers.equations import Packed
from mitseq.layers.weights import fresh


def affine(
    x_t: tf.Tensor,  # (B, D)
    W_x: tf.Tensor,  # (D, H)
    h_prev: tf.Tensor,  # (B, H)
    W_h: tf.Tensor,  # (H, H)
    b: tf.Tensor | None = None,  # (H,)
) -> tf.Tensor:  # (B, H)
    """Returns what the input, the past and the bias say: every gate's inside.

    Equation: `x_t W_x + h_prev W_h + b`.

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

    Regularizers and constraints see one matrix of one gate at a time. Where
    they look at numbers or columns, as Keras's L1, L2, `MaxNorm(axis=0)` and
    `NonNeg` do, that is the same as Keras's one wide matrix.
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
        super().__init__(**kwargs)
        check_float(self.compute_dtype, "dtype")
        self.units = check_size(units, "units")
        self.activation = keras.activations.get(activation)
        self.use_bias = use_bias
        get = keras.initializers.get
        self.kernel_initializer = get(kernel_initializer)
        self.recurrent_initializer = get(recurrent_initializer)
        self.bias_initializer = get(bias_initializer)
        get = keras.regularizers.get
        self.kernel_regularizer = get(kernel_regularizer)
        self.recurrent_regularizer = get(recurrent_regularizer)
        self.bias_regularizer = get(bias_regularizer)
        get = keras.constraints.get
        self.kernel_constraint = get(kernel_constraint)
        self.recurrent_constraint = get(recurrent_constraint)
        self.bias_constraint = get(bias_constraint)
        self.dropout = check_rate(dropout, "dropout")
        self.recurrent_dropout = check_rate(
            recurrent_dropout, "recurrent_dropout"
        )
        self.seed = check_layer_seed(seed)
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.state_size = self.output_size = self.units

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
        H = self.units
        self._add(f"W_x{gate}", (input_dim, H), "kernel")
        self._add(f"W_h{gate}", (H, H), "recurrent")
        if self.use_bias:
            self._add(f"b_{gate}", (H,), "bias", bias_initializer)
        else:
            setattr(self, f"b_{gate}", None)
        self._num_gates += 1

    def _add(self, name, shape, kind, initializer=None):
        """Adds a weight under its name; `kind` is what Keras calls it."""
        initializer = initializer or getattr(self, f"{kind}_initializer")
        weight = self.add_weight(
            name=name,
            shape=shape,
            initializer=fresh(initializer, self._num_gates),
            regularizer=getattr(self, f"{kind}_regularizer"),
            constraint=getattr(self, f"{kind}_constraint"),
        )
        setattr(self, name, weight)

    def drop(
        self, x_t: tf.Tensor, h_prev: tf.Tensor, training: bool
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Returns both, in training with the sequence's dropout masks."""
        if training and self.dropout:
            x_t = x_t * self.get_dropout_mask(x_t)
        if training and self.recurrent_dropout:
            h_prev = h_prev * self.get_recurrent_dropout_mask(h_prev)
        return x_t, h_prev

    def packed(self) -> Packed | None:
        """Returns the weights, gates side by side, as the loop takes them.

        None if the derivative of these equations is not written by hand: then
        Keras loops over `call`.
        """
        return None

    def side_by_side(self, kind: str, gates: str) -> tf.Tensor | None:
        """Returns the "W_x", "W_h" or "b_" of some gates as one weight.

        None for the biases of a cell that has none.
        """
        weights = [getattr(self, kind + gate) for gate in gates]
        return None if weights[0] is None else ops.concatenate(weights, -1)

    def get_initial_state(self, batch_size: int) -> list[tf.Tensor]:
        """Returns the zeros before the first step, `(B, H)` for each state."""
        return [
            ops.zeros((batch_size, size), dtype=self.compute_dtype)
            for size in keras.tree.flatten(self.state_size)
        ]

    def get_config(self):
        names = "units use_bias dropout recurrent_dropout seed"
        config = {name: getattr(self, name) for name in names.split()}
        config["activation"] = keras.activations.serialize(self.activation)
        for kind in ("kernel", "recurrent", "bias"):
            for what in ("initializer", "regularizer", "constraint"):
                serialize = getattr(keras, f"{what}s").serialize
                name = f"{kind}_{what}"
                config[name] = serialize(getattr(self, name))
        return {**super().get_config(), **config}


class GatedCell(RecurrentCell):
    """A cell with gates: what `LSTMCell` and `GRUCell` have beside the above.

    Args:
        units: See `RecurrentCell`, as for all that is not named here.
        recurrent_activation: What opens the gates; sigmoid on the slide.
        implementation: 1 or 2: how Keras computes. It is kept for Keras's
            sake, the numbers here are the same.
    """

    def __init__(
        self,
        units: int,
        recurrent_activation="sigmoid",
        implementation: int = 2,
        **kwargs,
    ):
        super().__init__(units, **kwargs)
        self.recurrent_activation = keras.activations.get(recurrent_activation)
        check_choice((0, 1, 2), implementation=implementation)
        self.implementation = implementation

    def activation_names(self) -> tuple[str, str] | None:
        """Returns the names of both, if the engine can write either back."""
        names = name_of(self.activation), name_of(self.recurrent_activation)
        return None if None in names else names

    def get_config(self):
        serialize = keras.activations.serialize
        return {
            **super().get_config(),
            "recurrent_activation": serialize(self.recurrent_activation),
            "implementation": self.implementation,
        }
