r"""From `keras.layers` to the layers of the slides, and back, weights and all.

Slide: Lecture 2, "RNN Implementation: TensorFlow & PyTorch".

A layer or a model is converted as a saved one is loaded: its config is
translated, layers inside others too, Keras builds it anew, and the weights are
put in their places.
"""

import keras

from mitseq.arguments import check_flag, wrong
from mitseq.errors import MitseqError
from mitseq.layers.convert_weights import KINDS, all_inside, move
from mitseq.saved_classes import MODULES
from mitseq.text.vocabulary import Vocabulary

RECURRENT = (*KINDS, *(f"{kind}Cell" for kind in KINDS))
ATTENTION = "MultiHeadAttention"
VOCABULARY_EMBEDDING = "VocabularyEmbedding"
DROPOUT = "Dropout"  # ours differs in how XLA computes it


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
    >>> x = keras.ops.ones((2, 5, 4))
    >>> y = theirs(x)
    >>> ours = from_keras(theirs)
    >>> type(ours).__module__, float(keras.ops.max(abs(ours(x) - y))) < 1e-6
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
    check_flag(keep_others=keep_others)
    return _converted(layer, _ToKeras(keep_others))


def _converted(layer, way):
    _check(layer)
    config = keras.saving.serialize_keras_object(layer)
    new_config = way.translated(config, is_root=True)
    if not (way.found or isinstance(layer, keras.Model)):
        way.refuse(config, "it has no counterpart")
    own = {type(each).__name__: type(each) for each in all_inside(layer)}
    new = keras.saving.deserialize_keras_object(
        new_config,
        custom_objects={
            name: kind
            for name, kind in own.items()
            if not kind.__module__.startswith(("keras.", "mitseq."))
        },
        safe_mode=False,  # it comes from this process
    )
    move(layer, new)
    return new


def _check(layer):
    if not isinstance(layer, keras.layers.Layer):
        raise wrong("layer", "be a Keras layer or model", layer)
    for each in all_inside(layer):
        if isinstance(each, keras.Model) and not (
            isinstance(each, keras.Sequential) or getattr(each, "inputs", None)
        ):
            raise MitseqError(
                "`layer` must be a layer, or a functional or Sequential model: "
                "the inside of another one is not known. Received: the model "
                f"'{each.name}' of class {type(each).__name__}."
            )


class _Way:
    """From which library to which one, and how a config is translated."""

    keep_others = False

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
        new = {**config, **self.place_of(kind)}
        if kind == ATTENTION:
            try:
                new |= self.attention(config, is_root)
            except MitseqError:
                if not self.keep_others:
                    raise
                return config
        elif kind == VOCABULARY_EMBEDDING:
            new["config"] = _embedding(config["config"])
        self.found += 1
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
        return {"module": MODULES[kind], "registered_name": f"mitseq>{kind}"}

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
        if kind in (*RECURRENT, ATTENTION, VOCABULARY_EMBEDDING, DROPOUT):
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
