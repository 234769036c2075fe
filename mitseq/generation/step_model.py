"""From a trained model to its one-step form: one id in, one row of logits out.

Slide: Lecture 2, "RNNs: Computational Graph Across Time". In training the graph
is unrolled over all steps; to generate, the same layers are called for one step
and their states are handed on. The layer objects are shared, so what `fit`
changes is what generates; `pack` puts their weights side by side, for speed.

Read `step_layer.py` before, which is one layer's step; `generate.py` after.
Letters: B batch, T steps, V vocabulary, D features of one step.
"""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf
from keras import ops, tree

from mitseq.errors import MitseqError
from mitseq.generation.packing import parts_of, whole
from mitseq.generation.step_layer import (
    StepLayer,
    acts_on_each_step,
    can_be_packed,
    has_state,
)

layers = keras.layers


class StepModel:
    r"""The one-step form of a model: `(id, states) -> (logits, new states)`.

    A layer takes part in one of three ways:
    1. It has `step_state(batch_size, num_steps)` and `step(x_t, states)`, which
       returns `(y_t, new_states)`, with `x_t` `(B, D)`: it says itself what one
       step is. `num_steps` is how many will be taken at most; a state whose
       size hangs on it, a cache, is filled up with zeros at its end when there
       are more, and a layer that cannot take so many raises a ValueError. This
       is the way in for a layer of your own, and that of attention.
    2. It is a `keras.layers.RNN`, as `keras.layers.LSTM` and `mitseq.LSTM` are:
       its cell is the step, `cell.get_initial_state` the state. The layers of
       this project step with packed weights (`packing.py`).
    3. It acts on each step alone, as `Dense` and `Embedding` do.
    A layer that is not known to be any of these is tried: if the logits of a
    short random sequence differ between the model and its one-step form, an
    error names the layer.

    Args:
        model: Functional or Sequential model, ids `(B, T)` to logits
            `(B, T, V)`. A softmax at its end is undone by a logarithm.

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
        unknown: list[str] = []
        self._graph, self._steps = _one_step_graph(model, unknown)
        self._ends_in_softmax = _is_softmax(model.layers[-1])
        self.vocab_size = model.outputs[0].shape[-1]
        if unknown:
            self._check_against(model, unknown)

    def initial_states(
        self, batch_size: int | tf.Tensor, num_steps: int | tf.Tensor = 0
    ) -> list[tf.Tensor]:
        """Returns the states before the first step, a flat list of tensors.

        Args:
            batch_size: How many rows.
            num_steps: How many steps will be taken at most.
        """
        states = []
        for step in self._steps:
            states += step.initial_states(batch_size, num_steps)
        return states

    def state_specs(self) -> list[tf.TensorSpec]:
        """Returns the shape and dtype of each state.

        None is a size that hangs on the batch (axis 0) or on the number of
        steps (any other axis).
        """
        return [spec for step in self._steps for spec in step.state_specs]

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
        outputs = self._graph([ids, *states, *packed], training=False)
        logits, *states = tree.flatten(outputs)
        logits = ops.cast(logits[:, 0], "float32")  # (B, 1, V) -> (B, V)
        if self._ends_in_softmax:
            logits = ops.log(ops.maximum(logits, np.finfo("float32").tiny))
        return logits, states

    def _check_against(self, model, unknown):
        B, T = model.inputs[0].shape
        B, T = B or 2, T or 6
        ids = np.random.default_rng(0).integers(
            min(1, self.vocab_size - 1), self.vocab_size, (B, T), "int32"
        )
        whole = ops.convert_to_numpy(
            ops.cast(model(ids, training=False), "float32")
        )
        if self._ends_in_softmax:
            whole = np.log(np.maximum(whole, np.finfo("float32").tiny))
        states = self.initial_states(B, T)
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


def _one_step_graph(model, unknown):
    """Rebuilds the graph of `model` for one step, with the same layers.

    Returns a functional model `[x, *states, *weights] -> [y, *new_states]` and
    the `StepLayer` of each layer with a state, in the order of the states.
    """
    steps, states, weights, new_states = [], [], [], []
    parts = {}  # of symbolic tensors, by id
    seen = []  # keeps them alive, so that no id is used twice

    def call_once(layer, *args, **kwargs):
        if isinstance(layer, keras.Model):
            graph, inner_steps = _one_step_graph(layer, unknown)
            pairs = [step.placeholders(x) for step in inner_steps]
            inner_states = [s for pair in pairs for s in pair[0]]
            inner_weights = [w for pair in pairs for w in pair[1]]
            y, *inner_new = tree.flatten(
                graph([*args, *inner_states, *inner_weights])
            )
            steps.extend(inner_steps)
            states.extend(inner_states)
            weights.extend(inner_weights)
            new_states.extend(inner_new)
            return y
        if not has_state(layer):
            if not acts_on_each_step(layer):
                unknown.append(f"'{layer.name}' ({type(layer).__name__})")
            y = layer(*args, **kwargs)
            known = parts_of(layer, tree.flatten(args), parts)
            if known is not None:
                parts[id(y)] = known
                seen.append(y)
            return y
        mask = kwargs.pop("mask", None)
        tensors = [
            value
            for value in tree.flatten((args, kwargs))
            if keras.utils.is_keras_tensor(value)
        ]
        if hasattr(layer, "step"):  # as attention, called with (x, x)
            tensors = list({id(value): value for value in tensors}.values())
            if kwargs.get("return_attention_scores"):
                raise MitseqError(
                    f"the layer '{layer.name}' must return its output alone "
                    "to generate. Received: return_attention_scores=True."
                )
        if len(tensors) != 1:
            raise MitseqError(
                f"the layer '{layer.name}' must have one input, the sequence: "
                "generation starts it from its own initial state. Received: "
                f"{len(tensors)} inputs."
            )
        step, inputs = StepLayer(layer), tensors
        if can_be_packed(layer):
            known = whole(tensors[0], parts)
            step, inputs = StepLayer(layer, known), [p.tensor for p in known]
        inner_states, inner_weights = step.placeholders(x)
        y, *inner_new = step(inputs, inner_states, inner_weights, keep=mask)
        steps.append(step)
        states.extend(inner_states)
        weights.extend(inner_weights)
        new_states.extend(inner_new)
        returns_state = getattr(layer, "return_state", False)
        return (y, *inner_new) if returns_state else y

    if isinstance(model, keras.Sequential):
        model_input, model_output = model.inputs[0], model.outputs[0]
    else:
        model_input, model_output = model.input, model.output
    inputs = tree.map_structure(
        lambda tensor: keras.Input((1, *tensor.shape[2:]), dtype=tensor.dtype),
        model_input,
    )
    x = tree.flatten(inputs)[0]
    # The alias is a plain functional model that was never compiled, so that
    # cloning works for Sequential too and copies no optimizer.
    clone = keras.models.clone_model(
        keras.Model(model_input, model_output),
        input_tensors=inputs,
        clone_function=lambda layer: layer,
        call_function=call_once,
    )
    outputs = [*tree.flatten(clone.output), *new_states]
    symbols = [*tree.flatten(inputs), *states, *weights]
    return keras.Model(symbols, outputs), steps


def _check_model(model):
    if not isinstance(model, keras.Model) or not getattr(model, "inputs", None):
        raise MitseqError(
            "`model` must be a functional or Sequential Keras model that is "
            f"built. Received: {model!r}."
        )
    shapes = [tuple(t.shape) for t in model.inputs + model.outputs]
    if len(shapes) != 2 or len(shapes[0]) != 2 or len(shapes[1]) != 3:
        raise MitseqError(
            "`model` must map ids (B, T) to logits (B, T, V). Received: "
            f"inputs of shape {shapes[: len(model.inputs)]} and outputs of "
            f"shape {shapes[len(model.inputs) :]}."
        )


def _is_softmax(layer):
    softmax = keras.activations.softmax
    return (
        isinstance(layer, layers.Softmax)
        or getattr(layer, "activation", None) is softmax
    )
