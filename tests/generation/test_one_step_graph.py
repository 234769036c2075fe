"""The graph of one step: what goes in, what comes out, who is not known.

That its numbers are those of the whole sequence is in test_step_model.py.
"""

import keras
import pytest

import mitseq
from mitseq.errors import MitseqError
from mitseq.generation.one_step_graph import OneStepGraph

layers = keras.layers
V, D, H = 7, 4, 3


def graph_of(*stack):
    ids = x = keras.Input((None,), dtype="int32")
    for layer in stack:
        x = layer(x)
    return OneStepGraph(keras.Model(ids, x))


def shapes(symbols):
    return [tuple(symbol.shape) for symbol in symbols]


def test_states_are_inputs_and_outputs_in_the_order_of_the_layers():
    one_step = graph_of(
        layers.Embedding(V, D),
        layers.LSTM(H, return_sequences=True),
        layers.GRU(2, return_sequences=True),
        layers.Dense(V),
    )
    states = [(None, H), (None, H), (None, 2)]
    assert shapes(one_step.graph.inputs) == [(None, 1), *states]
    assert shapes(one_step.graph.outputs) == [(None, 1, V), *states]
    assert [step.layer.name[:3] for step in one_step.steps] == ["lst", "gru"]


def test_packed_weights_are_inputs_too_and_an_embedding_is_folded_in():
    one_step = graph_of(
        layers.Embedding(V, D), mitseq.LSTM(H, return_sequences=True)
    )
    # ids, h and c, what each id says to the gates, and the recurrent weights
    expected = [(None, 1), (None, H), (None, H), (V, 4 * H), (H, 4 * H)]
    assert shapes(one_step.graph.inputs) == expected


def test_a_model_inside_brings_its_steps_along():
    inner_x = keras.Input((None, D))
    gru = layers.GRU(H, return_sequences=True)
    inner = keras.Model(inner_x, gru(inner_x))
    one_step = graph_of(layers.Embedding(V, D), inner, layers.Dense(V))
    assert [step.layer for step in one_step.steps] == [gru]
    assert shapes(one_step.graph.inputs) == [(None, 1), (None, H)]


def test_layers_that_may_mix_steps_are_told():
    one_step = graph_of(
        layers.Embedding(V, D), layers.Lambda(lambda x: x, name="strange")
    )
    assert one_step.unknown == ["'strange' (Lambda)"]
    assert graph_of(layers.Embedding(V, D), layers.Dense(2)).unknown == []


def test_layer_without_a_step_is_an_error():
    with pytest.raises(MitseqError, match="several steps at once"):
        graph_of(layers.Embedding(V, D), layers.Conv1D(2, 3, padding="same"))
