"""A cell over a whole sequence: what the three layers have in common.

Slide: Lecture 2, "RNNs: Computational Graph Across Time". Read `rnn.py` and
`recurrent_cell.py` first. A recurrent layer is the step of its cell over a
whole sequence, with weights that are reused at every step. `SimpleRNN`, `LSTM`
and `GRU` differ in their cell only, so everything else lives here, once.

Letters: B batch, T steps, D features of one step, H units.
"""

import contextlib
import inspect
from collections.abc import Callable, Iterator

import keras
from keras import ops

from mitseq.layers import bptt, vendor_kernel
from mitseq.layers.arguments import check_float
from mitseq.layers.masks import check_padding_mask
from mitseq.layers.recurrent_cell import RecurrentCell


class RecurrentLayer(keras.layers.RNN):
    """A cell over a whole sequence; a subclass only names the cell.

    `class LSTM(RecurrentLayer, cell=LSTMCell)` takes the arguments of the cell,
    in their order, and then those of this class. Its signature and its
    docstring are put together of both, so that each argument is told once.

    Args:
        cell: A `RecurrentCell`, which owns the weights.
        return_sequences: Return every `h_t`, not only the last.
        return_state: Return the final states too.
        go_backwards: Read the sequence from its end; the outputs come in the
            order in which they are made.
        stateful: Start each batch from the states that the last one ended
            with, until `reset_state()`. Needs a fixed batch size.
        zero_output_for_mask: At a masked step give zeros, not the last output.
        **kwargs: Passed to `keras.layers.Layer` (`name`, `dtype`, ...).

    Call arguments:
        sequences: `(B, T, D)`.
        initial_state: `[h_0]`, for an LSTM `[h_0, c_0]`, each `(B, H)`, or None
            for zeros.
        mask: `(B, T)` bool, True = keep. A masked step changes no state.
        training: Bool, whether dropout happens.

    Returns:
        `h_T` `(B, H)`, or `h_seq` `(B, T, H)` with `return_sequences`; with
        `return_state` followed by `h_T`, of an LSTM by `h_T` and `c_T`.

    Raises:
        ValueError: for a size that is not a positive int, a rate not in
            [0, 1), or a mask or state that does not fit the sequences.
    """

    def __init_subclass__(cls, cell=None, cell_name=None, **kwargs):
        super().__init_subclass__(**kwargs)
        if cell is not None:
            cls.__init__ = _init(cls, cell, cell_name)
            if cls.__doc__:  # none under `python -OO`
                cls.__doc__ = _docstring(cls, cell)

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
        self._watcher = None

    @property
    def units(self) -> int:
        """H, the size of the hidden state."""
        return self.cell.units

    def build(self, sequences_shape, initial_state_shape=None):
        super().build(sequences_shape, initial_state_shape)
        self.input_spec = keras.layers.InputSpec(
            ndim=3, axes={-1: sequences_shape[-1]}
        )

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

        if self.cell.recurrent_dropout or not vendor_kernel.is_fastest(
            packed, sequences
        ):
            return own_loop()
        self.supports_jit = False  # as Keras's layer: XLA has no such kernel
        if not training:
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


def _init(cls, cell, cell_name):
    """Returns an `__init__` that makes the cell, of the arguments of both."""
    *of_cell, _ = inspect.signature(cell.__init__).parameters.values()
    _, _, *own = inspect.signature(RecurrentLayer.__init__).parameters.values()
    signature = inspect.Signature([*of_cell, *own])

    def __init__(*args, **kwargs):
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError as error:
            raise TypeError(f"{__init__.__qualname__}(): {error}") from None
        given |= given.pop("kwargs", {})
        self = given.pop("self")
        names = [each.name for each in of_cell if each.name in given]
        arguments = {name: given.pop(name) for name in names}
        its_cell = cell(**arguments, dtype=given.get("dtype"), name=cell_name)
        super(cls, self).__init__(its_cell, **given)

    __init__.__signature__ = signature
    __init__.__qualname__ = f"{cls.__qualname__}.__init__"
    return __init__


def _docstring(cls, cell):
    """Returns the layer's, with the arguments of the cell and of the loop."""
    text, of_cell, own = map(inspect.getdoc, (cls, cell, RecurrentLayer))
    above, example, below = text.partition("Example:")
    of_cell = of_cell.partition("Args:")[2].partition("**kwargs:")[0]
    _, first, others = own.partition("return_sequences:")
    return f"{above}Args:{of_cell}{first}{others}\n\n{example}{below}"
