r"""From `keras.layers` to the layers of the slides, and back, weights and all.

Slide: Lecture 2, "RNN Implementation: TensorFlow & PyTorch". Keras packs the
gates of a cell into three weights, `kernel`, `recurrent_kernel` and `bias`, in
an order of its own; here each symbol of the equations is a weight:

    SimpleRNN   kernel = W_xh                       bias = b_h
    LSTM        kernel = [W_xi W_xf W_xc W_xo]      bias = [b_i b_f b_c b_o]
    GRU         kernel = [W_xz W_xr W_xh]           bias = [b_z b_r b_h]

and `recurrent_kernel` likewise. A GRU with `reset_after` has two rows of biases
in Keras, whose sums are `b_z` and `b_r`; `b_h` is of the first row, `b_hh` of
the second.

A layer or a model is converted as a saved one is loaded: its config is
translated, layers inside others too, Keras builds it anew, and the weights are
put in their places.
"""

import tempfile

import keras
import numpy as np
from keras import ops

from mitseq.errors import MitseqError
from mitseq.text.vocabulary import Vocabulary

KINDS = ("SimpleRNN", "LSTM", "GRU")
RECURRENT = (*KINDS, *(f"{kind}Cell" for kind in KINDS))
ATTENTION = "MultiHeadAttention"
VOCABULARY_EMBEDDING = "VocabularyEmbedding"
GATES = {"SimpleRNN": "h", "LSTM": "ifco", "GRU": "zrh"}  # in Keras's order


def from_keras(layer: keras.layers.Layer) -> keras.layers.Layer:
    """Returns a layer or model of Keras with our layers in Keras's places.

    Args:
        layer: A `keras.layers.SimpleRNN`, `LSTM`, `GRU` or a cell of these, a
            `MultiHeadAttention` without biases, a wrapper of such a layer
            (`Bidirectional`, `TimeDistributed`, `RNN`), or a functional or
            Sequential model; models may stand in models.

    Returns:
        A new layer or model with the same weights and outputs. What has no
        counterpart here, as `Dense`, is the same as before. A model that was
        compiled is compiled, with a new optimizer. At masked steps attention
        may differ, see `MultiHeadAttention`.

    Raises:
        MitseqError: if the layer has no counterpart, or an option of it; the
            line names it.

    Example:

    >>> theirs = keras.layers.LSTM(3)
    >>> x = ops.ones((2, 5, 4))
    >>> y = theirs(x)
    >>> ours = from_keras(theirs)
    >>> type(ours).__module__, bool(ops.all(ops.abs(ours(x) - y) < 1e-6))
    ('mitseq.layers.lstm', True)
    """
    return _converted(layer, _FromKeras())


def to_keras(
    layer: keras.layers.Layer, keep_others: bool = False
) -> keras.layers.Layer:
    """Returns a layer or model with Keras's layers in the places of ours.

    The way back of `from_keras`; a `VocabularyEmbedding` becomes an
    `Embedding`. What is saved then loads where there is no mitseq.

    Args:
        layer: A `SimpleRNN`, `LSTM`, `GRU` or a cell of these, a
            `MultiHeadAttention`, a wrapper of such a layer, or a functional or
            Sequential model.
        keep_others: Leave our layers that have no counterpart in Keras, as
            `TransformerBlock`, where they are.

    Returns:
        A new layer or model with the same weights and outputs.

    Raises:
        MitseqError: if a layer has no counterpart, or an option of it; the
            line names it.

    Example:

    >>> from mitseq.layers.gru import GRU
    >>> model = keras.Sequential([keras.Input((None, 4)), GRU(3)])
    >>> type(to_keras(model).layers[0]).__module__.split(".")[0]
    'keras'
    """
    return _converted(layer, _ToKeras(keep_others))


def _converted(layer, way):
    _check(layer)
    config = keras.saving.serialize_keras_object(layer)
    new_config = way.translated(config, is_root=True)
    if not (way.found or isinstance(layer, keras.Model)):
        way.refuse(config, "it has no counterpart")
    own = {type(each).__name__: type(each) for each in _all_inside(layer)}
    new = keras.saving.deserialize_keras_object(
        new_config,
        custom_objects={
            name: kind
            for name, kind in own.items()
            if not kind.__module__.startswith(("keras.", "mitseq."))
        },
        safe_mode=False,  # it comes from this process
    )
    _move(layer, new)
    return new


def _check(layer):
    if not isinstance(layer, keras.layers.Layer):
        raise MitseqError(
            f"`layer` must be a Keras layer or model. Received: {layer!r}."
        )
    for each in _all_inside(layer):
        if isinstance(each, keras.Model) and not (
            isinstance(each, keras.Sequential) or getattr(each, "inputs", None)
        ):
            raise MitseqError(
                "`layer` must be a layer, or a functional or Sequential model: "
                "the inside of another one is not known. Received: the model "
                f"'{each.name}' of class {type(each).__name__}."
            )


# Configs


class _Way:
    """From which library to which one, and how a config is translated."""

    def __init__(self):
        self.found = 0  # layers that were translated

    def translated(self, config, is_root=False):
        """Returns a config with the layers in it, at any depth, translated."""
        if isinstance(config, (list, tuple)):
            return [self.translated(each) for each in config]
        if not isinstance(config, dict):
            return config
        kind = self.kind_of(config)
        if kind is None:
            return {k: self.translated(each) for k, each in config.items()}
        self.found += 1
        new = {**config, **self.place_of(kind)}
        if kind == ATTENTION:
            new |= self.attention(config, is_root)
        elif kind == VOCABULARY_EMBEDDING:
            new["config"] = _embedding(config["config"])
        return new

    def refuse(self, config, reason):
        """Raises the error that names a layer."""
        name = config["config"].get("name", config["class_name"])
        raise MitseqError(
            f"the layer '{name}', a {self.source} {config['class_name']}, "
            f"cannot be converted to {self.target}: {reason}."
        )


class _FromKeras(_Way):
    source, target = "keras.layers", "mitseq"

    def kind_of(self, config):
        kind = config.get("class_name")
        is_keras_s = config.get("module") == "keras.layers"
        return kind if is_keras_s and kind in (*RECURRENT, ATTENTION) else None

    def place_of(self, kind):
        module, registered = f"mitseq.layers.{kind.lower()}", f"mitseq>{kind}"
        return {"module": module, "registered_name": registered}

    def attention(self, config, is_root):
        given = config["config"]
        for name, needed in NEEDED.items():
            value = given.get(name)
            value = tuple(value) if isinstance(value, list) else value
            if value not in needed:
                self.refuse(config, f"it has {name}={value!r}")
        if given.get("value_dim") not in (None, given["key_dim"]):
            self.refuse(config, "value_dim is not key_dim")
        new = {each: given[each] for each in SHARED}
        new["head_dim"] = given["key_dim"]
        nodes = config.get("inbound_nodes", [])
        causal = {bool(n["kwargs"].get("use_causal_mask")) for n in nodes}
        if len(causal) > 1:
            self.refuse(config, "only some of its calls are causal")
        new["causal"] = causal == {True}
        dropped = ("use_causal_mask", "query_mask")
        changed = {"config": new}
        if nodes:
            changed["inbound_nodes"] = [
                {"args": n["args"], "kwargs": _without(n["kwargs"], dropped)}
                for n in nodes
            ]
        if any(n["kwargs"].get("key_mask") is not None for n in nodes):
            self.refuse(config, "it is called with a key_mask")
        return changed


class _ToKeras(_Way):
    source, target = "mitseq", "keras.layers"

    def __init__(self, keep_others):
        super().__init__()
        self.keep_others = keep_others

    def kind_of(self, config):
        registered = config.get("registered_name") or ""
        if not registered.startswith("mitseq>"):
            return None
        kind = registered.removeprefix("mitseq>")
        if kind in (*RECURRENT, ATTENTION, VOCABULARY_EMBEDDING):
            return kind
        if not self.keep_others:
            self.refuse(config, "it has no counterpart")
        return None

    def place_of(self, kind):
        if kind == VOCABULARY_EMBEDDING:
            kind = "Embedding"
        return {
            "module": "keras.layers",
            "class_name": kind,
            "registered_name": None,
        }

    def translated(self, config, is_root=False):
        if is_root and not self.keep_others and "compile_config" in config:
            # a loss of ours would have to be imported, too
            if "mitseq>" in repr(config["compile_config"]):
                config = _without(config, ["compile_config"])
        return super().translated(config, is_root)

    def attention(self, config, is_root):
        given, nodes = config["config"], config.get("inbound_nodes", [])
        for name in ("position", "window"):
            if given[name] is not None:
                self.refuse(config, f"it has {name}={given[name]!r}")
        if not nodes and not is_root:
            self.refuse(
                config,
                "Keras's is called with a query and a value, and here stands "
                "in a layer that hands on one of them",
            )
        if given["causal"] and not nodes:
            self.refuse(config, "Keras's is told at each call to be causal")
        built = config.get("build_config") or {}
        shapes = built.get("shapes_dict") or {
            "query_shape": built.get("input_shape")
        }
        query = shapes["query_shape"]
        if given["head_dim"] is None and query is None:
            self.refuse(config, "it is not built, and has head_dim=None")
        new = {each: given[each] for each in SHARED}
        new["key_dim"] = given["head_dim"] or query[-1] // given["num_heads"]
        new["use_bias"] = False
        changed = {"config": new}
        if query is not None:
            shapes = {"value_shape": query, **shapes}
            changed["build_config"] = {"shapes_dict": shapes}
        if nodes:
            changed["inbound_nodes"] = [
                _keras_node(node, given["causal"]) for node in nodes
            ]
        return changed


# What both layers of attention have, and what Keras's may have in ours
SHARED = (
    "name trainable dtype num_heads dropout kernel_initializer seed".split()
)
NEEDED = {
    "use_bias": (False,),
    "use_gate": (False, None),
    "output_shape": (None,),
    "attention_axes": (None, (1,)),
    "sliding_window": (None,),
    "kernel_regularizer": (None,),
    "activity_regularizer": (None,),
    "kernel_constraint": (None,),
}


def _keras_node(node, causal):
    """A call of our attention as one of Keras's, which needs a value."""
    args, kwargs = list(node["args"]), dict(node["kwargs"])
    mask = kwargs.pop("mask", None)
    if "value" in kwargs:
        args.append(kwargs.pop("value"))
    if len(args) == 1 or args[1] is None:  # self-attention: hides its own
        args[1:2] = args[:1]
        kwargs["value_mask"] = mask
    if causal:
        kwargs["use_causal_mask"] = True
    return {"args": args, "kwargs": kwargs}


def _embedding(given):
    """The config of an `Embedding`, from that of a `VocabularyEmbedding`."""
    vocabulary = Vocabulary.from_config(given["vocabulary"])
    return {
        **_without(given, ["vocabulary", "embedding_dim"]),
        "input_dim": len(vocabulary),
        "output_dim": given["embedding_dim"],
    }


def _without(config, names):
    return {k: each for k, each in config.items() if k not in names}


# Weights


def _move(old, new):
    """Puts the weights of a layer or model into its counterpart."""
    if not old.built:
        return
    if not new.built:
        new.build_from_config(old.get_build_config())
    if type(old) is not type(new):
        _move_translated(old, new)
    elif isinstance(old, keras.Model):
        there = {layer.name: layer for layer in new.layers}
        for layer in old.layers:
            _move(layer, there[layer.name])
    elif inside := _inside(old):
        for one, other in zip(inside, _inside(new), strict=True):
            _move(one, other)
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


def _all_inside(layer):
    yield layer
    for each in _inside(layer):
        yield from _all_inside(each)
