"""The graph of a model, rebuilt for one step with the same layers.

Slide: Lecture 2, "RNNs: Computational Graph Across Time". Where the model calls
a layer on a sequence, this graph calls it on one step; what a step hands on to
the next, and weights that are packed once, become inputs and outputs.

Read `step_layer.py` before, which is one layer's step; `step_model.py` after.
Letters: B batch.
"""

from __future__ import annotations

import keras
from keras import tree

from mitseq.errors import MitseqError
from mitseq.generation.packing import known_parts, output_parts
from mitseq.generation.step_layer import (
    StepLayer,
    acts_on_each_step,
    can_be_packed,
    has_state,
)
from mitseq.layers.step import StepByStep


class OneStepGraph:
    """The graph of one step of a model.

    Attributes:
        graph: `[x, *states, *weights] -> [y, *new_states]`, a functional model.
        steps: The `StepLayer` of each layer with a state, in their order.
        unknown: The layers of which it is not known that they act on each step
            alone.

    Raises:
        MitseqError: if a layer has no one-step form.

    Example:

    >>> ids = keras.Input((None,), dtype="int32")
    >>> x = keras.layers.Embedding(7, 4)(ids)
    >>> x = keras.layers.GRU(3, return_sequences=True)(x)
    >>> one_step = OneStepGraph(keras.Model(ids, x))
    >>> [tuple(symbol.shape) for symbol in one_step.graph.inputs]
    [(None, 1), (None, 3)]
    """

    def __init__(self, model: keras.Model) -> None:
        self.steps: list[StepLayer] = []
        self.unknown: list[str] = []
        self._states, self._weights, self._new_states = [], [], []
        self._parts = {}  # of symbolic tensors, by id
        self._seen = []  # keeps them alive, so that no id is used twice
        if isinstance(model, keras.Sequential):
            model_input, model_output = model.inputs[0], model.outputs[0]
        else:
            model_input, model_output = model.input, model.output
        inputs = tree.map_structure(
            lambda x: keras.Input((1, *x.shape[2:]), dtype=x.dtype), model_input
        )
        self._x = tree.flatten(inputs)[0]
        # The alias is a plain functional model that was never compiled, so that
        # cloning works for Sequential too and copies no optimizer.
        clone = keras.models.clone_model(
            keras.Model(model_input, model_output),
            input_tensors=inputs,
            clone_function=lambda layer: layer,
            call_function=self._call,
        )
        self.graph = keras.Model(
            [*tree.flatten(inputs), *self._states, *self._weights],
            [*tree.flatten(clone.output), *self._new_states],
        )

    def _call(self, layer, *args, **kwargs):
        if isinstance(layer, keras.Model):
            return self._call_model(layer, args)
        if has_state(layer):
            return self._call_step(layer, args, kwargs)
        if not acts_on_each_step(layer):
            self.unknown.append(f"'{layer.name}' ({type(layer).__name__})")
        y = layer(*args, **kwargs)
        parts = output_parts(layer, tree.flatten(args), self._parts)
        if parts is not None:
            self._parts[id(y)] = parts
            self._seen.append(y)
        return y

    def _call_model(self, model, args):
        inner = OneStepGraph(model)
        states, weights = self._placeholders(inner.steps)
        y, *new_states = tree.flatten(inner.graph([*args, *states, *weights]))
        self.unknown += inner.unknown
        self._new_states += new_states
        return y

    def _call_step(self, layer, args, kwargs):
        keep = kwargs.pop("mask", None)
        x = _input_of(layer, args, kwargs)
        parts = known_parts(x, self._parts) if can_be_packed(layer) else None
        inputs = [x] if parts is None else [part.tensor for part in parts]
        step = StepLayer(layer, parts)
        states, weights = self._placeholders([step])
        y, *new_states = step(inputs, states, weights, keep=keep)
        self._new_states += new_states
        returns_state = getattr(layer, "return_state", False)
        return (y, *new_states) if returns_state else y

    def _placeholders(self, steps):
        """Returns symbols for states and weights, inputs of the graph."""
        pairs = [step.placeholders(self._x) for step in steps]
        states = [symbol for of_states, _ in pairs for symbol in of_states]
        weights = [symbol for _, of_weights in pairs for symbol in of_weights]
        self.steps += steps
        self._states += states
        self._weights += weights
        return states, weights


def _input_of(layer, args, kwargs):
    """The one sequence that a layer with a state is called with."""
    tensors = [
        value
        for value in tree.flatten((args, kwargs))
        if keras.utils.is_keras_tensor(value)
    ]
    if isinstance(layer, StepByStep):  # as attention, called with (x, x)
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
    return tensors[0]
