"""One step of one layer: what it is, and whether the layer has one.

Slide: Lecture 2, "RNN State Update and Output". In training a layer works on
all steps; to generate, on one at a time, and its state is handed on.
`StepLayer` is that step; the other functions sort the layers of a model.

Read `mitseq/layers/step.py` (`StepByStep`) and `packing.py` before,
`one_step_graph.py` after.
Letters: B batch, D features of one step.
"""

from __future__ import annotations

import keras
import tensorflow as tf
from keras import ops, tree

from mitseq.errors import MitseqError
from mitseq.generation.packing import PackedCell
from mitseq.layers.recurrent import RecurrentLayer
from mitseq.layers.step import StepByStep

layers = keras.layers


def _layers(names):
    return tuple(getattr(layers, name) for name in names.split())


# They act on each step alone, so one step of them is the layer itself.
PER_STEP = _layers(
    """
    Activation Add AlphaDropout Average BatchNormalization Dense Dropout ELU
    Embedding GaussianDropout GaussianNoise Identity LeakyReLU Masking Maximum
    Minimum Multiply ReLU Rescaling Softmax SpatialDropout1D Subtract
    TimeDistributed UnitNormalization
    """
)
# They look at several steps at once and have no state to do it step by step.
MIXES_STEPS = _layers(
    """
    AdditiveAttention Attention AveragePooling1D Bidirectional Conv1D
    Conv1DTranspose Cropping1D DepthwiseConv1D Flatten GlobalAveragePooling1D
    GlobalMaxPooling1D GroupQueryAttention MaxPooling1D MultiHeadAttention
    Permute RepeatVector Reshape SeparableConv1D UpSampling1D ZeroPadding1D
    """
)


class StepLayer(layers.Layer):
    """One step of a layer with a state, as a layer of the one-step graph.

    Args:
        layer: A `StepByStep` or a `keras.layers.RNN`.
        parts: What its input is made of, if its cell's weights are packed.

    Call arguments:
        inputs: The parts of `x` `(B, 1, D)`, or `x` alone.
        states: List of tensors, as `initial_states` gave or as returned.
        weights: As `pack` returned.
        context: What each step sees whole, by the names of the layer's
            arguments.
        keep: `(B, 1)` bool, False where a masked step changes no state.

    Returns:
        `y` `(B, 1, D)` and each new state.
    """

    def __init__(self, layer: layers.Layer, parts: list | None = None) -> None:
        super().__init__(dtype=layer.dtype_policy, autocast=False)
        self.layer = layer
        self.supports_masking = True
        self.packed_cell = None
        if parts is not None:
            self.packed_cell = PackedCell(layer.cell, parts, self.compute_dtype)
        self._structure = self._initial_state(1, 1)
        # A size that hangs on the batch or on the number of steps differs
        # between these two.
        few, more = self.initial_states(1, 1), self.initial_states(2, 2)
        self.state_specs = [
            tf.TensorSpec(a.shape, a.dtype).most_specific_common_supertype(
                [tf.TensorSpec(b.shape, b.dtype)]
            )
            for a, b in zip(few, more, strict=True)
        ]

    def _initial_state(self, batch_size, num_steps):
        if not isinstance(self.layer, StepByStep):
            return self.layer.get_initial_state(batch_size)
        try:
            return self.layer.step_state(batch_size, num_steps)
        except ValueError as error:
            raise MitseqError(str(error)) from None

    def initial_states(self, batch_size, num_steps) -> list[tf.Tensor]:
        """Returns the states before the first step, a flat list."""
        return tree.flatten(self._initial_state(batch_size, num_steps))

    def pack(self) -> list[tf.Tensor]:
        """Returns the weights as a step takes them, as they are now."""
        return [] if self.packed_cell is None else self.packed_cell.pack()

    def placeholders(self, x) -> tuple[list, list]:
        """Symbolic states and weights that hang on `x`, for `clone_model`."""
        states = [
            keras.KerasTensor((None, *spec.shape[1:]), spec.dtype.name)
            for spec in self.state_specs
        ]
        weights = [keras.KerasTensor(w.shape, w.dtype) for w in self.pack()]
        symbols = tree.flatten(_Placeholders(states + weights)(x))
        return symbols[: len(states)], symbols[len(states) :]

    def call(self, inputs, states, weights, context=None, keep=None):
        if self.packed_cell is not None:
            y_t, new_states = self.packed_cell(inputs, states, weights)
        else:
            y_t, new_states = self._step(inputs[0], states, context or {})
        new_states = [
            ops.cast(new, old.dtype)
            for new, old in zip(tree.flatten(new_states), states, strict=True)
        ]
        if keep is not None:  # a masked step changes no state
            new_states = [
                ops.where(
                    ops.reshape(keep[:, 0], (-1, *[1] * (len(old.shape) - 1))),
                    new,
                    old,
                )
                for new, old in zip(new_states, states, strict=True)
            ]
        y_t = ops.cast(y_t, self.compute_dtype)
        return ops.expand_dims(y_t, 1), *new_states  # (B, D) -> (B, 1, D)

    def _step(self, x, states, context):
        # (B, 1, D) -> (B, D); an integer a step is one feature: (B, 1)
        x_t = x[:, 0] if len(x.shape) > 2 else x
        if keras.backend.is_float_dtype(x_t.dtype):
            x_t = ops.cast(x_t, self.compute_dtype)
        structured = tree.pack_sequence_as(self._structure, list(states))
        if isinstance(self.layer, StepByStep):
            return self.layer.step(x_t, structured, **context)
        return self.layer.cell(x_t, structured)

    def compute_output_spec(
        self, inputs, states, weights, context=None, keep=None
    ):
        # Keras calls the product of a tensor and a number sparse, which an
        # indexed tensor must not be.
        inputs = [keras.KerasTensor(x.shape, x.dtype) for x in inputs]
        return super().compute_output_spec(
            inputs, states, weights, context, keep=keep
        )


class _Placeholders(layers.Layer):
    """Gives symbolic tensors of given shapes; they become inputs, never run."""

    def __init__(self, specs: list) -> None:
        super().__init__()
        self.specs = specs

    def call(self, x):
        raise NotImplementedError

    def compute_output_spec(self, x):
        return [keras.KerasTensor(s.shape, s.dtype) for s in self.specs]


def has_state(layer: layers.Layer) -> bool:
    """Tells whether one step of a layer hands something on to the next.

    Raises:
        MitseqError: if it reads from the end, or gives its last output only.
    """
    if isinstance(layer, StepByStep):
        return True
    if not isinstance(layer, layers.RNN):
        return False
    if layer.go_backwards:
        raise MitseqError(
            f"the layer '{layer.name}' reads the sequence from its end, "
            "so it cannot generate. Received: go_backwards=True."
        )
    if not layer.return_sequences:
        raise MitseqError(
            f"the layer '{layer.name}' must give an output at every step. "
            "Received: return_sequences=False."
        )
    return True


def can_be_packed(layer: layers.Layer) -> bool:
    """Tells whether the weights of a layer with a state can be packed."""
    if isinstance(layer, StepByStep) or not isinstance(layer, RecurrentLayer):
        return False
    return layer.cell.packed() is not None


def acts_on_each_step(layer: layers.Layer) -> bool:
    """Tells whether a layer without a state is known to act on each step alone.

    A layer of your own says so by an attribute of this name.

    Raises:
        MitseqError: if it is known to look at several steps at once.

    Example:

    >>> acts_on_each_step(layers.Dense(3)), acts_on_each_step(layers.Layer())
    (True, False)
    """
    if isinstance(layer, MIXES_STEPS):
        raise MitseqError(
            f"the layer '{layer.name}' ({type(layer).__name__}) looks at "
            "several steps at once and has no one-step form, so its model "
            "cannot generate. Give it the methods `step_state` and `step` (see "
            "`mitseq.layers.StepByStep`), or use a recurrent layer."
        )
    if isinstance(layer, (layers.LayerNormalization, layers.Concatenate)):
        return layer.axis in (-1, [-1], (-1,), 2, [2])
    says_so = getattr(layer, "acts_on_each_step", False)
    return isinstance(layer, PER_STEP) or says_so is True
