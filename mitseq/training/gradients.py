r"""How much of the error reaches each step of the past: |dL/dh_t| for every t.

Slide: Lecture 2, "Standard RNN Gradient Flow". Read mitseq/layers/bptt.py
first. The chain rule multiplies one factor for each step back from the loss:

    dL/dh_t = dL/dh_T * dh_T/dh_{T-1} * ... * dh_{t+1}/dh_t

With factors below 1 it vanishes, above 1 it explodes. These norms come from a
real training step: the model's own loss on a real batch, in training mode.

The trick: add d_t = 0 to h_t. Nothing changes, and dL/dd_t is dL/dh_t, with
all that flows back from later steps in it.
"""

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from mitseq.layers.recurrent import RecurrentLayer


def gradients_through_time(
    model: keras.Model,
    x: Any,
    y: Any,
    layer: str | RecurrentLayer | None = None,
    training: bool = True,
) -> np.ndarray:
    """Return the norm of dL/dh_t for every step t.

    Args:
        model: A compiled model with a `SimpleRNN`, `LSTM` or `GRU` in it. It is
            not changed: no weight, no state of a layer, no optimizer step.
        x: A batch of inputs, as for `fit`.
        y: Its targets.
        layer: The recurrent layer or its name; None for the first.
        training: Whether dropout happens, as it does in `fit`.

    Returns:
        `(T,)` of float: at t the norm of dL/dh_t over batch and units. With
        `go_backwards` t counts the steps in the order in which they are made.

    Raises:
        ValueError: if the model is not compiled, has no such layer, or does
            not run it on this batch exactly once.

    Example:

    >>> from mitseq.layers.rnn import SimpleRNN
    >>> inputs = keras.Input((4, 1))
    >>> rnn = SimpleRNN(1, "linear", use_bias=False)
    >>> model = keras.Model(inputs, rnn(inputs))
    >>> rnn.set_weights([np.ones((1, 1)), np.full((1, 1), 0.5)])
    >>> model.compile(loss=lambda y, h_T: h_T)
    >>> gradients_through_time(model, np.ones((1, 4, 1)), np.ones((1, 1)))
    array([0.125, 0.25 , 0.5  , 1.   ])
    """
    layer = _find(model, layer)
    if not model.compiled:
        raise ValueError(
            "`model` must be compiled: it is the gradient of its loss. "
            f"Received: model={model.name!r}, not compiled."
        )
    x, y = keras.tree.map_structure(tf.convert_to_tensor, (x, y))
    variables = list(model.non_trainable_variables)
    before = [keras.ops.convert_to_numpy(v.value) for v in variables]
    probes: list[tf.Tensor] = []  # d_1, ..., d_T

    def inner_loop(sequences, initial_state, mask, training=False):
        if probes:
            raise ValueError(
                "`layer` must be used once in the model. "
                f"Received: layer={layer.name!r}, used again."
            )
        return _watched_loop(
            layer, tape, probes, sequences, initial_state, mask, training
        )

    tape = tf.GradientTape()
    layer.inner_loop = inner_loop  # hides the method, until the `finally`
    try:
        with tape:
            prediction = model(x, training=training)
            loss = model.compute_loss(x, y, prediction, training=training)
    finally:
        del layer.inner_loop
        for variable, value in zip(variables, before, strict=True):
            variable.assign(value)
    gradients = tape.gradient(
        loss, probes, unconnected_gradients=tf.UnconnectedGradients.ZERO
    )
    return np.array([float(tf.norm(tf.cast(g, "float32"))) for g in gradients])


def _watched_loop(layer, tape, probes, sequences, states, mask, training):
    """The cell at every step, with d_t added to each h_t."""
    order = range(sequences.shape[1])
    h_seq, shown = [], False
    for t in reversed(order) if layer.go_backwards else order:
        _, new = layer.cell(sequences[:, t], states, training=training)
        if mask is not None:
            keep = tf.cast(mask[:, t], tf.bool)[:, None]  # (B, 1)
            new = [
                tf.where(keep, a, b) for a, b in zip(new, states, strict=True)
            ]
            hold = not layer.zero_output_for_mask
            shown = tf.logical_or(keep, shown) if hold else keep
        probes.append(tf.zeros_like(new[0]))  # d_t
        tape.watch(probes[-1])
        h_t = new[0] + probes[-1]
        states = [h_t, *new[1:]]
        h_seq.append(
            h_t if mask is None else tf.where(shown, h_t, tf.zeros_like(h_t))
        )
    return h_seq[-1], tf.stack(h_seq, axis=1), states


def _find(model, layer):
    if isinstance(layer, str):
        layer = model.get_layer(layer)
    found = _recurrent_layers(model if layer is None else layer)
    if not found:
        raise ValueError(
            "`layer` must be a SimpleRNN, LSTM or GRU of mitseq in the model, "
            "or None for the first of them. "
            f"Received: layer={layer!r}, model={model.name!r}."
        )
    return found[0]


def _recurrent_layers(layer):
    """Those within a layer or model, in its order."""
    if isinstance(layer, RecurrentLayer):
        return [layer]
    if isinstance(layer, keras.layers.Bidirectional):
        parts = [layer.forward_layer, layer.backward_layer]
    else:
        parts = getattr(layer, "layers", [])
    return [found for part in parts for found in _recurrent_layers(part)]
