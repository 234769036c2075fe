r"""The weights of a network of `keras.layers` in the places of ours, and back.

Slide: Lecture 2, "RNN Implementation: TensorFlow & PyTorch". Keras packs the
gates of a cell into three weights, `kernel`, `recurrent_kernel` and `bias`, in
an order of its own; here each symbol of the equations is a weight:

    SimpleRNN   kernel = W_xh                       bias = b_h
    LSTM        kernel = [W_xi W_xf W_xc W_xo]      bias = [b_i b_f b_c b_o]
    GRU         kernel = [W_xz W_xr W_xh]           bias = [b_z b_r b_h]

and `recurrent_kernel` likewise. A GRU with `reset_after` has two rows of biases
in Keras. Their sums are `b_z` and `b_r`; `b_h` is of the first row, `b_hh` of
the second. Attention has `W_q`, `W_k`, `W_v`, `W_o` in both, in Keras with an
axis of their own for the heads.
"""

import tempfile
from collections.abc import Iterator

import keras
import numpy as np
from keras import ops

from mitseq.errors import MitseqError

KINDS = ("SimpleRNN", "LSTM", "GRU")
GATES = {"SimpleRNN": "h", "LSTM": "ifco", "GRU": "zrh"}  # in Keras's order


def move(old: keras.layers.Layer, new: keras.layers.Layer) -> None:
    """Puts the weights of a layer or model into its counterpart.

    Args:
        old: The layer or model that has been converted.
        new: What it has become: of the same structure, some layers exchanged.

    Raises:
        MitseqError: if a layer makes layers of its own that have changed.
    """
    if not old.built:
        return
    if not new.built:
        new.build_from_config(old.get_build_config())
    if type(old) is not type(new):
        _move_translated(old, new)
    elif isinstance(old, keras.Model):
        there = {layer.name: layer for layer in new.layers}
        for layer in old.layers:
            move(layer, there[layer.name])
    elif inside := _inside(old):
        for one, other in zip(inside, _inside(new), strict=True):
            move(one, other)
    else:
        _copy(old, new)
    if getattr(old, "stateful", False):
        states = (keras.tree.flatten(each.states) for each in (old, new))
        for one, other in zip(*states, strict=True):
            other.assign(one)


def _copy(old, new):
    """Copies the weights and files of a layer that stays what it is."""
    weights = old.get_weights()
    if [w.shape for w in weights] != [tuple(w.shape) for w in new.weights]:
        raise MitseqError(
            f"the layer '{old.name}' ({type(old).__name__}) cannot be "
            "converted: it makes layers of its own, which are not known."
        )
    new.set_weights(weights)
    store: dict = {}
    old.save_own_variables(store)
    new.load_own_variables(store)
    if hasattr(old, "save_assets"):
        with tempfile.TemporaryDirectory() as folder:
            old.save_assets(folder)
            new.load_assets(folder)


def _move_translated(old, new):
    kind = type(old).__name__.removesuffix("Cell")
    is_ours = type(old).__module__.startswith("mitseq.")
    if kind not in KINDS:  # W_q, W_k, W_v, W_o: the heads get an axis, or none
        pairs = zip(old.get_weights(), new.weights, strict=True)
        new.set_weights([w.reshape(other.shape) for w, other in pairs])
        return
    old, new = (getattr(each, "cell", each) for each in (old, new))
    if is_ours:
        new.set_weights(_packed(old, GATES[kind]))
    else:
        for name, value in _unpacked(old, GATES[kind]).items():
            getattr(new, name).assign(value)


def _packed(cell, gates):
    """The weights of our cell as Keras's `get_weights` gives them."""

    def side_by_side(kind):
        values = [getattr(cell, kind + gate) for gate in gates]
        return np.concatenate(
            [ops.convert_to_numpy(v.value) for v in values], -1
        )

    weights = [side_by_side("W_x"), side_by_side("W_h")]
    if cell.use_bias:
        b = side_by_side("b_")
        if getattr(cell, "reset_after", False):
            inside = np.zeros_like(b)
            inside[-cell.units :] = ops.convert_to_numpy(cell.b_hh.value)
            b = np.stack([b, inside])
        weights.append(b)
    return weights


def _unpacked(cell, gates):
    """The weights of Keras's cell by the symbols of the equations."""
    kernel, recurrent_kernel, *bias = cell.get_weights()
    packed = {"W_x": kernel, "W_h": recurrent_kernel}
    named = {}
    if bias:
        (b,) = bias
        if getattr(cell, "reset_after", False):
            b, inside = b
            named["b_hh"] = inside[-cell.units :]
            inside = np.where(np.arange(len(b)) < 2 * cell.units, inside, 0)
            b = b + inside  # both add to z and r
        packed["b_"] = b
    for kind, weight in packed.items():
        parts = np.split(weight, len(gates), axis=-1)
        named |= {kind + g: part for g, part in zip(gates, parts, strict=True)}
    return named


def _inside(layer):
    """The layers that Keras's containers hold, by their public names."""
    if isinstance(layer, keras.Model):
        return layer.layers
    if isinstance(layer, keras.layers.Bidirectional):
        return [layer.forward_layer, layer.backward_layer]
    if isinstance(layer, keras.layers.Wrapper):
        return [layer.layer]
    if isinstance(layer, keras.layers.StackedRNNCells):
        return list(layer.cells)
    if type(layer) is keras.layers.RNN and isinstance(
        layer.cell, keras.layers.Layer
    ):
        return [layer.cell]
    return []


def all_inside(layer: keras.layers.Layer) -> Iterator[keras.layers.Layer]:
    """Yields a layer or model and all that Keras's containers hold in it.

    Example:

    >>> wrapped = keras.layers.TimeDistributed(keras.layers.LSTM(3))
    >>> [type(layer).__name__ for layer in all_inside(wrapped)]
    ['TimeDistributed', 'LSTM']
    """
    yield layer
    for each in _inside(layer):
        yield from all_inside(each)
