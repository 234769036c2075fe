"""From a Keras model to what `network.js` runs: its layers and its weights.

A page makes one step of a model after the other: an index in, the logits of the
next one out. What it can do are the layers below; a model that has others is
refused by their names. Dropout does nothing outside of training.

Letters: D features of one step, H units, V vocabulary.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from mitseq.errors import MitseqError
from mitseq.layers.convert import from_keras
from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.layers.equations import GRUEquations, LSTMEquations, RNNEquations
from mitseq.layers.gru import GRU
from mitseq.layers.lstm import LSTM
from mitseq.layers.recurrent import RecurrentLayer
from mitseq.layers.rnn import SimpleRNN
from mitseq.layers.transformer import TransformerBlock
from mitseq.pages.weights import Block
from mitseq.tasks.music.bar_position import BarPosition, FeatureEmbedding
from mitseq.tasks.music.in_key import (
    AsWritten,
    InKey,
    KeyReader,
    Pointing,
    degrees,
)

# `network.js` has these, by the names of Keras
ACTIVATIONS = ("tanh", "sigmoid", "relu", "linear", "hard_sigmoid")
THEIRS = (keras.layers.SimpleRNN, keras.layers.LSTM, keras.layers.GRU)
KINDS = {RNNEquations: "rnn", LSTMEquations: "lstm", GRUEquations: "gru"}


def network_of(model: keras.Model, block: Block) -> list[dict]:
    """Returns the layers of a model in their order, weights in the block.

    Args:
        model: Functional or Sequential: ids `(B, T)` -> logits `(B, T, V)`.
        block: Where the weights go.

    Raises:
        MitseqError: if the model has a layer that no page can run.

    Example:

    >>> x = keras.Input((None,), dtype="int32")
    >>> y = keras.layers.Embedding(5, 2)(x)
    >>> y = keras.layers.LSTM(3, return_sequences=True)(y)
    >>> model = keras.Model(x, keras.layers.Dense(5)(y))
    >>> [layer["kind"] for layer in network_of(model, Block())]
    ['embedding', 'lstm', 'dense']
    """
    if any(isinstance(layer, THEIRS) for layer in model.layers):
        model = from_keras(model)
    sources: dict[str, str] = {}  # layers that change nothing -> what enters
    found = []
    for layer in model.layers:
        entering = [sources.get(name, name) for name in _before(layer)]
        if isinstance(layer, keras.layers.InputLayer):
            sources[layer.name] = "ids"
        elif isinstance(layer, keras.layers.Dropout):
            (sources[layer.name],) = entering
        else:
            found.append(
                {"name": layer.name, "from": entering} | describe(layer, block)
            )
    return found


def _before(layer: keras.layers.Layer) -> list[str]:
    if isinstance(layer, keras.layers.InputLayer):
        return []
    if len(layer._inbound_nodes) != 1:
        raise MitseqError(
            "each layer of `model` must be used once. Received: layer "
            f"{layer.name!r}, used {len(layer._inbound_nodes)} times."
        )
    entering = []
    for tensor in layer._inbound_nodes[0].input_tensors:
        before, _, index = tensor._keras_history
        several = len(before._inbound_nodes[0].output_tensors) > 1
        entering.append(f"{before.name}:{index}" if several else before.name)
    return entering


def describe(layer: keras.layers.Layer, block: Block) -> dict[str, Any]:
    """Returns the kind of a layer and its weights, as `network.js` reads them.

    Raises:
        MitseqError: if no page can run it.
    """
    for kind, write in WRITERS.items():
        if isinstance(layer, kind):
            return write(layer, block)
    raise MitseqError(
        "`model` must be made of what a page can run: an embedding, recurrent "
        "layers, causal Transformer blocks, dense layers. Received: layer "
        f"{layer.name!r}, a {type(layer).__name__}."
    )


def _embedding(layer, block):
    (E,) = layer.get_weights()  # (V, D)
    return {"kind": "embedding", "E": block.add(E)}


def _bar_position(layer, block):
    cell = layer.cell
    return {
        "kind": "bar_position",
        "meanings": block.add_integers(cell._table),
        "lags": list(cell.lags),
        "matches": cell.matches,
    }


def _key(layer, block):
    keys = degrees(layer.cell.vocabulary).keys
    return {"kind": "key", "keys": block.add_integers(keys)}


def _in_key(layer, block):
    return {
        "kind": "in_key",
        "rows": block.add_integers(layer.table.rows),
        "about": block.add_integers(layer._about),
        "at": layer._at,
        "lags": layer.lags,
        "vocabulary": len(layer.vocabulary),
    }


def _pointing(layer, block):
    return {"kind": "pointing"}


def _as_written(layer, block):
    return {
        "kind": "as_written",
        "rows": block.add_integers(layer.table.rows),
        "vocabulary": len(layer.vocabulary),
    }


def _feature_embedding(layer, block):
    (E,) = layer.get_weights()
    offsets = np.cumsum((0, *layer.sizes[:-1])).tolist()
    return {
        "kind": "feature_embedding",
        "E": block.add(E),
        "offsets": offsets,
    }


def _concatenate(layer, block):
    return {"kind": "concatenate"}


def _dense(layer, block):
    W, *b = layer.get_weights()  # (D, V)
    return {
        "kind": "dense",
        "W": block.add(W.T),
        "b": block.add(*b or [np.zeros(W.shape[1])]),
        "activation": activation(layer, layer.activation.__name__),
    }


def _norm(layer, block):
    # in the order in which Keras keeps them: gamma, then beta
    weights = iter(layer.get_weights())
    size = layer.get_weights()[0].shape if layer.weights else (1,)
    gamma = next(weights) if layer.scale else np.ones(size)
    beta = next(weights) if layer.center else np.zeros(size)
    return {
        "kind": "norm",
        "gamma": block.add(gamma),
        "beta": block.add(beta),
        "epsilon": layer.epsilon,
    }


def _attention(layer, block):
    found = {
        "kind": "attention",
        "heads": layer.num_heads,
        "rotary": layer.position == "rotary",
    }
    for name in ("W_q", "W_k", "W_v", "W_o"):
        W = keras.ops.convert_to_numpy(getattr(layer, name))
        found[name] = block.add(W.T)
    return found


def _block(layer, block):
    attention = layer.attention
    if not attention.causal or attention.window or layer.norm != "pre":
        raise MitseqError(
            "blocks of `model` must be causal, without a window, and normalize "
            f"first. Received: layer {layer.name!r}."
        )
    parts = {
        "attention_norm": _norm(layer.attention_norm, block),
        "attention": _attention(attention, block),
        "feed_forward_norm": _norm(layer.feed_forward_norm, block),
        "expand": _dense(layer.expand, block),
        "contract": _dense(layer.contract, block),
    }
    return {"kind": "block", "parts": parts}


def _recurrent(layer: RecurrentLayer, block: Block) -> dict:
    packed = layer.cell.packed()
    if packed is None or layer.go_backwards:
        what = "an activation of its own" if packed is None else "go_backwards"
        raise MitseqError(
            "recurrent layers of `model` must read forward, with activations "
            f"that Keras names. Received: layer {layer.name!r}, {what}."
        )
    return cell_of(layer, block)


def cell_of(layer: RecurrentLayer, block: Block) -> dict:
    """Returns the kind and the weights of a recurrent layer's cell."""
    packed = layer.cell.packed()
    equations = packed.equations
    W_x = np.asarray(packed.W_x)
    weights = [np.asarray(W) for W in packed.weights]
    bias = np.zeros(W_x.shape[1]) if packed.b is None else np.asarray(packed.b)
    found = {
        "kind": KINDS[type(equations)],
        "units": layer.cell.units,
        "W_x": block.add(W_x.T),  # (G H, D)
        "W_h": block.add(weights[0].T),
        "b": block.add(bias),
        "activation": activation(layer, equations.activation),
    }
    if not isinstance(equations, RNNEquations):
        found["recurrent_activation"] = activation(
            layer, equations.recurrent_activation
        )
    if isinstance(equations, GRUEquations):
        found["reset_after"] = equations.reset_after
        name = "b_hh" if equations.reset_after else "W_hh"
        found[name] = block.add(weights[1].T)
    return found


def activation(layer: keras.layers.Layer, name: str) -> str:
    """Returns the name of an activation that a page has.

    Raises:
        MitseqError: if it has none of this name.
    """
    if name not in ACTIVATIONS:
        raise MitseqError(
            f"activations of `model` must be of {', '.join(ACTIVATIONS)} to "
            f"run in a page. Received: layer {layer.name!r}, {name}."
        )
    return name


WRITERS: dict[type, Callable[[Any, Block], dict]] = {
    VocabularyEmbedding: _embedding,
    keras.layers.Embedding: _embedding,
    BarPosition: _bar_position,
    FeatureEmbedding: _feature_embedding,
    KeyReader: _key,
    InKey: _in_key,
    Pointing: _pointing,
    AsWritten: _as_written,
    keras.layers.Concatenate: _concatenate,
    keras.layers.Dense: _dense,
    keras.layers.LayerNormalization: _norm,
    TransformerBlock: _block,
    SimpleRNN: _recurrent,
    LSTM: _recurrent,
    GRU: _recurrent,
}
