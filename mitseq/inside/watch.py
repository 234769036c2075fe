"""Running a recurrent layer step by step, in its place in a model.

Slide: Lecture 2, "RNNs: Computational Graph Across Time". What looks inside
needs every step: the layer is found in the model, and for one call its loop is
replaced by one over its cell. `d_t = 0` is added to every state: nothing
changes, and the gradient with respect to it is that of the state.

Letters: B batch, T steps; h and c the states.
"""

import contextlib
from collections.abc import Iterator

import keras
import tensorflow as tf

from mitseq.arguments import received
from mitseq.layers.equations import where_kept
from mitseq.layers.recurrent import RecurrentLayer


def find_layer(
    model: keras.Model, layer: str | RecurrentLayer | None = None
) -> RecurrentLayer:
    """Returns a recurrent layer of a model, by its name, or None for the first.

    Of a `Bidirectional` it is the forward one.

    Raises:
        ValueError: if there is no such layer.
    """
    if isinstance(layer, str):
        named = [each for each in model.layers if each.name == layer]
        layer = named[0] if named else layer
    known = layer is None or isinstance(layer, keras.layers.Layer)
    found = recurrent_layers(model if layer is None else layer) if known else []
    if not found:
        raise ValueError(
            "`layer` must be a SimpleRNN, LSTM or GRU of mitseq in the model, "
            "or None for the first of them. "
            f"Received: layer={received(layer)}, model={model.name!r}."
        )
    return found[0]


def recurrent_layers(layer: keras.layers.Layer) -> list[RecurrentLayer]:
    """Returns each `SimpleRNN`, `LSTM`, `GRU` in a layer or model, in order."""
    if isinstance(layer, RecurrentLayer):
        return [layer]
    if isinstance(layer, keras.layers.Bidirectional):
        parts = [layer.forward_layer, layer.backward_layer]
    else:
        parts = getattr(layer, "layers", [])
    return [found for part in parts for found in recurrent_layers(part)]


@contextlib.contextmanager
def unchanged(model: keras.Model) -> Iterator[None]:
    """Lets a model run in a `with`, after which its states are as before."""
    variables = [*model.non_trainable_variables, *model.metrics_variables]
    before = [keras.ops.convert_to_numpy(v.value) for v in variables]
    try:
        yield
    finally:
        for variable, value in zip(variables, before, strict=True):
            variable.assign(value)


def masked_step(layer, x_t, states, keep, training=False) -> list[tf.Tensor]:
    """Returns the states after a step; `keep` `(B,)`, or None, is its mask."""
    _, new = layer.cell(x_t, states, training=training)
    if keep is None:
        return new
    return where_kept(tf.cast(keep, tf.bool)[:, None], new, states)


class Watch:
    """Runs a layer's loop in its place, with d_t added to every state."""

    def __init__(self, layer: RecurrentLayer, tape: tf.GradientTape) -> None:
        self.layer, self.tape = layer, tape
        self.probes = []  # for each step one d_t for each state
        self.arguments = None

    def run(self, loop, sequences, initial_state, mask, training) -> tuple:
        """Returns what `loop` would, as `RecurrentLayer.watched` asks for."""
        if self.probes:
            raise ValueError(
                "`layer` must be used once in the model. "
                f"Received: layer={self.layer.name!r}, used again."
            )
        self.arguments = sequences, initial_state, mask
        return watched_loop(
            self.layer, self.tape, self.probes, *self.arguments, training
        )


def watched_loop(layer, tape, probes, sequences, states, mask, training):
    """Returns what the layer's loop does, with d_t added to each h_t (and c_t).

    Each d_t is added to `probes`, watched by the tape.
    """
    order = range(sequences.shape[1])
    h_seq, shown = [], False
    for t in reversed(order) if layer.go_backwards else order:
        keep = None if mask is None else mask[:, t]
        new = masked_step(layer, sequences[:, t], states, keep, training)
        if mask is not None:
            keep = tf.cast(keep, tf.bool)[:, None]  # (B, 1)
            hold = not layer.zero_output_for_mask
            shown = tf.logical_or(keep, shown) if hold else keep
        probes.append([tf.zeros_like(state) for state in new])  # d_t
        tape.watch(probes[-1])
        states = [a + d_t for a, d_t in zip(new, probes[-1], strict=True)]
        h_t = states[0]
        h_seq.append(
            h_t if mask is None else tf.where(shown, h_t, tf.zeros_like(h_t))
        )
    return h_seq[-1], tf.stack(h_seq, axis=1), states
