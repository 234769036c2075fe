r"""Inside a cell: every gate and every state, at every step, of any model.

Slide: Lecture 2, "Gating Mechanisms in Neurons" and "Long Short Term Memory
(LSTM) Networks" (docs/slides.md#inside-a-cell). Read lstm.py and gru.py before.

Nothing is kept on a layer and the model is not changed: the layer's inputs are
caught once as the model runs. The states need the loop. Once they are known,
a gate of *all* steps is one product, because it depends on x_t and h_{t-1}
only.

Letters: B batch, T steps, H units.
"""

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from mitseq.inside.watch import find_layer, masked_step, unchanged
from mitseq.layers.gru import GRUCell
from mitseq.layers.lstm import LSTMCell
from mitseq.layers.recurrent import RecurrentLayer
from mitseq.layers.recurrent_cell import affine


def gate_values(
    model: keras.Model,
    inputs: Any,
    layer: str | RecurrentLayer | None = None,
) -> dict[str, np.ndarray]:
    """Returns the gates and states of a recurrent layer over a batch.

    Args:
        model: Any model with a `SimpleRNN`, `LSTM` or `GRU` in it.
        inputs: A batch of inputs, as for `model(inputs)`.
        layer: The recurrent layer or its name; None for the first.

    Returns:
        Arrays `(B, T, H)` under the letters of the equations: for an LSTM
        "f", "i", "c_tilde", "o" and the states "c", "h"; for a GRU "z", "r",
        "h_tilde" and "h"; for a SimpleRNN "h". At t stands what belongs to
        input t, also with `go_backwards`. At a masked step the gates are NaN
        and the states those before it.

    Raises:
        ValueError: if the model has no such layer or does not run it exactly
            once.

    Example:

    >>> from mitseq.layers.lstm import LSTM
    >>> inputs = keras.Input((5, 3))
    >>> model = keras.Model(inputs, LSTM(4)(inputs))
    >>> inside = gate_values(model, np.ones((2, 5, 3)))
    >>> {name: values.shape for name, values in inside.items() if name < "d"}
    {'c_tilde': (2, 5, 4), 'c': (2, 5, 4)}
    >>> bool(np.all((inside["f"] > 0) & (inside["f"] < 1)))
    True
    """
    layer = find_layer(model, layer)
    sequences, initial, mask = _inputs_of(model, inputs, layer)
    if layer.go_backwards:
        sequences = ops.flip(sequences, axis=1)
        mask = None if mask is None else ops.flip(mask, axis=1)
    states = _run(layer, sequences, initial, mask)
    h_prev = tf.concat([initial[0][:, None], states[0][:, :-1]], axis=1)
    gates = _gates(layer.cell, sequences, h_prev)
    named = {"c": states[1]} if len(states) > 1 else {}
    named["h"] = states[0]
    if mask is not None:
        keep = tf.cast(mask, tf.bool)[..., None]
        gates = {
            name: tf.where(keep, gate, np.nan) for name, gate in gates.items()
        }
    values = {
        name: ops.convert_to_numpy(ops.cast(value, "float32"))
        for name, value in {**gates, **named}.items()
    }
    if layer.go_backwards:
        return {name: value[:, ::-1] for name, value in values.items()}
    return values


def correlations(values: np.ndarray, signal: np.ndarray) -> np.ndarray:
    """Returns how well each unit follows a signal.

    Args:
        values: `(N, H)` or `(B, T, H)`, a gate or state of H units.
        signal: `(N,)` or `(B, T)`, what they might follow; NaN where a step
            does not count.

    Returns:
        `(H,)`, Pearson's correlation of each unit, in [-1, 1]; 0 for a unit
        or a signal that never changes.

    Example:

    >>> values = np.array([[0.0, 5.0, 1.0], [1.0, 5.0, 0.0], [2.0, 5.0, 2.0]])
    >>> correlations(values, np.array([0.0, 1.0, 2.0])).round(3).tolist()
    [1.0, 0.0, 0.5]
    """
    values = np.asarray(values, "float64").reshape(-1, np.shape(values)[-1])
    signal = np.asarray(signal, "float64").ravel()
    counts = ~np.isnan(signal)
    values, signal = values[counts], signal[counts]
    values = values - values.mean(axis=0)
    signal = signal - signal.mean()
    product = signal @ values
    size = np.linalg.norm(signal) * np.linalg.norm(values, axis=0)
    return np.divide(
        product, size, out=np.zeros_like(product), where=size > 1e-12
    )


def _inputs_of(model, inputs, layer):
    """Returns what the layer is given when the model runs."""
    caught = []

    def catch(loop, sequences, initial_state, mask, training):
        caught.append((sequences, list(initial_state), mask))
        return loop(sequences, initial_state, mask, training)

    inputs = keras.tree.map_structure(tf.convert_to_tensor, inputs)
    with unchanged(model), layer.watched(catch):
        model(inputs, training=False)
    if len(caught) != 1:
        raise ValueError(
            "`layer` must be used once in the model. "
            f"Received: layer={layer.name!r}, used {len(caught)} times."
        )
    return caught[0]


def _run(layer, sequences, states, mask):
    """Returns each state after every step, `(B, T, H)`: the cell in a loop."""
    masks = [
        None if mask is None else mask[:, t] for t in range(sequences.shape[1])
    ]

    def step(x_t, states, keep):
        return masked_step(layer, x_t, states, keep)

    # concrete at once: TensorFlow does not warn that many layers are many
    step = tf.function(step, autograph=False)
    step = step.get_concrete_function(sequences[:, 0], list(states), masks[0])
    kept = []
    for t, keep in enumerate(masks):
        states = step(sequences[:, t], states, keep)
        kept.append(states)
    return [tf.stack(state, axis=1) for state in zip(*kept, strict=True)]


def _gates(cell, x, h_prev):
    def gate(name, function=None):
        function = function or cell.recurrent_activation
        W_x, W_h = getattr(cell, f"W_x{name}"), getattr(cell, f"W_h{name}")
        return function(affine(x, W_x, h_prev, W_h, getattr(cell, f"b_{name}")))

    if isinstance(cell, LSTMCell):
        f, i, o = gate("f"), gate("i"), gate("o")
        return {"f": f, "i": i, "c_tilde": gate("c", cell.activation), "o": o}
    if isinstance(cell, GRUCell):
        z, r = gate("z"), gate("r")
        return {"z": z, "r": r, "h_tilde": cell._candidate(x, h_prev, r)}
    return {}
