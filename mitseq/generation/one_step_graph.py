"""The graph of a model, rebuilt for one step with the same layers.

Slide: Lecture 2, "RNNs: Computational Graph Across Time". Where the model calls
a layer on a sequence, this graph calls it on one step; what a step hands on to
the next, and weights that are packed once, become inputs and outputs.

A model may have more inputs than its ids, such as what an encoder has read.
They are its *context*: every step sees them whole, and a recurrent layer may
start from one.

Read `step_layer.py` before, which is one layer's step; `step_model.py` after.
Letters: B batch.
"""

from __future__ import annotations

import inspect

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
from mitseq.layers.cross_attention import (
    AdditiveAttention,
    DotProductAttention,
)
from mitseq.layers.step import StepByStep

# Each of their queries asks alone.
ASKS = (AdditiveAttention, DotProductAttention)


class OneStepGraph:
    """The graph of one step of a model.

    Attributes:
        graph: `[x, *context, *states, *weights] -> [y, *new_states]`, a
            functional model.
        context: The inputs of the model after the first, if `has_context`.
        starts: `(i, model)` of each layer that starts from the context: its
            place among `steps`, and what makes the states of the context.
        steps: The `StepLayer` of each layer with a state, in their order.
        unknown: The layers of which it is not known that they act on each step
            alone.

    Args:
        model: A functional or Sequential model.
        has_context: Whether inputs after the first are context. Otherwise each
            is a sequence.

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

    def __init__(self, model: keras.Model, has_context: bool = False) -> None:
        self.steps: list[StepLayer] = []
        self.unknown: list[str] = []
        self.starts: list[tuple[int, keras.Model]] = []
        self._states, self._weights, self._new_states = [], [], []
        self._parts = {}  # of symbolic tensors, by id
        self._seen = []  # keeps them alive, so that no id is used twice
        if isinstance(model, keras.Sequential):
            model_input, model_output = model.inputs[0], model.outputs[0]
        else:
            model_input, model_output = model.input, model.output
        flat = [
            keras.Input(
                x.shape[1:] if has_context and i else (1, *x.shape[2:]),
                dtype=x.dtype,
            )
            for i, x in enumerate(tree.flatten(model_input))
        ]
        inputs = tree.pack_sequence_as(model_input, flat)
        self._x, *others = flat
        self.context = others if has_context else []
        self._of_context = {id(x) for x in self.context}
        for x in self.context:  # Keras 3.12 takes no input that nothing asks
            keras.layers.Identity()(x)
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
        tensors = _symbols(args, kwargs)
        if tensors and not self._outside(tensors):
            y = layer(*args, **kwargs)  # the same at every step
            self._seen += tree.flatten(y)
            self._of_context |= {id(x) for x in tree.flatten(y)}
            return y
        if isinstance(layer, keras.Model):
            return self._call_model(layer, args)
        if has_state(layer):
            return self._call_step(layer, args, kwargs)
        if not self._asks_context(layer, args, kwargs) and (
            not acts_on_each_step(layer)
        ):
            self.unknown.append(f"'{layer.name}' ({type(layer).__name__})")
        y = layer(*args, **kwargs)
        parts = output_parts(layer, tree.flatten(args), self._parts)
        if parts is not None:
            self._parts[id(y)] = parts
            self._seen.append(y)
        return y

    def _outside(self, tensors):
        """Those of the tensors that are not made of the context alone."""
        return [x for x in tensors if id(x) not in self._of_context]

    def _asks_context(self, layer, args, kwargs):
        """Tells whether a layer's one sequence asks the context, step alone."""
        if not isinstance(layer, ASKS):
            return False
        given = inspect.signature(layer.call).bind(*args, **kwargs).arguments
        asked = _symbols({k: v for k, v in given.items() if k != "query"})
        return len(asked) > 0 and not self._outside(asked)

    def _call_model(self, model, args):
        inner = OneStepGraph(model)
        states, weights = self._placeholders(inner.steps)
        y, *new_states = tree.flatten(inner.graph([*args, *states, *weights]))
        self.unknown += inner.unknown
        self._new_states += new_states
        return y

    def _call_step(self, layer, args, kwargs):
        keep = kwargs.pop("mask", None)
        context = {}
        if isinstance(layer, StepByStep):
            given = inspect.signature(layer.call).bind(*args, **kwargs)
            context = {
                name: value
                for name, value in given.arguments.items()
                if keras.utils.is_keras_tensor(value)
                and id(value) in self._of_context
            }
        tensors = _symbols(args, kwargs)
        x = _input_of(layer, self._outside(tensors), kwargs)
        starts = [] if context else [t for t in tensors if t is not x]
        parts = known_parts(x, self._parts) if can_be_packed(layer) else None
        inputs = [x] if parts is None else [part.tensor for part in parts]
        step = StepLayer(layer, parts)
        starts = [t for t in starts if id(t) in self._of_context]
        if starts:
            made = keras.Model(self.context, starts)
            self.starts.append((len(self.steps), made))
        states, weights = self._placeholders([step])
        y, *new_states = step(inputs, states, weights, context, keep=keep)
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


def _symbols(*arguments):
    """The symbolic tensors among the arguments of a layer."""
    return [
        value
        for value in tree.flatten(arguments)
        if keras.utils.is_keras_tensor(value)
    ]


def _input_of(layer, tensors, kwargs):
    """The one sequence that a layer with a state is called with."""
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
