"""Where does a model look? The attention weights of a text, layer by layer.

Slide: Lecture 2, "Learning Self-Attention with Neural Networks"
(docs/slides.md#attention-weighting): the table of the words of a sentence by
the words of the same sentence. Here it is read out of any trained model.

A layer returns its weights to whoever asks (`return_attention_scores=True`)
and keeps none. In a model it is the model that calls the layer, so for one
call this file asks in its place. Read mitseq/layers/attention.py and
mitseq/inside/example.py before, mitseq/plots/attention.py after.

Letters: H heads, T queries (rows), S keys (columns).
"""

import contextlib
import functools
import inspect
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import keras
import numpy as np

from mitseq.arguments import check_model, check_texts
from mitseq.errors import MitseqError
from mitseq.inside.example import read_example

_FLAG = "return_attention_scores"


class AttentionMap(NamedTuple):
    """The attention weights of one call of one layer.

    Attributes:
        layer: Name of the layer, with those it stands in: "block_1/attention".
        weights: `(H, T, S)` float32; each row sums to 1, or to 0 where every
            key is masked.
        tokens: S labels of the keys, and of the queries too where T = S.
    """

    layer: str
    weights: np.ndarray
    tokens: list[str]

    @property
    def queries(self) -> list[str]:
        """T labels: the tokens where T = S, otherwise numbers."""
        T, S = self.weights.shape[1:]
        return self.tokens if T == S else [str(i + 1) for i in range(T)]

    def of_head(self, head: int | None) -> tuple[np.ndarray, str]:
        """Returns the weights of a head or of their mean, and its name.

        Args:
            head: From 0; None for the mean of all heads.

        Returns:
            `(T, S)`, and "head 1", "mean of 4 heads" or "one head".

        Raises:
            MitseqError: if there is no such head.
        """
        heads = len(self.weights)
        if head is None:
            name = f"mean of {heads} heads" if heads > 1 else "one head"
            return self.weights.mean(axis=0), name
        if not -heads <= head < heads:
            raise MitseqError(
                f"`head` must be below {heads}, the number of heads of "
                f"'{self.layer}'. Received: head={head!r}."
            )
        return self.weights[head], f"head {head % heads + 1}"

    def received(self) -> np.ndarray:
        """Returns how much attention each key gets from all that may look.

        A weight is taken as a share: times the number of keys that its query
        may look at, so that 1 is an even share. Each key gets the mean over
        the queries that may look at it. A plain mean of the rows would favour
        early keys under a causal mask: more queries may look at them, and the
        first ones have few keys to choose from.

        Returns:
            `(H, S)`; 0 for a key at which no query may look.

        Example: a causal map whose queries look at all keys alike.

        >>> even = np.tril(np.ones((3, 3))) / [[1], [2], [3]]
        >>> AttentionMap("look", even[np.newaxis], list("abc")).received()
        array([[1., 1., 1.]])
        """
        may_look = (self.weights > 0).any(axis=0)  # (T, S)
        keys = may_look.sum(axis=1)  # of each query
        queries = may_look.sum(axis=0)  # of each key
        shares = self.weights * keys[:, np.newaxis]
        return shares.sum(axis=1) / np.maximum(queries, 1)


class CrossAttentionMap(AttentionMap):
    """A map whose queries are another sequence, with labels of their own.

    Args:
        layer: As of `AttentionMap`, and so are `weights` and `tokens`.
        queries: T labels of the queries.

    Example:

    >>> weights = np.eye(2)[np.newaxis]
    >>> CrossAttentionMap("look", weights, ["a", "b"], ["c", "d"]).queries
    ['c', 'd']
    """

    def __new__(cls, layer, weights, tokens, queries):
        found = super().__new__(cls, layer, weights, tokens)
        found._queries = list(queries)
        return found

    @property
    def queries(self) -> list[str]:
        """T labels."""
        return self._queries


def as_maps(maps: AttentionMap | Sequence[AttentionMap]) -> list[AttentionMap]:
    """Returns one map or several as a list.

    Raises:
        MitseqError: if there is no map.
    """
    maps = [maps] if isinstance(maps, AttentionMap) else list(maps)
    if not maps:
        raise MitseqError("`maps` must hold at least one map. Received: none.")
    return maps


def attention_maps(
    model: keras.Model,
    text: str | np.ndarray | Sequence,
    *,
    tokens: Sequence[str] | None = None,
) -> list[AttentionMap]:
    """Runs a model on one example and returns what its layers attend to.

    Slide: Lecture 2, "Learning Self-Attention with Neural Networks"
    (docs/slides.md#attention-weighting): the table of attention weights.

    Works for every layer whose `call` takes `return_attention_scores`: those
    of this project, `keras.layers.MultiHeadAttention`, `GroupQueryAttention`,
    `Attention` and `AdditiveAttention`, also inside of other layers. Nothing
    is changed on the model, and nothing stays on it.

    Args:
        model: A Keras model with attention in it.
        text: A string, where the model carries its vocabulary or reads
            strings. Otherwise one example as the model takes it: an array
            with or without the batch dimension, or a list of those where the
            model has several inputs.
        tokens: Labels of the sequence, in place of those of the text. Layers
            over a sequence of another length get numbers.

    Returns:
        One `AttentionMap` a call of a layer, in the order of the calls.

    Raises:
        MitseqError: if the model has no attention layer, cannot read a
            string, or gets more than one example.

    Example:

    >>> x = keras.Input((None, 4))
    >>> y = keras.layers.MultiHeadAttention(2, 3, name="look")(x, x)
    >>> model = keras.Model(x, y)
    >>> (found,) = attention_maps(model, np.ones((3, 4)), tokens=list("abc"))
    >>> found.layer, found.weights.shape, found.tokens
    ('look', (2, 3, 3), ['a', 'b', 'c'])
    """
    check_model(model)
    if tokens is not None:
        tokens = check_texts(tokens, "tokens")
    inputs, labels = read_example(model, text)
    calls = attention_calls(model, inputs)
    steps = [weights.shape[-1] for _, weights in calls]
    if tokens is not None:
        labels = _checked(tokens, steps)
    return [
        AttentionMap(name, weights[0], _labels_of(labels, weights.shape[-1]))
        for name, weights in calls
    ]


def attention_calls(model: keras.Model, inputs) -> list[tuple[str, np.ndarray]]:
    """Runs a model on a batch and returns what its layers attend to.

    Args:
        model: A Keras model with attention in it.
        inputs: What it is called with.

    Returns:
        A name and the weights `(B, H, T, S)` of each call of a layer, in the
        order of the calls.

    Raises:
        MitseqError: if the model has no attention layer.
    """
    layers = attention_layers(model)
    if not layers:
        raise MitseqError(
            "`model` must have an attention layer: one whose `call` takes "
            f"`{_FLAG}`. Received: a model of layers "
            f"{[layer.name for layer in model.layers]}."
        )
    calls: list[tuple[str, np.ndarray]] = []
    with _asked(layers, calls):
        model(inputs, training=False)
    names = _told_apart([name for name, _ in calls])
    return [(name, w) for name, (_, w) in zip(names, calls, strict=True)]


def _checked(tokens, steps: list[int]) -> list[str]:
    """Returns the caller's labels; raises where they fit no call."""
    if len(tokens) not in steps:
        raise MitseqError(
            "`tokens` must have a label for each step that is attended "
            f"to: {' or '.join(map(str, sorted(set(steps))))}. "
            f"Received: {len(tokens)} labels."
        )
    return [str(token) for token in tokens]


def _told_apart(names: list[str]) -> list[str]:
    """Numbers the calls of a layer that is called more than once."""
    most, seen, told = Counter(names), Counter(), []
    for name in names:
        seen[name] += 1
        told.append(f"{name} ({seen[name]})" if most[name] > 1 else name)
    return told


def _labels_of(labels: list[str] | None, steps: int) -> list[str]:
    """Returns the labels where they fit; otherwise numbers."""
    if labels is not None and len(labels) == steps:
        return list(labels)
    return [str(i + 1) for i in range(steps)]


def attention_layers(model: keras.Model) -> list[keras.layers.Layer]:
    """Returns the layers of a model that can return attention weights.

    Those inside of other layers too; of a layer that only passes the question
    on, the one that it asks.
    """

    def asks(layer):
        return _FLAG in inspect.signature(type(layer).call).parameters

    return [
        layer
        for layer in model._flatten_layers(include_self=False)
        if asks(layer)
        and not any(map(asks, layer._flatten_layers(include_self=False)))
    ]


@contextlib.contextmanager
def _asked(layers, calls: list) -> Iterator[None]:
    """Each call of the layers returns as before, and leaves its weights."""
    thread = threading.get_ident()

    def ask(layer):
        call = layer.call
        place = list(inspect.signature(call).parameters).index(_FLAG)

        @functools.wraps(call)
        def asked(*args, **kwargs):
            wanted = kwargs.pop(_FLAG, False)
            if len(args) > place:
                wanted = args[place]
                args = (*args[:place], True, *args[place + 1 :])
            else:
                kwargs[_FLAG] = True
            result = call(*args, **kwargs)
            if threading.get_ident() == thread:
                name = getattr(layer, "path", None) or layer.name
                calls.append((name, _heads(layer, result[1])))
            return result if wanted else result[0]

        return asked

    # An attribute of the instance stands before the method of the class; it
    # is set past `Layer.__setattr__`, which would track it.
    try:
        for layer in layers:
            vars(layer)["call"] = ask(layer)
        yield
    finally:
        for layer in layers:
            vars(layer).pop("call", None)


def _heads(layer, weights) -> np.ndarray:
    """Returns `(B, H, T, S)` or `(B, T, S)` as `(B, H, T, S)`."""
    weights = keras.ops.convert_to_numpy(keras.ops.cast(weights, "float32"))
    if weights.ndim == 3:
        weights = weights[:, np.newaxis]
    if weights.ndim != 4:
        raise MitseqError(
            f"the layer '{layer.name}' must attend along one axis, for a map "
            "of queries by keys. Received: weights of shape "
            f"{weights.shape}."
        )
    return weights
