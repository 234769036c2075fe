"""From a trained model to its one-step form: one id in, one row of logits out.

Slide: Lecture 2, "RNNs: Computational Graph Across Time". In training the graph
is unrolled over all steps; to generate, the same layers are called for one step
and their states are handed on. The layer objects are shared, so what `fit`
changes is what generates; `pack` puts their weights side by side, for speed.

Read `one_step_graph.py` before, which is how they are called; `loop.py` after.
Letters: B batch, T steps, V vocabulary, D features of one step.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf
from keras import ops, tree

from mitseq.arguments import wrong
from mitseq.errors import MitseqError
from mitseq.generation.one_step_graph import OneStepGraph

layers = keras.layers


class StepModel:
    r"""The one-step form of a model: `(id, states) -> (logits, new states)`.

    A layer takes part in one of three ways:
    1. It says itself what one step is: it is a `mitseq.layers.StepByStep`, as
       attention is, and as a layer of your own may be.
    2. It is a `keras.layers.RNN`, as `keras.layers.LSTM` and `mitseq.LSTM` are:
       its cell is the step, `cell.get_initial_state` the state. The layers of
       this project step with packed weights (`packing.py`).
    3. It acts on each step alone, as `Dense` and `Embedding` do.
    A layer that is not known to be any of these is tried: if the logits of a
    short random sequence differ between the model and its one-step form, an
    error names the layer.

    A model may have more inputs than the ids: its *context*, such as what an
    encoder has read. Recurrent layers may start from it, and cross-attention
    may ask it at each step. It goes round behind the states, unchanged.

    Args:
        model: Functional or Sequential model, ids `(B, T)` to logits
            `(B, T, V)`, perhaps with more inputs, the context. A softmax at
            its end is undone by a logarithm.

    Call arguments:
        ids: `(B,)` of int, the id at step t of each row.
        states: List of tensors, as `initial_states` gave or as returned.
        packed: What `pack` returned, or None to pack here: a loop packs once.

    Returns:
        `logits` `(B, V)`, float32, and the list of new states.

    Raises:
        MitseqError: if the model is of another kind or a layer has no one-step
            form; it is named.

    Example:

    >>> ids = keras.Input((None,), dtype="int32")
    >>> x = keras.layers.Embedding(7, 4)(ids)
    >>> x = keras.layers.GRU(3, return_sequences=True)(x)
    >>> model = keras.Model(ids, keras.layers.Dense(7)(x))
    >>> step_model = StepModel(model)
    >>> logits, states = step_model([1, 5], step_model.initial_states(2))
    >>> logits.shape, [state.shape for state in states]
    (TensorShape([2, 7]), [TensorShape([2, 3])])
    """

    def __init__(self, model: keras.Model) -> None:
        _check_model(model)
        one_step = OneStepGraph(model, has_context=True)
        self._graph, self._steps = one_step.graph, one_step.steps
        self._starts = dict(one_step.starts)
        self._context_specs = [
            tf.TensorSpec(x.shape, x.dtype) for x in one_step.context
        ]
        self._ends_in_softmax = _is_softmax(model.layers[-1])
        self.vocab_size = model.outputs[0].shape[-1]
        if one_step.unknown:
            self._check_against(model, one_step.unknown)

    def initial_states(
        self,
        batch_size: int | tf.Tensor,
        num_steps: int | tf.Tensor = 0,
        context: Sequence[tf.Tensor] = (),
    ) -> list[tf.Tensor]:
        """Returns the states before the first step, a flat list of tensors.

        With `context`, the model's further inputs, they begin with what is
        made of it, and it stands behind them.
        """
        # copies, without the masks that Keras may have hung on them
        context = [tf.identity(ops.convert_to_tensor(x)) for x in context]
        states = []
        for i, step in enumerate(self._steps):
            if context and i in self._starts:
                made = self._starts[i](context, training=False)
                states += tree.flatten(made)
            else:
                states += step.initial_states(batch_size, num_steps)
        return [*states, *context]

    def check_context(
        self, context: Sequence[tf.Tensor], batch_size: int
    ) -> None:
        """Raises MitseqError if a context is not what the model takes."""
        if not isinstance(context, (list, tuple, np.ndarray)):
            if context not in ({}, ""):
                raise wrong("context", "be a list of arrays", context)
        shapes = [tuple(np.shape(x)) for x in context]
        fits = len(shapes) == len(self._context_specs) and all(
            spec.shape.is_compatible_with(shape) and shape[0] == batch_size
            for spec, shape in zip(self._context_specs, shapes, strict=True)
        )
        if not fits:
            expected = [tuple(spec.shape) for spec in self._context_specs]
            raise MitseqError(
                "`context` must be the inputs of the model after its ids, of "
                f"shapes {expected}, a row for each of {batch_size}. "
                f"Received: shapes {shapes}."
            )

    def layer_specs(self) -> list[tf.TensorSpec]:
        """Returns the shape and dtype of each state of a layer.

        None is a size that hangs on the batch (axis 0) or on the number of
        steps (any other axis).
        """
        return [spec for step in self._steps for spec in step.state_specs]

    def state_specs(self) -> list[tf.TensorSpec]:
        """Returns the shape and dtype of each state, then of the context."""
        return [*self.layer_specs(), *self._context_specs]

    def pack(self) -> list[tf.Tensor]:
        """Returns the weights as a step takes them, as they are now."""
        return [weight for step in self._steps for weight in step.pack()]

    def __call__(
        self,
        ids: tf.Tensor,
        states: list[tf.Tensor],
        packed: list[tf.Tensor] | None = None,
    ) -> tuple[tf.Tensor, list[tf.Tensor]]:
        packed = self.pack() if packed is None else packed
        ids = ops.expand_dims(ops.convert_to_tensor(ids), 1)  # (B,) -> (B, 1)
        own = len(states) - len(self._context_specs)
        states, context = list(states[:own]), list(states[own:])
        outputs = self._graph([ids, *context, *states, *packed], training=False)
        logits, *states = tree.flatten(outputs)
        # (B, 1, V) -> (B, V)
        return self._logits(logits[:, 0]), [*states, *context]

    def _logits(self, output):
        output = ops.cast(output, "float32")
        if self._ends_in_softmax:
            output = ops.log(ops.maximum(output, np.finfo("float32").tiny))
        return output

    def _check_against(self, model, unknown):
        B, T = model.inputs[0].shape
        B, T = B or 2, T or 6
        rng = np.random.default_rng(0)
        ids = rng.integers(
            min(1, self.vocab_size - 1), self.vocab_size, (B, T), "int32"
        )
        context = [
            ops.cast(rng.random([B, *(n or 5 for n in x.shape[1:])]), x.dtype)
            for x in self._context_specs
        ]
        inputs = [ops.convert_to_tensor(ids), *context] if context else ids
        whole = self._logits(model(inputs, training=False))
        whole = ops.convert_to_numpy(whole)
        states = self.initial_states(B, T, context)
        tolerance = 1e-3 if model.compute_dtype == "float32" else 0.1
        for t in range(T):
            logits, states = self(ids[:, t], states)
            error = np.abs(ops.convert_to_numpy(logits) - whole[:, t]).max()
            if not error <= tolerance * max(1.0, np.abs(whole).max()):
                raise MitseqError(
                    "`model` must be made of layers that can be called step "
                    "by step. Its logits change when it is, and the layer "
                    f"that may be why is {' or '.join(unknown)}."
                )


def _check_model(model):
    if not isinstance(model, keras.Model) or not getattr(model, "inputs", None):
        raise MitseqError(
            "`model` must be a functional or Sequential Keras model that is "
            f"built. Received: {model!r}."
        )
    shapes = [tuple(t.shape) for t in model.inputs + model.outputs]
    inputs = len(model.inputs)
    if len(shapes) != inputs + 1 or len(shapes[0]) != 2 or len(shapes[-1]) != 3:
        raise MitseqError(
            "`model` must map ids (B, T) to logits (B, T, V); inputs after "
            "the ids are its context. Received: "
            f"inputs of shape {shapes[: len(model.inputs)]} and outputs of "
            f"shape {shapes[len(model.inputs) :]}."
        )


def _is_softmax(layer):
    activation = getattr(layer, "activation", None)
    is_softmax = activation is keras.activations.softmax
    return is_softmax or isinstance(layer, layers.Softmax)
