"""Where does a model look? The attention weights of a text, layer by layer.

Slide: Lecture 2, "Learning Self-Attention with Neural Networks"
(docs/slides.md#attention-weighting): the table of the words of a sentence by
the words of the same sentence. Here it is read out of any trained model.

A layer returns its weights to whoever asks (`return_attention_scores=True`)
and keeps none. In a model it is the model that calls the layer, so for one
call this file asks in its place. Read mitseq/layers/attention.py before,
mitseq/plots/attention.py after.

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
import tensorflow as tf

from mitseq.errors import MitseqError
from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.text.tokens import CutMiddle, Tokens
from mitseq.text.vocabulary import START

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
    layers = attention_layers(model)
    if not layers:
        raise MitseqError(
            "`model` must have an attention layer: one whose `call` takes "
            f"`{_FLAG}`. Received: a model of layers "
            f"{[layer.name for layer in model.layers]}."
        )
    if isinstance(text, str):
        inputs, labels = _read(model, text)
    else:
        inputs, labels = _one_example(model, text), None
    labels = labels if tokens is None else [str(token) for token in tokens]
    calls: list[tuple[str, np.ndarray]] = []
    with _asked(layers, calls):
        model(inputs, training=False)
    if labels is not None and tokens is not None:
        lengths = {weights.shape[-1] for _, weights in calls}
        if len(labels) not in lengths:
            raise MitseqError(
                "`tokens` must have a label for each step that is attended "
                f"to: {' or '.join(map(str, sorted(lengths)))}. "
                f"Received: {len(labels)} labels."
            )
    names = Counter(name for name, _ in calls)
    seen: Counter[str] = Counter()
    maps = []
    for name, weights in calls:
        seen[name] += 1
        shown = f"{name} ({seen[name]})" if names[name] > 1 else name
        steps = weights.shape[-1]
        fitting = labels is not None and len(labels) == steps
        maps.append(
            AttentionMap(
                shown,
                weights,
                list(labels) if fitting else [str(i + 1) for i in range(steps)],
            )
        )
    return maps


def attention_layers(model: keras.Model) -> list[keras.layers.Layer]:
    """Returns the layers of a model that can return attention weights.

    Args:
        model: Any Keras model.

    Returns:
        The layers, those inside of other layers too. Of a layer that only
        passes the question on, the one that it asks.
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
                calls.append((_name(layer), _heads(layer, result[1])))
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


def _name(layer) -> str:
    return getattr(layer, "path", None) or layer.name


def _heads(layer, weights) -> np.ndarray:
    """(1, H, T, S) or (1, T, S) -> (H, T, S)."""
    weights = keras.ops.convert_to_numpy(keras.ops.cast(weights, "float32"))
    if weights.ndim == 3:
        weights = weights[:, np.newaxis]
    if weights.ndim != 4:
        raise MitseqError(
            f"the layer '{layer.name}' must attend along one axis, for a map "
            "of queries by keys. Received: weights of shape "
            f"{weights.shape}."
        )
    return weights[0]


def _read(model, text: str):
    """A string as the model takes it, and the labels of its tokens."""
    dtypes = [tensor.dtype for tensor in getattr(model, "inputs", None) or []]
    if dtypes == ["string"]:
        shape = model.inputs[0].shape
        inputs = tf.constant([text] if len(shape) == 1 else [[text]])
        return inputs, _tokens_of(model, text)
    for layer in model._flatten_layers(include_self=False):
        if isinstance(layer, VocabularyEmbedding) and len(dtypes) == 1:
            ids = [START, *layer.vocabulary.encode(text)]
            labels = ["START", *layer.vocabulary.pieces(ids)]
            return tf.constant([ids], tf.int32), labels
    raise MitseqError(
        "`text` can only be a string where the model reads strings or carries "
        "its vocabulary. Give this model an array, and `tokens` for its "
        f"labels. Received: text={text!r}, inputs of type {dtypes}."
    )


def _tokens_of(model, text: str) -> list[str] | None:
    """The tokens into which a layer of the model cuts a text."""
    for layer in model._flatten_layers(include_self=False):
        if isinstance(layer, Tokens):
            return _left(model, layer(tf.constant([text])).numpy()[0])
        if isinstance(layer, keras.layers.TextVectorization):
            ids = keras.ops.convert_to_numpy(layer(tf.constant([text])))[0]
            words = text.split()
            if len(words) == len(ids):
                return words  # with those that the vocabulary lacks
            names = layer.get_vocabulary()
            return [names[i] for i in ids]
    return None


def _left(model, tokens) -> list[str]:
    """The tokens of a sentiment model, without those that it cuts out."""
    for layer in model._flatten_layers(include_self=False):
        if isinstance(layer, CutMiddle):
            places = layer.places(tf.ones((1, len(tokens)), tf.int32))
            tokens = tokens[places.numpy()[0]]
    return [token.decode() for token in tokens]


def _one_example(model, example):
    """An array, or a list of them, with a batch dimension of 1."""
    specs = getattr(model, "inputs", None)
    if not specs:  # a subclassed model takes what it takes
        return example
    many = len(specs) > 1
    parts = list(example) if many else [example]
    if len(parts) != len(specs):
        raise MitseqError(
            f"`text` must hold an array for each of the model's {len(specs)} "
            f"inputs. Received: {len(parts)}."
        )
    parts = [
        _with_batch(np.asarray(part), spec)
        for part, spec in zip(parts, specs, strict=True)
    ]
    if not many:
        return parts[0]
    return keras.tree.pack_sequence_as(model.input, parts)


def _with_batch(part: np.ndarray, spec) -> np.ndarray:
    if part.ndim == len(spec.shape) - 1:
        part = part[np.newaxis]
    if part.ndim != len(spec.shape) or len(part) != 1:
        raise MitseqError(
            f"`text` must be one example of the input '{spec.name}' of shape "
            f"{tuple(spec.shape)}. Received: an array of shape {part.shape}."
        )
    return part
