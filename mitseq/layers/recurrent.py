"""A cell over a whole sequence: what the three layers have in common.

Slide: Lecture 2, "RNNs: Computational Graph Across Time". Read `rnn.py` and
`recurrent_cell.py` first. A recurrent layer is the step of its cell over a
whole sequence, with weights that are reused at every step. `SimpleRNN`, `LSTM`
and `GRU` differ in their cell only, so everything else lives here, once.

Letters: B batch, T steps, D features of one step, H units.
"""

import contextlib
import operator
from collections.abc import Callable, Iterator

import keras
from keras import ops

from mitseq.arguments import is_text, wrong
from mitseq.layers import bptt, vendor_kernel
from mitseq.layers.arguments import check_float
from mitseq.layers.masks import check_padding_mask
from mitseq.layers.recurrent_cell import RecurrentCell


class RecurrentLayer(keras.layers.RNN):
    """A cell over a whole sequence; a subclass only chooses the cell.

    Args:
        cell: A `RecurrentCell`, which owns the weights.
        return_sequences: Return every `h_t`, `(B, T, H)`, not the last one.
        return_state: Return the final states too.
        go_backwards: Read the sequence from its end; the outputs come in the
            order in which they are made.
        stateful: Start each batch from the states that the last one ended
            with, until `reset_state()`.
        unroll: Kept for Keras's sake; no loop is unrolled here.
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
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        **kwargs,
    ):
        super().__init__(
            cell,
            return_sequences=return_sequences,
            return_state=return_state,
            go_backwards=go_backwards,
            stateful=stateful,
            unroll=unroll,
            zero_output_for_mask=zero_output_for_mask,
            **kwargs,
        )
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self._watcher = None

    use_cudnn: bool | str = "auto"  # LSTM and GRU may choose

    def build(self, sequences_shape, initial_state_shape=None):
        super().build(sequences_shape, initial_state_shape)
        self.input_spec = keras.layers.InputSpec(
            ndim=3, axes={-1: sequences_shape[-1]}
        )

    def call(self, sequences, initial_state=None, mask=None, training=False):
        if sequences.shape[1] == 0:
            raise ValueError(
                "`sequences` must have at least one step. Received: "
                f"sequences.shape={tuple(sequences.shape)}."
            )
        return super().call(sequences, initial_state, mask, training)

    @contextlib.contextmanager
    def watched(self, watcher: Callable) -> Iterator[None]:
        """Lets `watcher` run in place of the loop over the steps, in a `with`.

        For looking into a model that runs as it is: what the layer is given,
        or what its loop would be with something added to every state.

        Args:
            watcher: Called as `watcher(loop, sequences, initial_state, mask,
                training)`; `loop`, called with the other four, is the layer's
                own. It returns what the loop does: the last output, all
                outputs and the final states.

        Example:

        >>> from mitseq.layers.rnn import SimpleRNN
        >>> layer, seen = SimpleRNN(4), []
        >>> def look(loop, sequences, *others):
        ...     seen.append(sequences.shape)
        ...     return loop(sequences, *others)
        >>> with layer.watched(look):
        ...     h_T = layer(ops.ones((2, 5, 3)))
        >>> seen
        [TensorShape([2, 5, 3])]
        """
        before, self._watcher = self._watcher, watcher
        try:
            yield
        finally:
            self._watcher = before

    def inner_loop(self, sequences, initial_state, mask, training=False):
        arguments = sequences, initial_state, mask, training
        if self._watcher is not None:
            return self._watcher(self._loop, *arguments)
        return self._loop(*arguments)

    def _loop(self, sequences, initial_state, mask, training):
        check_float(sequences.dtype, "sequences")
        self._check_states(initial_state)
        if mask is not None:
            shape = tuple(sequences.shape[:2])
            check_padding_mask(mask, shape, "`sequences`")
        if sequences.shape[1] == 1 and mask is None and not training:
            # One step at a time: no loop, and no weights laid side by side.
            h_t, states = self.cell(sequences[:, 0], initial_state)
            return h_t, h_t[:, None], states
        packed = self.cell.packed()
        if packed is None:
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
                *(packed, x, initial_state, keep),
                zero_output_for_mask=self.zero_output_for_mask,
                recurrent_dropout_mask=m,
                training=training,
            )

        if (
            self.cell.recurrent_dropout
            or not self.use_cudnn
            or not training
            or not vendor_kernel.is_fastest(packed, sequences)
        ):
            return own_loop()
        return vendor_kernel.run(
            *(packed, sequences, initial_state, mask, own_loop),
            go_backwards=self.go_backwards,
            zero_output_for_mask=self.zero_output_for_mask,
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
        serialize = keras.regularizers.serialize
        config["activity_regularizer"] = serialize(self.activity_regularizer)
        # The arguments of the cell are the arguments of this layer: a config
        # has no nested cell.
        del config["cell"]
        cell_config = self.cell.get_config()
        for name in ("name", "dtype", "trainable"):
            del cell_config[name]
        return {**config, **cell_config}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def checked_use_cudnn(value: bool | str) -> bool | str:
    """Returns what `use_cudnn` was given, if Keras knows it.

    Raises:
        ValueError: if it is none of "auto", True and False.
    """
    if not isinstance(value, bool) and not is_text(value, "auto"):
        raise wrong("use_cudnn", "be 'auto', True or False", value)
    return value


# What Keras's layers show of their cell
for _name in (
    "units activation recurrent_activation use_bias unit_forget_bias "
    "kernel_initializer recurrent_initializer bias_initializer "
    "kernel_regularizer recurrent_regularizer bias_regularizer "
    "kernel_constraint recurrent_constraint bias_constraint dropout "
    "recurrent_dropout reset_after implementation"
).split():
    _of_cell = property(operator.attrgetter(f"cell.{_name}"))
    setattr(RecurrentLayer, _name, _of_cell)
