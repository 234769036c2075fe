"""Keras's layer of the same name with the same weights: the second oracle.

Keras packs the gates of a cell into three weights (`kernel`,
`recurrent_kernel`, `bias`), in an order of its own; here each symbol of the
equations is a weight. `twin` makes the Keras layer of a mitseq layer and
`packed` puts values for our symbols (weights or gradients) in Keras's places.
"""

import keras
import numpy as np
from keras import ops

GATES = {"SimpleRNN": "h", "LSTM": "ifco", "GRU": "zrh"}  # Keras's order


def twin(layer, **overrides):
    """A Keras layer with the arguments and the weights of a built `layer`."""
    kind = type(layer).__name__
    config = layer.get_config()
    config.update(overrides)
    if kind == "LSTM":
        config["unit_forget_bias"] = False
    config["name"] = f"keras_{config['name']}"
    result = getattr(keras.layers, kind).from_config(config)
    batch_size = layer.states[0].shape[0] if layer.stateful else None
    result.build((batch_size, None, layer.cell.weights[0].shape[0]))
    values = {w.name: ops.convert_to_numpy(w.value) for w in layer.weights}
    result.set_weights(packed(layer, values))
    return result


def packed(layer, values, are_gradients=False):
    """Values by symbol in the order and the shapes of Keras's weights."""
    kind = type(layer).__name__.removesuffix("Cell")
    cell = getattr(layer, "cell", layer)
    gates = GATES[kind]
    kernel = np.concatenate([values[f"W_x{gate}"] for gate in gates], -1)
    recurrent = np.concatenate([values[f"W_h{gate}"] for gate in gates], -1)
    if not cell.use_bias:
        return [kernel, recurrent]
    bias = np.concatenate([values[f"b_{gate}"] for gate in gates], -1)
    if kind == "GRU" and cell.reset_after:
        # Keras adds a second bias at every gate. Outside the reset it repeats
        # the first: as a weight it is zero, its gradient is the first's.
        second = [
            values[f"b_{gate}"] * float(are_gradients) for gate in "zr"
        ] + [values["b_hh"]]
        bias = np.stack([bias, np.concatenate(second, -1)])
    return [kernel, recurrent, bias]
