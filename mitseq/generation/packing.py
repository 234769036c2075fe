r"""The weights of one step side by side, so that a step is one product or two.

Slide: Lecture 2, "RNN State Update and Output". A cell keeps one weight for
each symbol, and step by step that is eight small products for an LSTM. Before
the loop of `generate` the gates are packed side by side, and then

    z_t = x_t W_x + h_prev W_h + b = [x_t, h_prev] [W_x; W_h] + b

is one product. Where `x_t` is a row of an embedding `E`, that row times `W_x`
is a row of `E W_x`: the embedding is *folded* into the gates, and reading a
character is looking up what it says to every gate:

    z_t = (E W_x + b)[id_t] + h_prev W_h

Read layers/equations.py (`Packed`, `forward`) before, step_layer.py after.
Letters: B batch, D features of one step, H units, G gates, V vocabulary.
"""

from __future__ import annotations

from typing import NamedTuple

import keras
import tensorflow as tf

from mitseq.layers.equations import GRUEquations

layers = keras.layers

# Folding costs V D G H multiplications before the loop and V G H floats of
# memory. A table of more rows is looked up and multiplied as it stands.
MOST_ROWS = 2048

# In generation they hand on what they get.
IDENTITY = (
    layers.AlphaDropout,
    layers.Dropout,
    layers.GaussianDropout,
    layers.GaussianNoise,
    layers.Identity,
    layers.SpatialDropout1D,
)


class InputPart(NamedTuple):
    """Some of the features of `x_t`, side by side with the other parts."""

    tensor: keras.KerasTensor  # (B, 1, width) features, or (B, 1) ids
    width: int
    embedding: layers.Embedding | None = None  # that turns ids into features


class PackedCell:
    """One step of a cell with its weights packed.

    Args:
        cell: A cell of this project: it has `packed()`.
        parts: What `x_t` is made of, in order.
        dtype: The dtype to compute in.

    Example:

    >>> from mitseq.layers import LSTMCell
    >>> cell = LSTMCell(4)
    >>> cell.build((None, 3))
    >>> packed_cell = PackedCell(cell, [InputPart(keras.Input((1, 3)), 3)])
    >>> [w.shape for w in packed_cell.pack()]
    [TensorShape([16]), TensorShape([7, 16])]
    >>> x_t, states = tf.ones((2, 1, 3)), cell.get_initial_state(2)
    >>> h_t, _ = packed_cell([x_t], states, packed_cell.pack())
    >>> bool(tf.reduce_all(abs(h_t - cell(x_t[:, 0], states)[0]) < 1e-6))
    True
    """

    def __init__(
        self, cell: layers.Layer, parts: list[InputPart], dtype: str = "float32"
    ) -> None:
        self.cell = cell
        self.parts = parts
        self.dtype = dtype
        self.equations = cell.packed().equations
        # In a GRU the past has other uses than its product, so nothing else
        # may stand beside it.
        self.is_joined = not isinstance(self.equations, GRUEquations)

    def pack(self) -> list[tf.Tensor]:
        """Returns the packed weights, as they are now: after `fit`, anew.

        First a table of gates for each folded embedding, or the bias if there
        is none; then the weights of the features, above those of the past or
        apart.
        """
        packed = self.cell.packed()
        b = packed.b
        tables, rows, start = [], [], 0
        for part in self.parts:
            W_x = packed.W_x[start : start + part.width]
            start += part.width
            if part.embedding is None:
                rows.append(W_x)
                continue
            table = tf.convert_to_tensor(part.embedding.embeddings)
            table = tf.cast(table, W_x.dtype) @ W_x  # (V, D) -> (V, G*H)
            tables.append(table if b is None else table + b)
            b = None
        weights = list(packed.weights)
        if rows and self.is_joined:
            weights = [tf.concat([*rows, weights[0]], 0)]  # (D + H, G*H)
        elif rows:
            weights = [tf.concat(rows, 0), *weights]
        weights = [*tables, *([] if b is None else [b]), *weights]
        return [tf.cast(weight, self.dtype) for weight in weights]

    def __call__(
        self,
        inputs: list[tf.Tensor],
        states: list[tf.Tensor],
        weights: list[tf.Tensor],
    ) -> tuple[tf.Tensor, list[tf.Tensor]]:
        """Returns `h_t` `(B, H)` and the new states, from those before.

        There is an input for each part, `(B, 1)` or `(B, 1, width)`; the
        weights are from `pack`.
        """
        weights = list(weights)
        features, said = [], []
        for part, x in zip(self.parts, inputs, strict=True):
            if part.embedding is None:
                features.append(tf.cast(x[:, 0], self.dtype))
            else:
                ids = tf.cast(x[:, 0], "int32")
                said.append(tf.gather(weights.pop(0), ids))
        if not said and self.cell.use_bias:
            said.append(weights.pop(0))
        zx_t = tf.add_n(said) if len(said) > 1 else (said or [0.0])[0]
        h_prev, *others = states
        if features and self.is_joined:
            # the equations use h_prev in its product only
            h_prev = tf.concat([*features, h_prev], -1)  # (B, D + H)
        elif features:
            W_x = weights.pop(0)
            zx_t += tf.concat(features, -1) @ W_x
        states, _ = self.equations.forward(zx_t, [h_prev, *others], weights)
        return states[0], list(states)


def output_parts(
    layer: layers.Layer, inputs: list, parts: dict[int, list[InputPart]]
) -> list[InputPart] | None:
    """Returns what the output of a layer without a state is made of.

    None if that is not known: then the output is a part of its own. `parts`
    are those of earlier symbolic tensors, by `id`.
    """
    if any(getattr(x, "_keras_mask", None) is not None for x in inputs):
        return None
    if isinstance(layer, IDENTITY):
        return known_parts(inputs[0], parts)
    if isinstance(layer, layers.Concatenate):
        return [part for x in inputs for part in known_parts(x, parts)]
    is_foldable = (
        isinstance(layer, layers.Embedding)
        and type(layer).call is layers.Embedding.call
        and not layer.mask_zero
        and getattr(layer, "quantization_mode", None) is None
        and layer.input_dim <= MOST_ROWS
    )
    if is_foldable and len(inputs[0].shape) == 2:
        return [InputPart(inputs[0], layer.output_dim, layer)]
    return None


def known_parts(
    x: keras.KerasTensor, parts: dict[int, list[InputPart]]
) -> list[InputPart]:
    """Returns the parts of a symbolic tensor: itself, if none are known."""
    return parts.get(id(x)) or [InputPart(x, x.shape[-1])]
