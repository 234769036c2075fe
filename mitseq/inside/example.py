"""One example as a model takes it, and the labels of its steps.

A model may read strings, carry its vocabulary, or take arrays. Whoever looks
inside gives a text or an array, with or without the batch dimension.
"""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from mitseq.errors import MitseqError
from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.text.tokens import CutMiddle, Tokens
from mitseq.text.vocabulary import START


def read_example(
    model: keras.Model, example: str | np.ndarray | Sequence
) -> tuple[Any, list[str] | None]:
    """Returns one example as a model takes it, and the labels of its tokens.

    Args:
        model: Any Keras model.
        example: A string, where the model carries its vocabulary or reads
            strings. Otherwise one example as the model takes it: an array
            with or without the batch dimension, or a list of those where the
            model has several inputs.

    Returns:
        What the model can be called with, and the labels; None for those of
        an array.

    Raises:
        MitseqError: if the model cannot read a string, or gets more than one
            example.

    Example:

    >>> x = keras.Input((None, 4))
    >>> array, labels = read_example(keras.Model(x, x), np.ones((3, 4)))
    >>> array.shape, labels
    ((1, 3, 4), None)
    """
    if isinstance(example, str):
        return _read_text(model, example)
    return _with_batches(model, example), None


def _read_text(model, text: str):
    dtypes = [tensor.dtype for tensor in getattr(model, "inputs", None) or []]
    if dtypes == ["string"]:
        shape = model.inputs[0].shape
        inputs = tf.constant([text] if len(shape) == 1 else [[text]])
        return inputs, _tokens_of(model, text)
    for layer in model._flatten_layers(include_self=False):
        if isinstance(layer, VocabularyEmbedding) and len(dtypes) == 1:
            ids = [START, *layer.vocabulary.encode(text)]
            labels = ["START", *layer.vocabulary.tokens_of(ids)]
            return tf.constant([ids], tf.int32), labels
    raise MitseqError(
        "`text` can only be a string where the model reads strings or carries "
        "its vocabulary. Give this model an array, and `tokens` for its "
        f"labels. Received: text={text!r}, inputs of type {dtypes}."
    )


def _tokens_of(model, text: str) -> list[str] | None:
    """Returns the tokens into which a layer of the model cuts a text."""
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
    """Returns the tokens without those that a sentiment model cuts out."""
    for layer in model._flatten_layers(include_self=False):
        if isinstance(layer, CutMiddle):
            places = layer.places(tf.ones((1, len(tokens)), tf.int32))
            tokens = tokens[places.numpy()[0]]
    return [token.decode() for token in tokens]


def _with_batches(model, example):
    """Returns an array, or a list of them, with a batch dimension of 1."""
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
    parts = list(map(_with_batch, map(np.asarray, parts), specs))
    return keras.tree.pack_sequence_as(model.input, parts) if many else parts[0]


def _with_batch(part: np.ndarray, spec) -> np.ndarray:
    if part.ndim == len(spec.shape) - 1:
        part = part[np.newaxis]
    if part.ndim != len(spec.shape) or len(part) != 1:
        raise MitseqError(
            f"`text` must be one example of the input '{spec.name}' of shape "
            f"{tuple(spec.shape)}. Received: an array of shape {part.shape}."
        )
    return part
